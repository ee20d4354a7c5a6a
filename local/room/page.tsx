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
    noCamera:
      'Kamera eller mikrofon kunde inte startas. Du kan vara med ändå. Utan kamera ser de andra en ritad bild.',
    mute: 'Stäng av mikrofonen',
    cameraOff: 'Stäng av kameran',
    leave: 'Lämna mötet',
    sound: 'Slå på ljudet',
    others: 'I mötet',
    alone: 'Du är ensam här. Vi väntar på den andra.',
    came: 'har kommit in.',
    went: 'har lämnat mötet.',
    somebody: 'En deltagare',
    picture: 'Bild av',
    silent: 'mikrofonen av',
    coming: 'Bilden är på väg …',
    noPicture: 'Kameran är av.',
    disconnected: 'Kontakten bröts. Vi försöker igen …',
    failed: 'Bild och ljud kommer inte fram.',
    you: 'du',
    staff: 'Vårdpersonal',
    participant: 'Deltagare',
    note: 'Det här är en ersättare för Jitsi: ljud och bild går mellan webbläsare på samma dator.',
    own: 'Din bild',
    ownOff: 'Din kamera är av.',
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
    noCamera:
      'Camera or microphone could not be started. You can take part all the same. Without a camera the others see a drawn picture.',
    mute: 'Mute the microphone',
    cameraOff: 'Turn the camera off',
    leave: 'Leave the meeting',
    sound: 'Turn the sound on',
    others: 'In the meeting',
    alone: 'You are alone here. We wait for the other.',
    came: 'has come in.',
    went: 'has left the meeting.',
    somebody: 'A participant',
    picture: 'Picture of',
    silent: 'microphone off',
    coming: 'The picture is on its way …',
    noPicture: 'The camera is off.',
    disconnected: 'The contact broke. We try again …',
    failed: 'Picture and sound do not come through.',
    you: 'you',
    staff: 'Care staff',
    participant: 'Participant',
    note: 'This stands in for Jitsi: sound and picture go between browsers of the same machine.',
    own: 'Your picture',
    ownOff: 'Your camera is off.',
  },
} as const;

/** What the page's script says, by these names. */
const spoken = [
  'prejoin',
  'in',
  'refused',
  'left',
  'elsewhere',
  'removed',
  'over',
  'lost',
  'came',
  'went',
  'somebody',
  'picture',
  'silent',
  'coming',
  'noPicture',
  'disconnected',
  'failed',
  'you',
  'staff',
  'participant',
] as const;

/** The page of every room: which one it is, and who comes, only its script knows. */
export function roomPage(language: 'sv' | 'en', base: string): string {
  const say = words[language];
  return renderPage({
    language,
    title: say.title,
    stylesheets: [`${base}/files/room.css`],
    scripts: ['call', 'made-up', 'room'].map((name) => `${base}/files/${name}.js`),
    children: (
      <main>
        <h1>{say.title}</h1>
        <p id="state" role="status">
          {say.connecting}
        </p>
        <p id="told" role="status" />
        <section id="everybody" aria-labelledby="others" hidden>
          <h2 id="others">{say.others}</h2>
          <ul id="people" />
          <p id="alone">{say.alone}</p>
        </section>
        <figure id="own" class="tile" hidden>
          <video id="camera" aria-label={say.own} autoplay muted playsInline />
          <p id="own-off" class="instead" hidden>
            {say.ownOff}
          </p>
          <figcaption id="me" class="plate" />
        </figure>
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
          <button id="sound" type="button" hidden>
            {say.sound}
          </button>
          <button id="leave" type="button">
            {say.leave}
          </button>
        </div>
        <small>{say.note}</small>
        <template id="tile">
          <li class="tile">
            <video autoplay playsInline />
            <p class="instead" />
            <p class="plate" />
          </li>
        </template>
        <div hidden>
          {spoken.map((id) => (
            <span key={id} id={`words-${id}`}>
              {say[id]}
            </span>
          ))}
        </div>
      </main>
    ),
  });
}
