import type { ComponentChildren } from 'preact';
import type { Language } from '../../../rules/notices';
import { scriptAddress } from '../assets';
import type { PageContent, ParticipantRequest, PatientAnswer } from '../frame/route';
import { deviceRefusals, deviceTexts } from './device-texts';
import { meetingPath } from '../frame/paths';

/** *Test your device* (R4.5): camera, microphone and sound, really tested, on this device alone. */
export const showDeviceTest = ({ language, participant }: ParticipantRequest): Promise<PatientAnswer> =>
  Promise.resolve({ page: devicePage(language, meetingPath(participant.participantId)) });

/** The page: what its script may have to say stands in it from the start, so that scripts hold no words. */
export function devicePage(language: Language, back: string): PageContent {
  const words = deviceTexts[language];
  return {
    title: words.title,
    scripts: [scriptAddress('device')],
    needs: { camera: true },
    main: (
      <>
        <h1>{words.title}</h1>
        <p>{words.intro}</p>
        <noscript>
          <p class="problems">{words.noScript}</p>
        </noscript>
        <Step id="camera" title={words.camera.title} start={words.camera.start}>
          <video id="camera-picture" aria-label={words.camera.picture} autoplay muted playsInline hidden />
          <Says language={language} id="camera" states={words.camera} refusals />
        </Step>
        <Step id="microphone" title={words.microphone.title} start={words.microphone.start}>
          <p id="microphone-level" hidden>
            <label for="level">{words.microphone.level}</label>
            <meter id="level" min={0} max={1} value={0} />
          </p>
          <Says language={language} id="microphone" states={words.microphone} refusals />
        </Step>
        <Step id="sound" title={words.sound.title} start={words.sound.start}>
          <Says language={language} id="sound" states={words.sound} />
          <div id="sound-question" role="group" aria-labelledby="sound-asked" hidden>
            <p id="sound-asked">{words.sound.question}</p>
            <button type="button" id="sound-heard">
              {words.sound.yes}
            </button>
            <button type="button" id="sound-not-heard" class="secondary">
              {words.sound.no}
            </button>
          </div>
        </Step>
        <section aria-labelledby="summary" class="scripted">
          <h2 id="summary">{words.summary}</h2>
          <ul id="results">
            {(['camera', 'microphone', 'sound'] as const).map((id) => (
              <li key={id} data-result={id}>
                {words[`${id}Name`]}: <strong data-is="not-tested">{words.notTested}</strong>
                <strong data-is="works" hidden>
                  {words.ok}
                </strong>
                <strong data-is="not-ok" hidden>
                  {words.notOk}
                </strong>
              </li>
            ))}
          </ul>
          <p id="all-work" role="status">
            <span hidden>{words.allWork}</span>
          </p>
          <p>{words.goOn}</p>
        </section>
        <p>
          <a href={back} role="button">
            {words.back}
          </a>
        </p>
      </>
    ),
  };
}

function Step({
  id,
  title,
  start,
  children,
}: {
  id: string;
  title: string;
  start: string;
  children: ComponentChildren;
}) {
  return (
    <section aria-labelledby={`${id}-title`} class="scripted">
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
      <button type="button" id={`${id}-start`}>
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
  refusals = false,
}: {
  language: Language;
  id: string;
  states: Record<string, string>;
  refusals?: boolean;
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
      {refusals &&
        deviceRefusals.map((refusal) => (
          <div key={refusal} data-says={refusal} hidden>
            <p>{words.refused[refusal].text}</p>
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
