import { giveCommand } from '../frame/command';
import type { PageContent, ParticipantRequest, PatientAnswer, PatientRouteDeps } from '../frame/route';
import { PhoneNumber } from '../../pages/page';
import { wording } from '../frame/wording';
import { PostForm } from '../frame/layout';
import { meetingPath } from '../frame/paths';
import { afterCommand } from '../frame/outcome-of-command';
import { BackToMeeting } from '../frame/ways-on';

/** *I can't get in*: what to try, and the button that tells the clinic (R5.6). */
export const showNoEntry = (request: ParticipantRequest): Promise<PatientAnswer> =>
  Promise.resolve({ page: noEntryPage(request, false) });

/** Says that the clinic has been told. */
export const showToldOfNoEntry = (request: ParticipantRequest): Promise<PatientAnswer> =>
  Promise.resolve({ page: noEntryPage(request, true) });

/** Tells the clinic: it counts as a try to come in, also where everything else failed (R5.6). */
export const tellOfNoEntry =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const { language, meeting, participant } = request;
    const answer = await giveCommand(deps, request, {
      operation: 'meeting.note-try',
      params: { meetingId: meeting.meetingId },
      body: { participantId: participant.participantId, receivedAt: null },
    });
    return afterCommand(language, answer, meetingPath(participant.participantId, 'no-entry/told'));
  };

function noEntryPage(
  { language, participant, guard, clinic }: ParticipantRequest,
  told: boolean,
): PageContent {
  const words = texts[language];
  const to = (page: string): string => meetingPath(participant.participantId, page);
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        {told && <p role="status">{words.told}</p>}
        <ol>
          <li>
            <a href={to('room')}>{words.tryAgain}</a>
          </li>
          <li>
            <a href={to('device')}>{words.device}</a>
          </li>
          <li>{words.other}</li>
          <li>
            {words.call} <PhoneNumber number={clinic.settings.phone} />
          </li>
        </ol>
        {!told && (
          <PostForm guard={guard} action={to('no-entry')}>
            <button type="submit">{words.tell}</button>
          </PostForm>
        )}
        <p>{words.counts}</p>
        <BackToMeeting language={language} participantId={participant.participantId} />
      </>
    ),
  };
}

const texts = wording({
  sv: {
    title: 'Jag kommer inte in',
    told: 'Mottagningen har fått veta att du försöker komma in.',
    tryAgain: 'Försök gå till mötet igen',
    device: 'Testa kamera, mikrofon och ljud',
    other: 'Prova en annan webbläsare, eller en annan telefon eller dator. Logga in på samma sätt där.',
    call: 'Ring mottagningen:',
    tell: 'Tala om för mottagningen att jag inte kommer in',
    counts:
      'När du har talat om det syns det att du försökte. Krånglar tekniken kan mottagningen ta mötet på annat sätt.',
  },
  en: {
    title: 'I can’t get in',
    told: 'The clinic has been told that you are trying to come in.',
    tryAgain: 'Try to go to the meeting again',
    device: 'Test camera, microphone and sound',
    other: 'Try another browser, or another phone or computer. Log in there in the same way.',
    call: 'Call the clinic:',
    tell: 'Tell the clinic that I can’t get in',
    counts:
      'Once you have told it, it shows that you tried. If the technology fails the clinic can hold the meeting in another way.',
  },
});
