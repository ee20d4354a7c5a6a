import { Banner, Button, ButtonRow, Heading } from '../../frame/parts';
import { giveCommand } from '../frame/command';
import type { ParticipantRequest, PatientRouteDeps } from '../frame/route';
import { meetingPath } from '../frame/paths';
import { afterCommand } from '../frame/outcome-of-command';
import { BackToMeeting } from '../frame/ways-on';
import { ContactClinic } from './contact';
import type { PageContent, PageAnswer } from '../../frame/page-content';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';

/** *I can't get in*: what to try, and the button that tells the clinic (R5.6). */
export const showNoEntry = (request: ParticipantRequest): Promise<PageAnswer> =>
  Promise.resolve({ page: noEntryPage(request, false) });

/** Says that the clinic has been told. */
export const showToldOfNoEntry = (request: ParticipantRequest): Promise<PageAnswer> =>
  Promise.resolve({ page: noEntryPage(request, true) });

/** Tells the clinic: it counts as a try to come in, also where everything else failed (R5.6). */
export const tellOfNoEntry =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const { language, meeting, participant } = request;
    const answer = await giveCommand(deps, request, {
      operation: 'meeting.note-try',
      params: { meetingId: meeting.meetingId },
      body: { participantId: participant.participantId, receivedAt: null },
    });
    return afterCommand(language, answer, meetingPath(participant.participantId, 'no-entry/told'));
  };

function noEntryPage(request: ParticipantRequest, told: boolean): PageContent {
  const { language, participant, guard } = request;
  const words = texts[language];
  const to = (page: string): string => meetingPath(participant.participantId, page);
  return {
    title: words.title,
    main: (
      <>
        {told && (
          <Banner kind="success" title={words.told} takesFocus>
            {words.toldMore}
          </Banner>
        )}
        <Heading>{words.title}</Heading>
        <p>{words.lead}</p>
        <ol class="tries">
          <li>
            <a href={to('room')}>{words.tryAgain}</a>
          </li>
          <li>
            <a href={to('device')}>{words.device}</a>
          </li>
          <li>{words.other}</li>
        </ol>
        <h2>{words.helpTitle}</h2>
        {!told && (
          <>
            <p>{words.counts}</p>
            <PostForm guard={guard} action={to('no-entry')}>
              <ButtonRow>
                <Button>{words.tell}</Button>
              </ButtonRow>
            </PostForm>
          </>
        )}
        <ContactClinic request={request} />
        <BackToMeeting language={language} participantId={participant.participantId} />
      </>
    ),
  };
}

const texts = wording({
  sv: {
    title: 'Jag kommer inte in',
    told: 'Mottagningen har fått veta att du försöker komma in',
    toldMore: 'Det syns att du försökte. Fortsätt gärna att försöka så länge.',
    lead: 'Prova det här, i tur och ordning:',
    tryAgain: 'Försök gå till mötet igen',
    device: 'Testa kamera, mikrofon och ljud',
    other: 'Byt webbläsare, eller ta en annan telefon eller dator. Logga in på samma sätt där.',
    helpTitle: 'Går det ändå inte?',
    tell: 'Tala om för mottagningen att jag inte kommer in',
    counts:
      'Säg till mottagningen, så syns det att du försökte. Krånglar tekniken kan mottagningen hålla mötet på ett annat sätt.',
  },
  en: {
    title: 'I can’t get in',
    told: 'The clinic has been told that you are trying to come in',
    toldMore: 'It shows that you tried. Please go on trying meanwhile.',
    lead: 'Try this, one after the other:',
    tryAgain: 'Try to go to the meeting again',
    device: 'Test camera, microphone and sound',
    other: 'Change browser, or take another phone or computer. Log in there in the same way.',
    helpTitle: 'Does it still not work?',
    tell: 'Tell the clinic that I can’t get in',
    counts:
      'Tell the clinic, and it shows that you tried. If the technology fails the clinic can hold the meeting in another way.',
  },
});
