import { z } from 'zod';
import { CheckField, Choices, TextField } from '../../frame/fields';
import { Banner, Button, ButtonRow, ErrorSummary, Heading } from '../../frame/parts';
import type { ChangePerson, RecordSmsConsent } from '../../../use-cases/person/bodies';
import { giveCommand } from '../frame/command';
import type { Person } from '../../../records/people';
import { outgrown } from '../../../rules/calendar/age';
import { askForCode, type NoCode } from '../../../use-cases/person/way-codes';
import type { DraftOf } from '../../../records/form-drafts';
import type { WayCode } from '../../../records/way-codes';
import { channels, type Channel } from '../../../rules/consents';
import { msOf, type Instant } from '../../../rules/instant';
import { mailAddress } from '../../../rules/mail-address';
import { languages } from '../../../rules/notices';
import { asWritten, mobileNumber } from '../../../rules/phone-number';
import { isBlank } from '../../../rules/typed';
import type { ParticipantRequest, PatientRouteDeps } from '../frame/route';
import { meetingPath } from '../frame/paths';
import { codeWaits, shown as wayShown, waitingCodes } from './notice-code';
import { afterCommand } from '../frame/outcome-of-command';
import { BackToMeeting } from '../frame/ways-on';
import { isReceived, reasonOf } from '../../page-command';
import type { PageContent, PageAnswer } from '../../frame/page-content';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';

export const noticesBody = z.object({
  sms: z.literal('yes').optional(),
  mobile: z.string(),
  email: z.string(),
  noticesBy: z.enum(channels),
  language: z.enum(languages),
});
type Posted = z.infer<typeof noticesBody>;

/** More than any number has, as one writes it. */
const MOST_NUMBER_CHARACTERS = 40;

/** What is wrong with what was posted. */
type Problem = 'mobile' | 'email' | 'sms-without-number' | NoCode;

/**
 * *My notices*: SMS by consent, e-mail, and the language (R2.2, R2.11); of one's own record at this clinic, a
 * guardian's too (R7.3).
 */
export const showNotices =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const waiting = await waitingCodes(deps, request);
    return { page: noticesPage(request, postedOf(request, deps.clock.now()), { waiting }) };
  };

/** What was posted and not kept, with why. */
interface Unkept extends Posted {
  problems: Problem[];
}

/** One form of each participant that was not kept, with the person's own key. */
const draftOf = ({ meeting, participant, person }: ParticipantRequest): DraftOf => ({
  meetingId: meeting.meetingId,
  formId: 'notices',
  participantId: participant.participantId,
  patientId: person.personId,
});

/** The form as it was posted last and not kept, with what is wrong with it (E2). */
export const showUnkeptNotices =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const [form] = (await deps.records.formDrafts.read(draftOf(request))).form ?? [];
    if (form === undefined) return { redirect: meetingPath(request.participant.participantId, 'notices') };
    const { problems, ...shown } = JSON.parse(form) as Unkept;
    return { page: noticesPage(request, shown, { problems }) };
  };

/**
 * Keeps what was posted: the number and the addresses first, since a consent is for the number that is known
 * when it is given (R2.2). A new number or address counts only when a code sent to it has come back; until
 * then the old one stays (R2.13).
 */
