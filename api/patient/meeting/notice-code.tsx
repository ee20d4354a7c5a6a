import { TextField } from '../../frame/fields';
import { Banner, Button, ButtonRow, ErrorSummary, Heading } from '../../frame/parts';
import { z } from 'zod';
import { answerCode, type CodeAnswer } from '../../../use-cases/person/way-codes';
import type { WayCode } from '../../../records/way-codes';
import { channels, type Channel } from '../../../rules/consents';
import type { Language } from '../../../rules/notices';
import { asWritten } from '../../../rules/phone-number';
import { WAY_CODE_MINUTES } from '../../../rules/way-codes';
import { giveCommand, type CommandRequest } from '../frame/command';
import { plain } from '../../../rules/typed';
import type { ParticipantRequest, PatientRouteDeps } from '../frame/route';
import { meetingPath } from '../frame/paths';
import { afterCommand } from '../frame/outcome-of-command';
import { BackToMeeting } from '../frame/ways-on';
import { reasonOf } from '../../page-command';
import type { PageContent, PageAnswer } from '../../frame/page-content';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';

/** A code may come with the text that it was sent in. */
export const codeBody = z.object({ channel: z.enum(channels), code: z.string() });

/** Why a code that somebody wrote does not count, each with a page that says so. */
export const wrongCodes = ['wrong', 'holds-no-more', 'too-many-tries'] as const satisfies CodeAnswer[];
type WrongCode = (typeof wrongCodes)[number];

/**
 * *Write the code*: a number or an address that one typed oneself counts when the code sent there has come
 * back (R2.13).
 */
export const showCode =
  (deps: PatientRouteDeps, wrong: WrongCode | null = null) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => ({
    page: codePage(request, await waitingCodes(deps, request), wrong),
  });

/**
 * The code has come back: the new number or address takes the old one's place, and with it the yes to SMS
 * that was given for it (R2.2).
 */
export const confirmByCode =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const { language, participant, person, postedKey } = request;
    const { channel, code } = request.body as z.infer<typeof codeBody>;
    const { answer, pending } = await answerCode(deps, person, { channel, code: codeIn(code) });
    if (answer !== 'right' || !pending) {
      const told: WrongCode = answer === 'right' ? 'holds-no-more' : answer;
      return { redirect: meetingPath(participant.participantId, `notices/code/${told}`) };
    }
    const params = { personId: person.personId };
    // Named by the code, so that the same code twice is one change, also where it was stopped half-way.
    const give = (part: string, wanted: CommandRequest<'person.change' | 'person.record-sms-consent'>) =>
      giveCommand(deps, { ...request, postedKey: postedKey && `${pending.codeId}/${part}` }, wanted);
    const goal = meetingPath(participant.participantId, 'notices/kept');
    const changed = await give('way', {
      operation: 'person.change',
      params,
      body: channel === 'sms' ? { mobile: pending.to } : { email: pending.to },
    });
    if (reasonOf(changed) !== null) return afterCommand(language, changed, goal);
    if (channel === 'sms') {
      const consent = await give('sms', {
        operation: 'person.record-sms-consent',
        params,
        body: { given: pending.sms, source: 'asked' },
      });
      if (reasonOf(consent) !== null) return afterCommand(language, consent, goal);
    }
    await deps.records.wayCodes.remove(pending);
    const others = await waitingCodes(deps, request);
    return {
      redirect: others.length > 0 ? meetingPath(participant.participantId, 'notices/code') : goal,
    };
  };

/** The six digits, of whatever script, also where the whole text was pasted that they came in. */
function codeIn(typed: string): string {
  const written = plain(typed);
  return /(?<!\d)\d{3} ?\d{3}(?!\d)/.exec(written)?.[0].replace(' ', '') ?? written.replace(/\D/g, '');
}

/** The codes that this person was sent and that hold still. */
export async function waitingCodes(
  { records, clock }: Pick<PatientRouteDeps, 'records' | 'clock'>,
  { person }: Pick<ParticipantRequest, 'person'>,
): Promise<WayCode[]> {
  const found = await Promise.all(
    channels.map((channel) => records.wayCodes.find(person.personId, channel, clock.now())),
  );
  return found.filter((code) => code !== null);
}

