import { renderPage } from '../../api/pages/page';

/** What the room says, in the languages that a meeting has. */
const words = {
  sv: {
    title: 'Videorummet (ersättare)',
    connecting: 'Ansluter …',
    prejoin: 'Så här syns du. Tryck på Gå med när du är redo.',
    join: 'Gå med',
    in: 'Du är i mötet.',
    refused: 'Rummet släppte inte in dig.',
    left: 'Du har lämnat mötet.',
    elsewhere: 'Du har kommit in från ett annat fönster. Här är mötet stängt.',
    removed: 'Du är inte kvar i mötet.',
    over: 'Mötet har avslutats.',
    lost: 'Rummet svarar inte längre.',
    noCamera: 'Kamera eller mikrofon kunde inte startas. Du kan vara med ändå.',
    mute: 'Stäng av mikrofonen',
    cameraOff: 'Stäng av kameran',
    leave: 'Lämna mötet',
    others: 'I mötet',
    alone: 'Ingen annan är här än.',
    you: 'du',
    staff: 'Vårdpersonal',
    participant: 'Deltagare',
    note: 'Det här är en ersättare för Jitsi på den här datorn: varken ljud eller bild sänds.',
    own: 'Din kamera',
  },
  en: {
    title: 'Video room (stand-in)',
    connecting: 'Connecting …',
    prejoin: 'This is how you look. Press Join when you are ready.',
    join: 'Join',
    in: 'You are in the meeting.',
    refused: 'The room did not let you in.',
    left: 'You have left the meeting.',
    elsewhere: 'You have come in from another window. Here the meeting is closed.',
    removed: 'You are no longer in the meeting.',
    over: 'The meeting has been ended.',
    lost: 'The room answers no more.',
    noCamera: 'Camera or microphone could not be started. You can take part all the same.',
    mute: 'Mute the microphone',
    cameraOff: 'Turn the camera off',
    leave: 'Leave the meeting',
    others: 'In the meeting',
    alone: 'Nobody else is here yet.',
    you: 'you',
    staff: 'Care staff',
    participant: 'Participant',
    note: 'This stands in for Jitsi on this machine: neither sound nor picture is sent.',
    own: 'Your camera',
  },
} as const;

/** The page of every room: which one it is, and who comes, only its script knows. */
export function roomPage(language: 'sv' | 'en', base: string): string {
  const say = words[language];
  return renderPage({
    language,
    title: say.title,
    stylesheets: [`${base}/files/room.css`],
    scripts: [`${base}/files/room.js`],
    children: (
      <main>
        <h1>{say.title}</h1>
        <p id="state" role="status">
          {say.connecting}
        </p>
        <div id="own" hidden>
          <video id="camera" aria-label={say.own} autoplay muted playsInline />
        </div>
        <p id="no-camera" hidden>
          {say.noCamera}
        </p>
        <div id="prejoin" hidden>
          <button id="join" type="button">
            {say.join}
          </button>
        </div>
        <div id="controls" hidden>
          <button id="mute" type="button" aria-pressed="false">
            {say.mute}
          </button>
          <button id="camera-off" type="button" aria-pressed="false">
            {say.cameraOff}
          </button>
          <button id="leave" type="button">
            {say.leave}
          </button>
        </div>
        <section id="everybody" aria-labelledby="others" hidden>
          <h2 id="others">{say.others}</h2>
          <ul id="people" aria-live="polite" />
          <p id="alone">{say.alone}</p>
        </section>
        <small>{say.note}</small>
        <div hidden>
          {(
            [
              'prejoin',
              'in',
              'refused',
              'left',
              'elsewhere',
              'removed',
              'over',
              'lost',
              'you',
              'staff',
              'participant',
            ] as const
          ).map((id) => (
            <span key={id} id={`words-${id}`}>
              {say[id]}
            </span>
          ))}
        </div>
      </main>
    ),
  });
}