export const saveNotices =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const { language, participant, person, postedKey } = request;
    const posted = request.body as Posted;
    const mobile = posted.mobile.length > MOST_NUMBER_CHARACTERS ? null : mobileNumber(posted.mobile);
    const email = mailAddress(posted.email);
    const problems: Problem[] = [
      ...(!isBlank(posted.mobile) && mobile === null ? (['mobile'] as const) : []),
      ...(!isBlank(posted.email) && email === null ? (['email'] as const) : []),
      ...(posted.sms && isBlank(posted.mobile) ? (['sms-without-number'] as const) : []),
    ];
    const again = async (wrong: Problem[]): Promise<PageAnswer> => {
      const unkept: Unkept = { ...posted, problems: wrong };
      const form = { form: [JSON.stringify(unkept)] };
      await deps.records.formDrafts.save(draftOf(request), form, deps.clock.now());
      return { redirect: meetingPath(participant.participantId, 'notices/unkept') };
    };
    if (problems.length > 0) return again(problems);

    const now = request.receivedAt;
    const before = {
      mobile: own(person, person.personal.mobile, now)?.number ?? null,
      email: own(person, person.personal.email, now)?.address ?? null,
    };
    const sms = posted.sms === 'yes';
    const typed = [
      ...(mobile !== null && mobile !== before.mobile ? [{ channel: 'sms' as const, to: mobile, sms }] : []),
      ...(email !== null && email !== before.email ? [{ channel: 'email' as const, to: email, sms }] : []),
    ];
    // The form's key makes the same form posted twice one code.
    const formKey = postedKey ?? request.guard.formKey;
    for (const each of typed) {
      const whyNot = await askForCode(deps, request, { ...each, postedKey: formKey });
      if (whyNot !== null) return again([whyNot]);
    }

    await deps.records.formDrafts.remove(draftOf(request));

    const params = { personId: person.personId };
    const isTyped = (channel: Channel): boolean => typed.some((each) => each.channel === channel);
    const change: ChangePerson = {
      // Removed at once; one that is not shown and not filled in stays as it is, and unused.
      ...(mobile === null && before.mobile !== null ? { mobile } : {}),
      ...(email === null && before.email !== null ? { email } : {}),
      noticesBy: posted.noticesBy,
      language: posted.language,
    };
    const changed = await giveCommand(deps, request, { operation: 'person.change', params, body: change });
    const page = typed.length > 0 ? 'notices/code' : 'notices/kept';
    const goal = meetingPath(participant.participantId, page);
    // What is only received does not keep back the answer about SMS, which was given with it.
    if (reasonOf(changed) !== null && !isReceived(changed)) return afterCommand(language, changed, goal);
    // A yes for a number whose code has not come back yet is none to the old number, and is kept with the
    // code.
    if (sms && isTyped('sms')) return { redirect: goal };

    const consent: RecordSmsConsent = { given: sms, source: 'asked' };
    const answer = await giveCommand(
      deps,
      { ...request, postedKey: postedKey && `${postedKey}/sms` },
      { operation: 'person.record-sms-consent', params, body: consent },
    );
    return afterCommand(language, reasonOf(answer) === null ? changed : answer, goal);
  };

/** Says that it was kept. */
export const showKeptNotices =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const waiting = await waitingCodes(deps, request);
    return { page: noticesPage(request, postedOf(request, deps.clock.now()), { waiting, kept: true }) };
  };

/**
 * What the record has of one's own, as the form shows it; a consent only where it holds, so that saving
 * something else renews none.
 */
function postedOf({ person }: ParticipantRequest, now: Date): Posted {
  const mobile = own(person, person.personal.mobile, now);
  const { smsConsent } = person;
  const holds = mobile && smsConsent?.given && msOf(smsConsent.recordedAt) >= msOf(mobile.recordedAt);
  return {
    ...(holds ? { sms: 'yes' as const } : {}),
    mobile: mobile ? asWritten(mobile.number) : '',
    email: own(person, person.personal.email, now)?.address ?? '',
    noticesBy: person.noticesBy,
    language: person.language,
  };
}

/**
 * What a guardian gave for a child that has turned 13 is not the child's: it is not shown, and saving
 * confirms it not (R7.2).
 */
function own<T extends { recordedAt: Instant }>({ personal }: Person, way: T | null, now: Date): T | null {
  return way && !outgrown(personal.birthDate, new Date(way.recordedAt), now) ? way : null;
}

