import type { Person } from '../../../records/people';
import { ADULT_AGE, GUARDIAN_ACTS_UNTIL_AGE } from '../../../rules/ages';
import { ageAt, outgrown } from '../../../rules/calendar/age';
import { hearsOfMeeting, sharedWays, type Ways } from '../../../rules/calendar/who-hears';
import type { BackUpWay, ParticipantRole } from '../../../rules/meeting';
import type { Language } from '../../../rules/notices';
import type { PageAnswer } from '../../frame/page-content';
import { Banner, ButtonLink, ButtonRow, Card, Facts, Heading, type Fact } from '../../frame/parts';
import { dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { PhoneNumber } from '../../pages/page';
import { ChildHint } from '../frame/child-hint';
import { DESK_PATH, deskTaskPath } from '../frame/paths';
import { refusalPage } from '../frame/refusals';
import { carers, type DeskRequest, type DeskRouteDeps } from '../frame/route';
import { deskWords } from '../frame/words';
import { waysOfStopped } from '../../../use-cases/notice/ways-of-stopped';
import { taskAndMatter, type TaskAndMatter } from './task-and-matter';
import { FinishForm } from './finish-form';
import { TASKS } from './list';

/** Somebody to contact, as what. */
interface Contact {
  person: Person;
  role: ParticipantRole;
}

/**
 * How to reach those whom a task is about, by the ways that suit each (R7.9): the patient, and up to 12 the
 * guardians who take part (R7.1). Of a person with protected data, and of a guardian where the child has
 * such, nothing is shown but where it was asked for (R7.11, R8.8).
 */
export async function contactPage(
  { records, clock }: DeskRouteDeps,
  request: DeskRequest,
  { showsProtected }: { showsProtected: boolean },
): Promise<PageAnswer> {
  const { language, noteRead } = request;
  const found = await taskAndMatter(records, request);
  const patient = found && (await records.people.find(request.clinic.clinicId, found.task.patientId));
  if (!found || !patient) return { page: refusalPage(language, 'not-found', TASKS), status: 404 };
  const { task, meeting } = found;
  const now = clock.now();
  const guardians = await guardiansOf(records.people, request, found, patient, now);
  if (guardians.length > 0) await noteRead(guardians.map(({ person }) => person.personId));
  const stopped = await waysOfStopped(records.people, patient, now);
  const contacts: Contact[] = [...guardians, { person: patient, role: 'patient' }];
  const words = texts[language];
  const age = ageAt(patient.personal.birthDate, now);
  const page = {
    title: words.title,
    main: (
      <>
        <Heading above={deskWords[language].tasks[task.kind]}>{words.title}</Heading>
        {meeting && (
          <p>
            {words.meeting}: {dayAndTime(meeting.course.time.startAt, language)}.
          </p>
        )}
        {age > GUARDIAN_ACTS_UNTIL_AGE && age < ADULT_AGE && <Banner>{words.childActs}</Banner>}
        <ChildHint language={language} patient={patient} now={now} />
        {patient.protectedIdentity && guardians.length > 0 && (
          <Banner kind="warning">{words.onlyApproved}</Banner>
        )}
        {contacts.map((contact) => (
          <ContactCard
            key={contact.person.personId}
            contact={contact}
            stopped={stopped}
            taskId={task.taskId}
            isShown={showsProtected || !(patient.protectedIdentity || contact.person.protectedIdentity)}
            mayAsk={request.roles.some((role) => carers.includes(role))}
            now={now}
            language={language}
          />
        ))}
        <p>{words.check}</p>
        <FinishForm task={task} request={request} kind="primary" />
        <ButtonRow>
          <ButtonLink href={deskTaskPath(task.taskId)} kind="quiet">
            {words.back}
          </ButtonLink>
        </ButtonRow>
      </>
    ),
  };
  return { page };
}

/** The guardians who take part, where they act for the child (R7.1). */
async function guardiansOf(
  people: DeskRouteDeps['records']['people'],
  { clinic }: DeskRequest,
  { meeting, careCase }: TaskAndMatter,
  patient: Person,
  now: Date,
): Promise<Contact[]> {
  const participants: { role: ParticipantRole; personId: string | null }[] =
    (meeting ?? careCase)?.participants ?? [];
  const ids = participants.flatMap(({ role, personId }) =>
    role === 'guardian' && personId !== null && hearsOfMeeting({ role, personId }, patient, now)
      ? [personId]
      : [],
  );
  const found = await people.findAll(clinic.clinicId, ids);
  return [...found.values()].map((person) => ({ person, role: 'guardian' }));
}

function ContactCard({
  contact: { person, role },
  stopped,
  taskId,
  isShown,
  mayAsk,
  now,
  language,
}: {
  contact: Contact;
  /** Ways of guardians who are stopped: nobody is called there about the patient (R7.3). */
  stopped: Ways[];
  taskId: string;
  isShown: boolean;
  /** Those who perform may see what is protected. */
  mayAsk: boolean;
  now: Date;
  language: Language;
}) {
  const words = texts[language];
  const { participants, protectedData } = deskWords[language];
  if (!isShown) {
    return (
      <Card isMain>
        <h2>{protectedData}</h2>
        <p>{participants[role]}</p>
        {mayAsk ? (
          <ButtonLink href={deskTaskPath(taskId, 'contact/protected')} kind="secondary" icon="lock">
            {words.showProtected}
          </ButtonLink>
        ) : (
          <p>{words.forCarers}</p>
        )}
      </Card>
    );
  }
  return (
    <Card isMain>
      <h2>{person.personal.name}</h2>
      <p>
        {participants[role]}, {words.born} {person.personal.birthDate}
      </p>
      {person.protectedIdentity && <Banner kind="warning">{words.isProtected}</Banner>}
      <Facts facts={waysTo(person, stopped, now, language)} />
    </Card>
  );
}

/** The ways that suit a person, the quickest first; of one that does not suit it is said that it does not. */
function waysTo(person: Person, stopped: Ways[], now: Date, language: Language): Fact[] {
  const words = texts[language];
  const { mobile, email, unsuitableWays, birthDate } = person.personal;
  const suits = (way: BackUpWay): boolean => !unsuitableWays.includes(way);
  const shared = sharedWays(person.personal, stopped);
  const isGuardians = (way: { recordedAt: string } | null): boolean =>
    way !== null && outgrown(birthDate, new Date(way.recordedAt), now);
  const call = (): Fact['value'] => {
    if (!mobile) return words.noNumber;
    if (shared.mobile || isGuardians(mobile)) return words.guardiansNumber;
    return suits('telephone') ? (
      <PhoneNumber number={mobile.number} />
    ) : (
      <>
        {words.doNotCall} <PhoneNumber number={mobile.number} /> {words.textOnly}
      </>
    );
  };
  const mail = (): Fact['value'] => {
    if (!email) return words.noAddress;
    if (shared.email || isGuardians(email)) return words.guardiansAddress;
    return person.protectedIdentity ? (
      words.noMail
    ) : (
      <>
        <a href={`mailto:${email.address}`}>{email.address}</a>. {words.mailHint}
      </>
    );
  };
  const write = suits('text-thread') ? (
    <a href={`${DESK_PATH}/cases/open/${person.personId}`}>{words.openCase}</a>
  ) : (
    words.doesNotSuit
  );
  return [
    { term: words.call, value: call(), icon: 'phone' },
    {
      term: words.relay,
      value: (
        <>
          <a href="https://bildtelefoni.net">Bildtelefoni.net</a> {words.or}{' '}
          <a href="https://texttelefoni.se">Texttelefoni</a>
        </>
      ),
      icon: 'video',
    },
    { term: words.write, value: write, icon: 'chat' },
    { term: words.mail, value: mail(), icon: 'attach' },
    {
      term: words.language,
      value: words.languages[person.language],
      icon: 'person',
    },
  ];
}

const texts = wording({
  sv: {
    title: 'Så kan patienten nås',
    meeting: 'Mötet',
    born: 'född',
    childActs:
      'Patienten är 13–17 år och agerar själv. Kontakta inte vårdnadshavarna om det här utan att patienten vill det.',
    onlyApproved:
      'Barnet har skyddade personuppgifter. Kontakta bara den vårdnadshavare som mottagningen har godkänt.',
    showProtected: 'Visa namn och kontaktvägar',
    forCarers: 'De som utför vården, eller verksamhetschefen, kan se hur personen nås.',
    isProtected: 'Skyddade personuppgifter. Lämna inget meddelande till någon annan, och skicka inget sms.',
    call: 'Ring',
    noNumber: 'Det finns inget nummer.',
    guardiansNumber: 'Numret som finns är vårdnadshavarens. Använd det inte.',
    doNotCall: 'Ring inte: det passar inte personen. Numret',
    textOnly: 'kan ta emot text.',
    relay: 'Om personen inte hör eller talar',
    or: 'eller',
    write: 'Skriv här i tjänsten',
    openCase: 'Öppna ett ärende',
    doesNotSuit: 'Det passar inte personen.',
    mail: 'E-post',
    noAddress: 'Det finns ingen e-postadress.',
    guardiansAddress: 'Adressen som finns är vårdnadshavarens. Använd den inte.',
    noMail: 'Skicka ingen e-post: personuppgifterna är skyddade.',
    mailHint: 'Skriv inget om vården, bara att ni vill bli kontaktade.',
    language: 'Språk',
    languages: { sv: 'Svenska', en: 'Engelska' } satisfies Record<Language, string>,
    check:
      'Kontrollera vem du talar med innan du säger något om vården. Kan du inte: boka ett besök, eller skriv brev.',
    back: 'Till uppgiften',
  },
  en: {
    title: 'How to reach the patient',
    meeting: 'The meeting',
    born: 'born',
    childActs:
      'The patient is 13 to 17, and acts alone. Do not contact the guardians about this unless the patient wants it.',
    onlyApproved:
      'The child has protected personal data. Contact no guardian but one whom the clinic has approved.',
    showProtected: 'Show name and contact ways',
    forCarers: 'Those who perform the care, or the operations manager, can see how to reach the person.',
    isProtected: 'Protected personal data. Leave no message with anybody else, and send no SMS.',
    call: 'Call',
    noNumber: 'There is no number.',
    guardiansNumber: 'The number that is there is the guardian’s. Do not use it.',
    doNotCall: 'Do not call: it does not suit the person. The number',
    textOnly: 'can take text.',
    relay: 'Where the person does not hear or speak',
    or: 'or',
    write: 'Write here',
    openCase: 'Open a case',
    doesNotSuit: 'It does not suit the person.',
    mail: 'E-mail',
    noAddress: 'There is no e-mail address.',
    guardiansAddress: 'The address that is there is the guardian’s. Do not use it.',
    noMail: 'Send no e-mail: the data are protected.',
    mailHint: 'Write nothing of the care, only that you want to be contacted.',
    language: 'Language',
    languages: { sv: 'Swedish', en: 'English' },
    check:
      'Check whom you talk to before you say anything of the care. If you cannot: book a visit, or write a letter.',
    back: 'To the task',
  },
});