function codePage(
  { language, participant, guard }: ParticipantRequest,
  codes: WayCode[],
  answer: WrongCode | null,
): PageContent {
  const words = texts[language];
  const to = (page: string): string => meetingPath(participant.participantId, page);
  const wrong = answer === null ? null : words.wrong[answer];
  return {
    title: words.title,
    main: (
      <>
        {wrong &&
          (codes.length === 0 ? (
            <Banner kind="error" title={wrong} takesFocus />
          ) : (
            <ErrorSummary
              title={words.notYet}
              problems={[{ field: `code-${codes[0]!.channel}`, text: wrong }]}
            />
          ))}
        <Heading>{words.title}</Heading>
        {codes.length === 0 && !wrong && <p>{words.none}</p>}
        {codes.length > 0 && <p>{words.what}</p>}
        {codes.map((code) => (
          <PostForm key={code.channel} guard={guard} action={to('notices/code')}>
            <p>
              {words.sent[code.channel]} <strong>{shown(code)}</strong>.
            </p>
            <input type="hidden" name="channel" value={code.channel} />
            <TextField
              language={language}
              id={`code-${code.channel}`}
              name="code"
              label={words.code}
              inputMode="numeric"
              autocomplete="one-time-code"
              isShort
              problem={wrong}
            />
            <ButtonRow>
              <Button>{words.confirm}</Button>
            </ButtonRow>
          </PostForm>
        ))}
        <p>
          <a href={to('notices')}>{words.again}</a>
        </p>
        <BackToMeeting language={language} participantId={participant.participantId} />
      </>
    ),
  };
}

/** As the person wrote it. */
export const shown = ({ channel, to }: { channel: Channel; to: string }): string =>
  channel === 'sms' ? asWritten(to) : to;

/** What is said on the page of one's notices where a code waits. */
export const codeWaits = (language: Language): string => texts[language].waits;

const texts = wording({
  sv: {
    title: 'Skriv koden',
    notYet: 'Numret eller adressen gäller inte än',
    what: `Skriv koden här inom ${WAY_CODE_MINUTES} minuter. Tills du har gjort det gäller det du hade tidigare.`,
    sent: { sms: 'Vi skickar en kod med sms till', email: 'Vi skickar en kod med e-post till' },
    code: 'Koden, sex siffror',
    confirm: 'Bekräfta',
    again: 'Kom ingen kod, eller blev det fel? Till påminnelser om mötet',
    none: 'Ingen kod väntar. Spara numret eller adressen en gång till, så skickar vi en ny kod.',
    waits: 'Vi väntar på koden till',
    wrong: {
      wrong: 'Koden stämmer inte. Kontrollera siffrorna och skriv den igen.',
      'holds-no-more':
        'Koden gäller inte längre. Spara numret eller adressen en gång till, så skickar vi en ny kod.',
      'too-many-tries':
        'Koden har skrivits fel för många gånger. Spara numret eller adressen en gång till, så skickar vi en ny kod.',
    },
  },
  en: {
    title: 'Write the code',
    notYet: 'The number or the address does not hold yet',
    what: `Write the code here within ${WAY_CODE_MINUTES} minutes. Until then, what you had before still holds.`,
    sent: { sms: 'We send a code by SMS to', email: 'We send a code by e-mail to' },
    code: 'The code, six digits',
    confirm: 'Confirm',
    again: 'No code, or something wrong? To reminders about the meeting',
    none: 'No code is waiting. Save the number or the address again, and we send a new code.',
    waits: 'We are waiting for the code to',
    wrong: {
      wrong: 'The code is not right. Check the digits and write it again.',
      'holds-no-more':
        'The code is no longer valid. Save the number or the address again, and we send a new code.',
      'too-many-tries':
        'The code has been written wrongly too many times. Save the number or the address again, and we send a new code.',
    },
  },
});