function noticesPage(
  { language, participant, guard }: ParticipantRequest,
  shown: Posted,
  {
    problems = [],
    waiting = [],
    kept = false,
  }: { problems?: Problem[]; waiting?: WayCode[]; kept?: boolean },
): PageContent {
  const words = texts[language];
  const problemOf = (field: 'mobile' | 'email'): string | null => {
    const problem = problems.find((each) => (each === 'email' ? 'email' : 'mobile') === field);
    return problem === undefined ? null : words.problems[problem];
  };
  const to = (page: string): string => meetingPath(participant.participantId, page);
  return {
    title: problems.length > 0 ? words.wrong : words.title,
    main: (
      <>
        {problems.length > 0 && (
          <ErrorSummary
            title={words.wrong}
            problems={(['mobile', 'email'] as const).flatMap((field) => {
              const text = problemOf(field);
              return text === null ? [] : [{ field, text }];
            })}
          />
        )}
        {kept && (
          <Banner kind="success" title={words.kept} takesFocus>
            <p>
              <a href={to('')}>{words.toMeeting}</a>
            </p>
          </Banner>
        )}
        {waiting.map((code) => (
          <Banner key={code.channel} kind="warning">
            <p>
              {codeWaits(language)} <strong>{wayShown(code)}</strong>.{' '}
              <a href={to('notices/code')}>{words.writeCode}</a>
            </p>
          </Banner>
        ))}
        <Heading>{words.title}</Heading>
        <p>{words.what}</p>
        <PostForm guard={guard} action={to('notices')} noValidate>
          <TextField
            language={language}
            id="mobile"
            name="mobile"
            label={words.mobile}
            hint={words.newWay}
            value={shown.mobile}
            inputMode="tel"
            autocomplete="tel"
            problem={problemOf('mobile')}
          />
          <CheckField
            language={language}
            id="sms"
            name="sms"
            label={words.sms}
            isChecked={shown.sms === 'yes'}
          />
          <TextField
            language={language}
            id="email"
            name="email"
            label={words.email}
            isOptional
            value={shown.email}
            inputMode="email"
            autocomplete="email"
            problem={problemOf('email')}
          />
          <Choices
            language={language}
            id="noticesBy"
            name="noticesBy"
            label={words.preferred}
            chosen={[shown.noticesBy]}
            choices={channels.map((channel) => ({ value: channel, text: words.channels[channel] }))}
          />
          <Choices
            language={language}
            id="language"
            name="language"
            label={words.language}
            chosen={[shown.language]}
            choices={languages.map((each) => ({ value: each, text: words.languages[each] }))}
          />
          <ButtonRow>
            <Button>{words.keep}</Button>
          </ButtonRow>
        </PostForm>
        <BackToMeeting language={language} participantId={participant.participantId} />
      </>
    ),
  };
}

const texts = wording({
  sv: {
    title: 'Påminnelser om mötet',
    kept: 'Det är sparat',
    toMeeting: 'Till mötet',
    writeCode: 'Skriv koden',
    newWay:
      'Ändrar du numret eller adressen skickar vi en kod dit. Tills du har skrivit den här gäller det du hade tidigare.',
    wrong: 'Inget är sparat än. Rätta det här',
    problems: {
      mobile: 'Mobilnumret verkar inte stämma. Skriv det som 070-123 45 67.',
      'foreign-number': 'Mottagningen skickar bara till svenska mobilnummer.',
      email: 'E-postadressen verkar inte stämma.',
      'protected-identity':
        'Dina uppgifter är skyddade. Ring eller skriv till mottagningen, så ändrar de numret eller adressen.',
      'too-many-codes':
        'Vi har skickat så många koder som vi kan i dag. Försök igen i morgon, eller ring mottagningen så ändrar de numret.',
      'sms-without-number': 'För att få sms behöver du skriva ditt mobilnummer.',
    },
    what: 'Vi påminner dig om mötet och säger till om det ändras. Meddelandena säger bara att du har ett digitalt möte och när.',
    sms: 'Ja, jag vill få sms',
    mobile: 'Mobilnummer',
    email: 'E-post',
    preferred: 'Vilket vill du helst ha?',
    channels: { sms: 'Sms', email: 'E-post' },
    language: 'Språk i meddelandena',
    languages: { sv: 'Svenska', en: 'English' },
    keep: 'Spara',
  },
  en: {
    title: 'Reminders about the meeting',
    kept: 'It is saved',
    toMeeting: 'To the meeting',
    writeCode: 'Write the code',
    newWay:
      'If you change the number or the address, we send a code there. Until you have written it here, what you had before still holds.',
    wrong: 'Nothing is saved yet. Please correct this',
    problems: {
      mobile: 'The mobile number does not seem right. Write it as 070-123 45 67.',
      'foreign-number': 'The clinic sends to Swedish mobile numbers only.',
      email: 'The e-mail address does not seem right.',
      'protected-identity':
        'Your data are protected. Call or write to the clinic, and they change the number or the address.',
      'too-many-codes':
        'We have sent as many codes as we can today. Try again tomorrow, or call the clinic and they change the number.',
      'sms-without-number': 'To get text messages you need to write your mobile number.',
    },
    what: 'We remind you of the meeting and tell you if it changes. The messages say only that you have a digital meeting, and when.',
    sms: 'Yes, I want text messages',
    mobile: 'Mobile number',
    email: 'E-mail',
    preferred: 'Which would you rather have?',
    channels: { sms: 'Text message', email: 'E-mail' },
    language: 'Language of the messages',
    languages: { sv: 'Svenska', en: 'English' },
    keep: 'Save',
  },
});
