import { z } from 'zod';
import type { ChangePerson, RecordSmsConsent } from '../../../use-cases/bodies';
import { giveCommand, isReceived, reasonOf } from '../frame/command';
import type { Person } from '../../../records/people';
import { outgrown } from '../../../rules/calendar/age';
import { channels } from '../../../rules/consents';
import { msOf, type Instant } from '../../../rules/instant';
import { mailAddress } from '../../../rules/mail-address';
import { languages } from '../../../rules/notices';
import { asWritten, mobileNumber } from '../../../rules/phone-number';
import { isBlank } from '../../../rules/typed';
import type { PageContent, ParticipantRequest, PatientAnswer, PatientRouteDeps } from '../frame/route';
import { wording } from '../frame/wording';
import { PostForm } from '../frame/layout';
import { meetingPath } from '../frame/paths';
import { afterCommand } from '../frame/outcome-of-command';
import { BackToMeeting } from '../frame/ways-on';

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
type Problem = 'mobile' | 'foreign-number' | 'email' | 'sms-without-number';

/** *My notices*: SMS by consent, e-mail, and the language (R2.2, R2.11); of one's own record at this clinic, a guardian's too (R7.3). */
export const showNotices =
  ({ clock }: PatientRouteDeps) =>
  (request: ParticipantRequest): Promise<PatientAnswer> =>
    Promise.resolve({ page: noticesPage(request, postedOf(request, clock.now()), []) });

/** Keeps what was posted: the number and the addresses first, since a consent is for the number that is known when it is given (R2.2). */
export const keepNotices =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const { language, participant, person, postedKey } = request;
    const posted = request.body as Posted;
    const mobile = posted.mobile.length > MOST_NUMBER_CHARACTERS ? null : mobileNumber(posted.mobile);
    const email = mailAddress(posted.email);
    const problems: Problem[] = [
      ...(!isBlank(posted.mobile) && mobile === null ? (['mobile'] as const) : []),
      ...(!isBlank(posted.email) && email === null ? (['email'] as const) : []),
      ...(posted.sms && isBlank(posted.mobile) ? (['sms-without-number'] as const) : []),
    ];
    const again = (wrong: Problem[]): PatientAnswer => ({
      page: noticesPage(request, posted, wrong),
      status: 422,
    });
    if (problems.length > 0) return again(problems);

    const params = { personId: person.personId };
    const now = request.receivedAt;
    /** Not shown and not filled in: it stays as it is, and unused. */
    const leaves = (way: { recordedAt: Instant } | null, given: string | null): boolean =>
      given === null && way !== null && own(person, way, now) === null;
    const change: ChangePerson = {
      ...(leaves(person.personal.mobile, mobile) ? {} : { mobile }),
      ...(leaves(person.personal.email, email) ? {} : { email }),
      noticesBy: posted.noticesBy,
      language: posted.language,
    };
    const changed = await giveCommand(deps, request, { operation: 'person.change', params, body: change });
    if (reasonOf(changed) === 'foreign-number') return again(['foreign-number']);
    const goal = meetingPath(participant.participantId, 'notices/kept');
    // What is only received does not keep back the answer about SMS, which was given with it.
    if (reasonOf(changed) !== null && !isReceived(changed)) return afterCommand(language, changed, goal);

    const consent: RecordSmsConsent = { given: posted.sms === 'yes', source: 'asked' };
    const answer = await giveCommand(
      deps,
      { ...request, postedKey: postedKey && `${postedKey}/sms` },
      { operation: 'person.record-sms-consent', params, body: consent },
    );
    return afterCommand(language, reasonOf(answer) === null ? changed : answer, goal);
  };

/** Says that it was kept. */
export const showKeptNotices =
  ({ clock }: PatientRouteDeps) =>
  (request: ParticipantRequest): Promise<PatientAnswer> =>
    Promise.resolve({ page: noticesPage(request, postedOf(request, clock.now()), [], true) });

/** What the record has of one's own, as the form shows it; a consent only where it holds, so that saving something else renews none. */
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

/** What a guardian gave for a child that has turned 13 is not the child's: it is not shown, and saving confirms it not (R7.2). */
function own<T extends { recordedAt: Instant }>({ personal }: Person, way: T | null, now: Date): T | null {
  return way && !outgrown(personal.birthDate, new Date(way.recordedAt), now) ? way : null;
}

