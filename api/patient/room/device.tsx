import type { ComponentChildren } from 'preact';
import { z } from 'zod';
import { deviceResults, testedDevices } from '../../../rules/device-test';
import { toInstant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { Icon, type IconName } from '../../frame/icons';
import { ButtonLink, ButtonRow, Heading, Tag } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { scriptAddress } from '../assets';
import type { ParticipantRequest, PatientRouteDeps } from '../frame/route';
import { deviceRefusals, deviceTexts } from './device-texts';
import { meetingPath } from '../frame/paths';
import type { PageContent, PageAnswer } from '../../frame/page-content';

/** *Test your device* (R4.5): camera, microphone and sound, really tested, on this device alone. */
export const showDeviceTest = (request: ParticipantRequest): Promise<PageAnswer> =>
  Promise.resolve({ page: devicePage(request) });

const deviceResult = z.enum(deviceResults);
/** What the test has come to so far, on the device that it is made on. */
export const deviceTestBody = z.object({
  camera: deviceResult,
  microphone: deviceResult,
  sound: deviceResult,
});

/**
 * Tells the clinic what the test came to (R4.5): the page's script posts this after each step. The whole of it
 * takes the place of the test before, which may have been made on another device.
 */
export const keepDeviceTest =
  ({ records }: Pick<PatientRouteDeps, 'records'>) =>
  async ({ meeting, participant, body, receivedAt }: ParticipantRequest): Promise<PageAnswer> => {
    const { participantId } = participant;
    // Nobody helps with a device for a meeting that is over.
    if (meeting.course.state === 'ended') return { json: { kept: false }, status: 409 };
    await records.meetings.noteDeviceTest(meeting.meetingId, participantId, {
      ...(body as z.infer<typeof deviceTestBody>),
      testedAt: toInstant(receivedAt),
    });
    return { json: { kept: true } };
  };

/** The page: what its script may have to say stands in it from the start, so that scripts hold no words. */
function devicePage({ language, guard, participant }: ParticipantRequest): PageContent {
  const words = deviceTexts[language];
  const back = meetingPath(participant.participantId);
  return {
    title: words.title,
    scripts: [scriptAddress('own-media'), scriptAddress('device')],
    needs: { camera: true },
    main: (
      <>
        <Heading>{words.title}</Heading>
        <p>{words.intro}</p>
        <noscript>
          <p class="problems">{words.noScript}</p>
        </noscript>
        <Step language={language} id="camera" icon="video" step={words.camera}>
          <video id="camera-picture" aria-label={words.camera.picture} autoplay muted playsInline hidden />
          <Says language={language} id="camera" states={words.camera} device="camera" />
        </Step>
        <Step language={language} id="microphone" icon="microphone" step={words.microphone}>
          <p id="microphone-level" hidden>
            <label for="level">{words.microphone.level}</label>
            <meter id="level" min={0} max={1} value={0} />
          </p>
          <Says language={language} id="microphone" states={words.microphone} device="microphone" />
        </Step>
        <Step language={language} id="sound" icon="sound" step={words.sound}>
          <Says language={language} id="sound" states={words.sound} />
          <div id="sound-question" role="group" aria-labelledby="sound-asked" hidden>
            <p id="sound-asked">
              <strong>{words.sound.question}</strong>
            </p>
            <ButtonRow>
              <button type="button" id="sound-heard" class="secondary">
                {words.sound.yes}
              </button>
              <button type="button" id="sound-not-heard" class="secondary">
                {words.sound.no}
              </button>
            </ButtonRow>
          </div>
        </Step>
        <div id="all-work" role="status">
          <p class="banner success" hidden>
            <Icon name="check" />
            <strong>{words.allWork}</strong>
          </p>
        </div>
        <p id="clinic-told" role="status">
          <span data-says="told" hidden>
            {words.told}
          </span>
          <span data-says="not-told" hidden>
            {words.notTold}
          </span>
        </p>
        {/* Filled in and posted by the script, after each step: there is nothing to press. */}
        <PostForm id="device-results" action={meetingPath(participant.participantId, 'device')} guard={guard}>
          {testedDevices.map((device) => (
            <input key={device} type="hidden" name={device} value="not-tested" />
          ))}
        </PostForm>
        <p class="scripted">{words.goOn}</p>
        <ButtonRow>
          <ButtonLink href={back}>{words.back}</ButtonLink>
        </ButtonRow>
      </>
    ),
  };
}

/** One thing to test, as a card: its state, what is seen or heard, and the button that starts it. */
function Step({
  language,
  id,
  icon,
  step: { title, start },
  children,
}: {
  language: Language;
  id: string;
  icon: IconName;
  step: { title: string; start: string };
  children: ComponentChildren;
}) {
  const words = deviceTexts[language];
  return (
    <section aria-labelledby={`${id}-title`} class="card scripted device">
      <h2 id={`${id}-title`}>
        <Icon name={icon} /> {title}
      </h2>
      <p data-result={id}>
        <span data-is="not-tested">
          <Tag>{words.notTested}</Tag>
        </span>
        <span data-is="works" hidden>
          <Tag tone="success" icon="check">
            {words.ok}
          </Tag>
        </span>
        <span data-is="not-ok" hidden>
          <Tag tone="warning" icon="warning">
            {words.notOk}
          </Tag>
        </span>
      </p>
      {children}
      <button type="button" id={`${id}-start`} class="secondary">
        {start}
      </button>
    </section>
  );
}

/** What may come of a step, told in words: one of these is shown at a time. */
function Says({
  language,
  id,
  states,
  device,
}: {
  language: Language;
  id: string;
  states: Record<string, string>;
  /** What it is about where the browser may refuse it. */
  device?: 'camera' | 'microphone';
}) {
  const words = deviceTexts[language];
  const told = Object.entries(states).filter(([state]) => !notTold.has(state));
  return (
    <div id={`${id}-says`} role="status">
      {told.map(([state, text]) => (
        <p key={state} data-says={state} hidden>
          {text}
        </p>
      ))}
      {device &&
        deviceRefusals.map((refusal) => (
          <div key={refusal} data-says={refusal} hidden>
            <p>{words.refused[refusal].text({ the: words.nouns[device], none: words.none[device] })}</p>
            {words.refused[refusal].ways.length > 0 && (
              <ul>
                {words.refused[refusal].ways.map((way) => (
                  <li key={way}>{way}</li>
                ))}
              </ul>
            )}
          </div>
        ))}
    </div>
  );
}

/** Labels of a step, which stand elsewhere on the page. */
const notTold = new Set(['title', 'start', 'picture', 'level', 'question', 'yes', 'no']);
