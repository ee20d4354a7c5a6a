'use strict';
/**
 * One's own picture and how loud one is, while one waits: on this device alone. It starts at a press, or by
 * itself where the camera was allowed before, and stops before the room asks for the camera.
 */
(() => {
  const LOOK_MS = 100;
  /**
   * @typedef {{
   *   ask(wanted: MediaStreamConstraints): Promise<MediaStream | string>, stop(stream: MediaStream | null): void,
   *   audio(): AudioContext | null, resume(context: AudioContext): Promise<void>,
   *   levelOf(context: AudioContext, stream: MediaStream): () => number, shownLevel(level: number): number,
   * }} OwnMedia
   */
  const { OwnMedia: own } = /** @type {{ OwnMedia: OwnMedia }} */ (/** @type {unknown} */ (window));
  const section = document.getElementById('self');
  if (!section) return;
  /** @template {HTMLElement} [T=HTMLElement] @param {string} id */
  const byId = (id) => /** @type {T} */ (document.getElementById(id));
  const picture = /** @type {HTMLVideoElement} */ (byId('self-picture'));

  /** @type {MediaStream | null} */
  let stream = null;
  /** @type {AudioContext | null} */
  let context = null;
  /** Counted up by each start and stop: what was begun before is nobody's. */
  let turn = 0;

  /** @param {string} which */
  function say(which) {
    for (const words of Array.from(byId('self-says').querySelectorAll('[data-says]'))) {
      /** @type {HTMLElement} */ (words).hidden = /** @type {HTMLElement} */ (words).dataset.says !== which;
    }
  }

  /** @param {boolean} isPressed */
  async function start(isPressed) {
    stop();
    turn += 1;
    const mine = turn;
    // Made while the press still counts.
    const made = own.audio();
    say('waiting');
    let got = await own.ask({ video: { facingMode: 'user' }, audio: true });
    const seesNothing = typeof got === 'string';
    if (seesNothing) got = await own.ask({ audio: true });
    if (mine !== turn || typeof got === 'string') {
      if (typeof got !== 'string') own.stop(got);
      if (made) void made.close();
      if (mine === turn) say('none');
      return;
    }
    stream = got;
    context = made;
    say(seesNothing ? 'no-picture' : 'works');
    byId('self-start').hidden = true;
    byId('self-stop').hidden = false;
    // The button that was pressed is gone.
    if (isPressed) byId('self-stop').focus();
    if (!seesNothing) {
      picture.srcObject = stream;
      picture.hidden = false;
    }
    if (!made) return;
    await own.resume(made);
    if (mine === turn) listen(made, got, mine);
  }

  /** @param {AudioContext} running @param {MediaStream} heard @param {number} mine */
  function listen(running, heard, mine) {
    const level = own.levelOf(running, heard);
    byId('self-level').hidden = false;
    const look = () => {
      if (mine !== turn) return;
      /** @type {HTMLMeterElement} */ (byId('self-meter')).value = own.shownLevel(level());
      setTimeout(look, LOOK_MS);
    };
    look();
  }

  /** Gives camera and microphone back: a phone lets one page at a time have them. */
  function stop() {
    turn += 1;
    own.stop(stream);
    if (context) void context.close();
    stream = null;
    context = null;
    picture.srcObject = null;
    picture.hidden = true;
    byId('self-level').hidden = true;
    byId('self-start').hidden = false;
    byId('self-stop').hidden = true;
    say('');
  }

  /** Whether the browser has been asked before, and said yes; not every browser tells. */
  async function isAllowed() {
    try {
      const names = /** @type {PermissionName[]} */ (/** @type {unknown} */ (['camera', 'microphone']));
      const states = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
      return states.every(({ state }) => state === 'granted');
    } catch (_unknown) {
      return false;
    }
  }

  byId('self-start').addEventListener('click', () => void start(true));
  byId('self-stop').addEventListener('click', () => {
    stop();
    byId('self-start').focus();
  });
  // The room wants them now.
  document.addEventListener('room-begins', stop);
  window.addEventListener('pagehide', stop);
  const before = turn;
  void isAllowed().then((yes) => {
    if (yes && turn === before) void start(false);
  });
})();
