import type { Meeting } from '../../../records/meetings';
import type { Person } from '../../../records/people';
import { hearsOfMeeting, mayEverHear, wayTo } from '../../../rules/calendar/who-hears';
import { msOf, toInstant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { asWritten } from '../../../rules/phone-number';
import { costsOf, type Cost } from '../../../use-cases/invoice/costs';
import type { ForeseenBooking } from '../../../use-cases/meeting/book';
import type { PageContent } from '../../frame/page-content';
import { Banner, Button, ButtonRow, Card, Facts, Heading, type Fact } from '../../frame/parts';
import { PostForm, type FormGuard } from '../../frame/post-form';
import { capital, clockTime, dayAndTime } from '../../frame/time';
import { byKey, wording } from '../../frame/wording';
import { amount } from '../../patient/frame/money';
import { deskMeetingPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { peopleWords } from '../people/words';
import { PatientLine } from './form';
import { CONFIRM_PATH, EDIT_PATH } from './paths';
import { canAskSms, staffName, type BookingView } from './read';
import { peopleIn, staffIn, type TypedBooking } from './typed';
import { bookWords, contactName } from './words';

/** All of a booking before it is made: what was typed, what it costs, and what whom reaches when. */
export async function checkPage(
  { records, clock }: DeskRouteDeps,
  request: DeskRequest,
  view: BookingView,
  { meeting, warnings }: ForeseenBooking,
): Promise<PageContent> {
  const { language, guard, clinic } = request;
  const [words, all] = [texts[language], bookWords[language]];
  const { typed, patient } = view;
  const now = clock.now();
  const known = { patient, settings: clinic.settings };
  const costs = await costsOf(records, meeting, toInstant(now), now, known);
  return {
    title: words.title,
    main: (
      <>
        <Heading above={words.title}>{nameInList(patient, deskWords[language])}</Heading>
        <PatientLine view={view} now={now} language={language} />
        {warnings.map(({ meetingId, startAt, endAt }) => (
          <Banner key={meetingId} kind="warning" title={all.sameTime}>
            <p>
              {capital(dayAndTime(startAt, language))}–{clockTime(endAt, language)}.{' '}
              <a href={deskMeetingPath(meetingId)} target="_blank" rel="noopener">
                {all.sameTimeLink}
              </a>
            </p>
          </Banner>
        ))}
        <Card isMain>
          <Facts facts={bookingFacts(view, meeting, language)} />
        </Card>
        <h2>{words.cost}</h2>
        <Card>
          <Facts facts={costFacts(costs?.items ?? [], language)} />
        </Card>
        <h2>{words.notices}</h2>
        <Notices request={request} view={view} meeting={meeting} now={now} />
        <PostForm action={CONFIRM_PATH} guard={guard}>
          <HiddenBooking typed={typed} />
          <ButtonRow>
            <Button icon="check">{words.book}</Button>
          </ButtonRow>
        </PostForm>
        <PostForm action={EDIT_PATH} guard={guard}>
          <HiddenBooking typed={typed} />
          <ButtonRow>
            <Button kind="secondary">{words.edit}</Button>
          </ButtonRow>
        </PostForm>
      </>
    ),
  };
}

/** Everything that was typed, carried on to the next page in its body: never in an address. */
export function HiddenBooking({ typed }: { typed: TypedBooking }) {
  const fields = Object.entries(typed).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value === true ? 'yes' : value === false ? '' : value])
      .filter((each) => each !== '')
      .map((each, index) => ({ key: `${name} ${index}`, name, value: each })),
  );
  return (
    <>
      {fields.map(({ key, name, value }) => (
        <input key={key} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

function bookingFacts(
  { typed, people, staff, forms }: BookingView,
  meeting: Meeting,
  language: Language,
): Fact[] {
  const [words, all] = [texts[language], bookWords[language]];
  const { time } = meeting.course;
  const { terms, reference } = meeting;
  const others = peopleIn(typed).map(({ role, personId }) => {
    const name = personId === null ? all.unnamed : nameInList(people.get(personId), deskWords[language]);
    return `${deskWords[language].participants[role]}: ${name}`;
  });
  const titles = forms.filter(({ formId }) => meeting.formIds.includes(formId)).map(({ title }) => title);
  const yes = (is: boolean): string => (is ? words.yes : words.no);
  const fact = (term: string, value: string): Fact[] => (value === '' ? [] : [{ term, value }]);
  return [
    {
      term: all.time,
      value: `${capital(dayAndTime(time.startAt, language))}–${clockTime(time.endAt, language)} (${all.minutes(
        (msOf(time.endAt) - msOf(time.startAt)) / 60_000,
      )})`,
      icon: 'calendar',
    },
    {
      term: all.staff,
      value: staffIn(typed)
        .map((staffId) => staffName(staff, staffId))
        .join('; '),
      icon: 'person',
    },
    ...fact(all.others, others.join('; ')),
    ...fact(all.forms, titles.join('; ')),
    { term: all.interpreter, value: yes(terms.interpreterNeeded) },
    { term: all.agreed, value: yes(terms.agreed) },
    { term: all.toldOfFee, value: yes(terms.toldOfFee) },
    { term: all.correspondsToVisit, value: yes(terms.correspondsToVisit) },
    { term: words.notice, value: words.hours(terms.cancellationNoticeHours) },
    ...fact(all.reference, reference ?? ''),
  ];
}

/** What coming costs, and what staying away does: by the same rules as the invoice (R5.2–R5.5). */
function costFacts(items: Cost[], language: Language): Fact[] {
  const words = texts[language];
  return (['attended', 'missed'] as const).flatMap((alternative) => {
    const cost = items.find((each) => each.if === alternative);
    if (!cost) return [];
    const why = cost.because
      .map(({ reason }) => words.because[reason])
      .filter((text) => text !== undefined)
      .join(', ');
    const value =
      cost.kind === 'none'
        ? words.free(why)
        : cost.amountOre === null
          ? words.noAmount
          : amount(cost.amountOre, language);
    return [{ term: `${words.costs[alternative]} (${contactName(cost.feeCode, language)})`, value }];
  });
}

/** Who hears of the meeting, how and when; or why somebody does not. */
function Notices({
  request: { clinic, language },
  view: { typed, patient, people },
  meeting,
  now,
}: {
  request: DeskRequest;
  view: BookingView;
  meeting: Meeting;
  now: Date;
}) {
  const [words, all] = [texts[language], bookWords[language]];
  const roles = deskWords[language].participants;
  const hearing = meeting.participants.flatMap(({ participantId, role, personId }) => {
    const person =
      personId === null
        ? null
        : personId === patient.personId
          ? withAnswer(patient, typed, now)
          : people.get(personId);
    return person && hearsOfMeeting({ role, personId }, patient, now)
      ? [{ participantId, role, person }]
      : [];
  });
  const planned = meeting.course.notices.filter(({ skip }) => skip === null);
  return (
    <>
      {hearing.map(({ participantId, role, person }) => {
        const way = wayTo({ ...person, ...person.personal }, clinic.settings, now);
        const who =
          role === 'patient' ? roles.patient : `${roles[role]}: ${nameInList(person, deskWords[language])}`;
        if (way.channel === null)
          return (
            <Banner key={participantId} kind="warning" title={who}>
              {words.noWay(peopleWords[language].obstacles[way.obstacle])}
            </Banner>
          );
        const to = way.channel === 'sms' ? asWritten(way.to) : way.to;
        return (
          <Card key={participantId}>
            <h3>{words.by(who, peopleWords[language].channels[way.channel].toLowerCase(), to)}</h3>
            <ul>
              {planned.map(({ kind, dueAt }) => (
                <li key={kind}>
                  {kind in all.notices ? all.notices[kind as keyof typeof all.notices] : kind}:{' '}
                  {msOf(dueAt) <= now.getTime() ? words.atOnce : dayAndTime(dueAt, language)}
                </li>
              ))}
            </ul>
          </Card>
        );
      })}
      {peopleIn(typed).some(({ role }) => !mayEverHear(role)) && (
        <Banner kind="info">{words.othersUntold}</Banner>
      )}
    </>
  );
}

/** The patient as they are once the answer about SMS is recorded with the booking. */
function withAnswer(patient: Person, { sms }: TypedBooking, now: Date): Person {
  if (sms === '' || !canAskSms(patient)) return patient;
  const source = sms === '1177' ? ('1177' as const) : ('asked' as const);
  const recordedAt = toInstant(now);
  return { ...patient, smsConsent: { given: sms !== 'no', source, recordedBy: '', recordedAt } };
}

/**
 * The booking is stored, and is made as soon as it can be: the same form posted again tells what came of it,
 * and books nothing twice (design, decision 6).
 */
export function receivedPage(
  language: Language,
  { typed, guard }: { typed: TypedBooking; guard: FormGuard },
): PageContent {
  const words = texts[language];
  return {
    title: words.received,
    main: (
      <>
        <Heading>{words.received}</Heading>
        <Banner kind="warning" takesFocus>
          {words.receivedText}
        </Banner>
        <PostForm action={CONFIRM_PATH} guard={guard}>
          <HiddenBooking typed={typed} />
          <Button>{words.look}</Button>
        </PostForm>
      </>
    ),
  };
}

const texts = wording({
  sv: {
    title: 'Kontrollera bokningen',
    cost: 'Vad det kostar',
    costs: { attended: 'Om patienten kommer', missed: 'Om patienten uteblir' },
    free: (why: string) => (why === '' ? 'Inget' : `Inget: ${why}`),
    noAmount: 'Belopp saknas i avgiftstabellen för den dagen',
    because: byKey({
      'time-not-agreed': 'tiden är inte överenskommen',
      'not-told-of-the-fee': 'patienten har inte fått veta avgiften',
      'clinic-set-the-time-inside-the-notice': 'tiden bokas så nära att patienten inte hinner avboka',
      'consent-refused': 'patienten har sagt nej till samtycket',
    }),
    notices: 'Det här får patienten',
    by: (who: string, channel: string, to: string) => `${who}, med ${channel} till ${to}`,
    noWay: (why: string) => `Får inga meddelanden: ${why}. Ring eller skriv själva.`,
    othersUntold: 'Närstående, tolk och gäster får inga meddelanden från tjänsten. Säg till dem själva.',
    atOnce: 'direkt',
    notice: 'Kan avbokas utan kostnad till',
    hours: (count: number) => `${count} timmar före`,
    yes: 'Ja',
    no: 'Nej',
    book: 'Boka mötet',
    edit: 'Ändra',
    received: 'Bokningen är mottagen',
    receivedText:
      'Mötet är inte bokat än, men blir det så snart det går. Boka inte igen. Se om det är klart:',
    look: 'Se om det är klart',
  },
  en: {
    title: 'Check the booking',
    cost: 'What it costs',
    costs: { attended: 'If the patient comes', missed: 'If the patient does not come' },
    free: (why) => (why === '' ? 'Nothing' : `Nothing: ${why}`),
    noAmount: 'The fee table has no amount for that day',
    because: {
      'time-not-agreed': 'the time is not agreed',
      'not-told-of-the-fee': 'the patient was not told of the fee',
      'clinic-set-the-time-inside-the-notice': 'the time is so near that the patient cannot cancel in time',
      'consent-refused': 'the patient has refused the consent',
    },
    notices: 'What the patient gets',
    by: (who, channel, to) => `${who}, by ${channel} to ${to}`,
    noWay: (why) => `Gets no messages: ${why}. Call or write yourselves.`,
    othersUntold:
      'Relatives, interpreters and guests get no messages from the service. Tell them yourselves.',
    atOnce: 'at once',
    notice: 'Can be cancelled free of charge until',
    hours: (count) => `${count} hours before`,
    yes: 'Yes',
    no: 'No',
    book: 'Book the meeting',
    edit: 'Change',
    received: 'The booking is received',
    receivedText:
      'The meeting is not booked yet, but will be as soon as possible. Do not book again. Look here:',
    look: 'See whether it is done',
  },
});