function noticesPage(
  { language, participant, guard }: ParticipantRequest,
  shown: Posted,
  problems: Problem[],
  kept = false,
): PageContent {
  const words = texts[language];
  const wrong = (field: 'mobile' | 'email') =>
    problems.some((problem) => (problem === 'email' ? 'email' : 'mobile') === field);
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        {kept && <p role="status">{words.kept}</p>}
        {problems.length > 0 && (
          <div role="alert">
            <p>{words.wrong}</p>
            <ul>
              {problems.map((problem) => (
                <li key={problem}>{words.problems[problem]}</li>
              ))}
            </ul>
          </div>
        )}
        <p>{words.what}</p>
        <PostForm guard={guard} action={meetingPath(participant.participantId, 'notices')}>
          <label>
            <input type="checkbox" name="sms" value="yes" checked={shown.sms === 'yes'} />
            {words.sms}
          </label>
          <TextField
            label={words.mobile}
            type="tel"
            name="mobile"
            value={shown.mobile}
            wrong={wrong('mobile')}
          />
          <TextField
            label={words.email}
            type="email"
            name="email"
            value={shown.email}
            wrong={wrong('email')}
          />
          <fieldset>
            <legend>{words.preferred}</legend>
            {channels.map((channel) => (
              <label key={channel}>
                <input type="radio" name="noticesBy" value={channel} checked={shown.noticesBy === channel} />
                {words.channels[channel]}
              </label>
            ))}
          </fieldset>
          <fieldset>
            <legend>{words.language}</legend>
            {languages.map((each) => (
              <label key={each} lang={each}>
                <input type="radio" name="language" value={each} checked={shown.language === each} />
                {words.languages[each]}
              </label>
            ))}
          </fieldset>
          <button type="submit">{words.keep}</button>
        </PostForm>
        <BackToMeeting language={language} participantId={participant.participantId} />
      </>
    ),
  };
}

/** A number or an address to write; browsers know what each is, and offer one's own. */
function TextField({
  label,
  type,
  name,
  value,
  wrong,
}: {
  label: string;
  type: 'tel' | 'email';
  name: string;
  value: string;
  wrong: boolean;
}) {
  const field = { name, autocomplete: type, value, 'aria-invalid': wrong ? ('true' as const) : undefined };
  return (
    <label>
      {label}
      {type === 'tel' ? <input type="tel" {...field} /> : <input type="email" {...field} />}
    </label>
  );
}

const texts = wording({
  sv: {
    title: 'Mina aviseringar',
    kept: 'Det är sparat.',
    wrong: 'Inget är sparat än. Rätta det här:',
    problems: {
      mobile: 'Mobilnumret går inte att läsa. Skriv det som 070-123 45 67.',
      'foreign-number': 'Mottagningen skickar bara till svenska mobilnummer.',
      email: 'E-postadressen går inte att läsa.',
      'sms-without-number': 'För att få SMS behöver du skriva ditt mobilnummer.',
    },
    what: 'Vi påminner dig om mötet och säger till om det ändras. Meddelandena säger bara att du har ett digitalt möte och när.',
    sms: 'Ja, jag vill få SMS',
    mobile: 'Mobilnummer',
    email: 'E-post, om du vill ha aviseringar dit',
    preferred: 'Vad föredrar du, om båda går?',
    channels: { sms: 'SMS', email: 'E-post' },
    language: 'Språk i meddelandena',
    languages: { sv: 'Svenska', en: 'English' },
    keep: 'Spara',
  },
  en: {
    title: 'My notices',
    kept: 'It is saved.',
    wrong: 'Nothing is saved yet. Please correct this:',
    problems: {
      mobile: 'The mobile number cannot be read. Write it as 070-123 45 67.',
      'foreign-number': 'The clinic sends to Swedish mobile numbers only.',
      email: 'The e-mail address cannot be read.',
      'sms-without-number': 'To get SMS you need to write your mobile number.',
    },
    what: 'We remind you of the meeting and tell you if it changes. The messages say only that you have a digital meeting, and when.',
    sms: 'Yes, I want SMS',
    mobile: 'Mobile number',
    email: 'E-mail, if you want notices there',
    preferred: 'Which do you prefer, if both are possible?',
    channels: { sms: 'SMS', email: 'E-mail' },
    language: 'Language of the messages',
    languages: { sv: 'Svenska', en: 'English' },
    keep: 'Save',
  },
});
