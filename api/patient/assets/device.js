'use strict';
/**
 * Tests camera, microphone and sound on this device: nothing is recorded, and no picture or sound is sent.
 * What is found is told in words that stand in the page, and to the clinic: whether each works, and no more.
 */
(() => {
  /** How strong a sound must be, between 0 and 1, and for how many looks, before it counts as one. */
  const HEARD_LEVEL = 0.02;
  const HEARD_LOOKS = 5;
  const SILENT_MS = 8000;
  const STALLED_MS = 1500;
  const TONE_MS = 1500;

  /**
   * @typedef {{
   *   ask(wanted: MediaStreamConstraints): Promise<MediaStream | string>, stop(stream: MediaStream | null): void,
   *   audio(): AudioContext | null, resume(context: AudioContext, isStalled?: boolean): Promise<void>,
   *   levelOf(context: AudioContext, stream: MediaStream): () => number, shownLevel(level: number): number,
   * }} OwnMedia
   */
  const { OwnMedia: own } = /** @type {{ OwnMedia: OwnMedia }} */ (/** @type {unknown} */ (window));

  /** @template {HTMLElement} [T=HTMLElement] @param {string} id */
  const byId = (id) => /** @type {T} */ (document.getElementById(id));

  /** @param {Element} within @param {string} attribute @param {string} which */
  function showOne(within, attribute, which) {
    for (const each of Array.from(within.querySelectorAll(`[${attribute}]`))) {
      /** @type {HTMLElement} */ (each).hidden = each.getAttribute(attribute) !== which;
    }
  }
  /** @param {string} step @param {string} state */
  const say = (step, state) => showOne(byId(`${step}-says`), 'data-says', state);

  /** @param {string} step @param {'works' | 'not-ok'} result */
  function note(step, result) {
    const line = /** @type {HTMLElement} */ (document.querySelector(`[data-result=${step}]`));
    showOne(line, 'data-is', result);
    line.dataset.now = result;
    const lines = Array.from(document.querySelectorAll('[data-result]'));
    const all = lines.every((each) => /** @type {HTMLElement} */ (each).dataset.now === 'works');
    /** @type {HTMLElement} */ (byId('all-work').firstElementChild).hidden = !all;
    tellClinic(step, result);
  }

  const ANSWER_MS = 10000;
  const form = /** @type {HTMLFormElement} */ (byId('device-results'));
  let telling = false;
  let isNews = false;

  /** @param {string} step @param {'works' | 'not-ok'} result */
  function tellClinic(step, result) {
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(step));
    field.value = result === 'works' ? 'works' : 'fails';
    isNews = true;
    if (!telling) void tellAll();
  }

  /** One post after the other, so that the last one is what stands. */
  async function tellAll() {
    telling = true;
    while (isNews) {
      isNews = false;
      showOne(byId('clinic-told'), 'data-says', (await post()) ? 'told' : 'not-told');
    }
    telling = false;
  }

  /** @returns {Promise<boolean>} whether the clinic knows */
  async function post() {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), ANSWER_MS);
    const fields = new URLSearchParams();
    for (const { name, value } of /** @type {HTMLInputElement[]} */ (Array.from(form.elements)))
      fields.append(name, value);
    try {
      const response = await fetch(form.action, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: fields,
        signal: patience.signal,
      });
      return response.ok;
    } catch (_unreachable) {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {'camera' | 'microphone'} step
   * @param {MediaStreamConstraints} wanted
   */
  async function ask(step, wanted) {
    say(step, 'waiting');
    const got = await own.ask(wanted);
    return typeof got === 'string' ? fail(step, got) : got;
  }
  /** @param {'camera' | 'microphone'} step @param {string} refusal */
  function fail(step, refusal) {
    say(step, refusal);
    note(step, 'not-ok');
    return null;
  }

  /** @type {Map<string, MediaStream>} */
  const streams = new Map();
  /** @param {string} step @param {MediaStream | null} stream */
  function keep(step, stream) {
    own.stop(streams.get(step) || null);
    if (stream) streams.set(step, stream);
    else streams.delete(step);
  }

  async function testCamera() {
    keep('camera', null);
    const stream = await ask('camera', { video: { facingMode: 'user' } });
    if (!stream) return;
    keep('camera', stream);
    const picture = /** @type {HTMLVideoElement} */ (byId('camera-picture'));
    picture.hidden = false;
    picture.srcObject = stream;
    // A camera that gives no picture within a while is as good as none.
    const seen = await Promise.race([
      new Promise((resolve) => picture.addEventListener('playing', () => resolve(true), { once: true })),
      new Promise((resolve) => setTimeout(() => resolve(false), SILENT_MS)),
    ]);
    if (streams.get('camera') !== stream) return;
    if (seen) {
      say('camera', 'works');
      note('camera', 'works');
    } else {
      picture.hidden = true;
      keep('camera', null);
      fail('camera', 'not-readable');
    }
  }

  async function testMicrophone() {
    keep('microphone', null);
    // Made while the press still counts: an answer to the question about the microphone can take long.
    const context = own.audio();
    const stream = await ask('microphone', { audio: true });
    if (!stream || !context) {
      if (context) void context.close();
      if (stream) {
        own.stop(stream);
        fail('microphone', 'unsupported');
      }
      return;
    }
    keep('microphone', stream);
    await own.resume(context);
    listen(context, stream);
  }

  /** @param {AudioContext} context @param {MediaStream} stream */
  function listen(context, stream) {
    const levelNow = own.levelOf(context, stream);
    byId('microphone-level').hidden = false;
    let begun = Date.now();
    let clock = context.currentTime;
    let movedAt = begun;
    let heard = 0;
    let told = '';
    let asked = '';
    const pressed = () => void own.resume(context, Date.now() - movedAt > STALLED_MS);
    document.addEventListener('click', pressed);

    function look() {
      if (streams.get('microphone') !== stream) {
        document.removeEventListener('click', pressed);
        void context.close();
        return;
      }
      // A context that does not run hears nothing, whatever the microphone does: that is no silence. After a
      // call or another tab's sound, some say that they run while their clock stands still.
      if (context.currentTime !== clock) movedAt = Date.now();
      clock = context.currentTime;
      const listens = context.state === 'running' && Date.now() - movedAt <= STALLED_MS;
      if (!listens) begun = Date.now();
      const asks = listens ? 'listening' : 'press';
      if (told === '' && asks !== asked) {
        asked = asks;
        say('microphone', asks);
      }
      const level = levelNow();
      /** @type {HTMLMeterElement} */ (byId('level')).value = own.shownLevel(level);
      if (level > HEARD_LEVEL) heard += 1;
      if (heard >= HEARD_LOOKS && told !== 'works') tell('works', 'works');
      else if (told === '' && Date.now() - begun > SILENT_MS) tell('silent', 'not-ok');
      setTimeout(look, 50);
    }
    /** @param {string} state @param {'works' | 'not-ok'} result */
    function tell(state, result) {
      told = state;
      say('microphone', state);
      note('microphone', result);
    }
    look();
  }

  async function testSound() {
    const context = own.audio();
    if (!context) {
      say('sound', 'unsupported');
      return;
    }
    say('sound', 'playing');
    await own.resume(context);
    if (context.state !== 'running') {
      void context.close();
      say('sound', 'press');
      return;
    }
    const gain = context.createGain();
    gain.gain.value = 0.3;
    gain.connect(context.destination);
    const tone = context.createOscillator();
    tone.frequency.value = 523;
    tone.frequency.setValueAtTime(659, context.currentTime + TONE_MS / 3000);
    tone.frequency.setValueAtTime(784, context.currentTime + TONE_MS / 1500);
    tone.connect(gain);
    tone.start();
    setTimeout(() => {
      tone.stop();
      void context.close();
      say('sound', '');
      byId('sound-question').hidden = false;
      byId('sound-heard').focus();
    }, TONE_MS);
  }
  /** @param {boolean} heard */
  function answerSound(heard) {
    byId('sound-question').hidden = true;
    say('sound', heard ? 'works' : 'notHeard');
    note('sound', heard ? 'works' : 'not-ok');
    // The button that had the focus is gone.
    byId('sound-start').focus();
  }

  byId('camera-start').addEventListener('click', () => void testCamera());
  byId('microphone-start').addEventListener('click', () => void testMicrophone());
  byId('sound-start').addEventListener('click', () => void testSound());
  byId('sound-heard').addEventListener('click', () => answerSound(true));
  byId('sound-not-heard').addEventListener('click', () => answerSound(false));
  // Who leaves the page switches the camera off; the browser's back button brings it back untested.
  window.addEventListener('pagehide', () => {
    keep('camera', null);
    keep('microphone', null);
  });
})();
