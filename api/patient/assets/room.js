'use strict';
/**
 * Waits at the meeting's door, opens by itself, and embeds the video room by its IFrame API. The page asks every few seconds how it
 * stands, also while in the room: the clinic's back-up routine shows at once. Words stand in the page; the room's token comes in
 * an answer and is kept nowhere.
 */
(() => {
  const ASK_MS = 3000;
  const ANSWER_MS = 8000;
  /** How long the room's script may take, and then the room itself, before the page says what happens instead. */
  const SCRIPT_MS = 10000;
  const SLOW_MS = 30000;
  const CONFLICTS = 3;

  /**
   * @typedef {{
   *   addListener(event: string, listener: (data: object) => void): unknown,
   *   executeCommand(command: string, ...values: unknown[]): void,
   *   getIFrame(): HTMLIFrameElement,
   *   dispose(): void,
   * }} VideoRoom
   * @typedef {new (domain: string, options: object) => VideoRoom} VideoRoomClass
   * @typedef {{ script: string, domain: string, room: string, token: string, displayName: string }} Entry
   */

  const page = document.getElementById('room');
  if (!page) return;
  /** @param {string} id */
  const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const { path = '', afterwards = '', language = 'sv' } = page.dataset;
  let csrf = page.dataset.csrf || '';
  const live = () => byId('live');

  /** What the server's clock says, in milliseconds from ours: phones go wrong. */
  let offset = Number(live().dataset.now) - Date.now();
  /** @type {VideoRoom | null} */
  let call = null;
  let entering = false;
  let loggedOut = false;
  /** Whether the door was seen closed: only who has waited is let in without a press. */
  let waited = live().dataset.state !== 'open';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let slow;

  /** @param {string} which */
  function say(which) {
    for (const words of Array.from(byId('contact').querySelectorAll('[data-says]'))) {
      /** @type {HTMLElement} */ (words).hidden = /** @type {HTMLElement} */ (words).dataset.says !== which;
    }
  }

  /** @param {string} address @param {RequestInit} [init] */
  async function ask(address, init = {}) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), ANSWER_MS);
    try {
      return await fetch(address, Object.assign({ signal: patience.signal }, init));
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {Response} response whether it asks for a login, and says so */
  function isLoggedOut(response) {
    if (response.status !== 401) return false;
    say('logged-out');
    loggedOut = true;
    return true;
  }

  /** A login in another tab has taken this one's place: its token is this page's from now. @param {string} token */
  function renewToken(token) {
    if (!token || token === csrf) return;
    csrf = token;
    for (const field of Array.from(document.querySelectorAll('[name=csrf]'))) {
      /** @type {HTMLInputElement} */ (field).value = token;
    }
  }

  async function look() {
    try {
      const response = await ask(`${path}/status`, { headers: { accept: 'application/json' } });
      // Of what stands between, such as a proxy, an answer is never data, and says nothing of the login.
      if (!/\bjson\b/.test(response.headers.get('content-type') || '')) {
        say('away');
        return;
      }
      if (isLoggedOut(response)) return;
      if (!response.ok) {
        say('away');
        return;
      }
      const now = /** @type {{ key: string, now: number, csrf: string }} */ (await response.json());
      offset = now.now - Date.now();
      renewToken(now.csrf);
      say(entering ? 'connecting' : '');
      if (now.key !== live().dataset.key) await showAnew();
    } catch (_unreachable) {
      say('no-contact');
    }
  }

  /** Takes over what the page now says; the rest of it stays, and the room with it. */
  async function showAnew() {
    const response = await ask(path, { headers: { accept: 'text/html' } });
    if (isLoggedOut(response) || !response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const news = fresh.getElementById('live');
    if (!news) return;
    const before = live().dataset;
    const moved = before.startVersion !== news.dataset.startVersion;
    const hadFocus = live().contains(document.activeElement);
    live().replaceWith(document.adoptNode(news));
    document.title = fresh.title;
    const state = news.dataset.state || '';
    const over = ['back-up', 'cancelled', 'ended'].indexOf(state) >= 0;
    // The room of a time that the meeting was moved from is nobody's any more.
    if (call && (moved || state === 'back-up' || state === 'cancelled')) endCall();
    if (over) byId('failed').hidden = true;
    live().hidden = (call !== null || !byId('failed').hidden) && !over;
    countDown();
    showLate();
    if (hadFocus) byId('state').focus();
    // Who waited here is let in without a press; the room then asks before it shows them.
    if (state === 'open' && waited && !call) void enter({ asksFirst: true });
    if (state !== 'open') waited = true;
  }

  /** Says beside the room what the page says above it where one waits: the clinic is late. */
  function showLate() {
    const late = /** @type {HTMLElement} */ (byId('late').firstElementChild);
    late.hidden = call === null || live().dataset.late !== 'yes';
  }

  async function keepLooking() {
    await look();
    // Without a login there is nothing to ask until the page is loaded anew.
    if (!loggedOut) setTimeout(() => void keepLooking(), ASK_MS);
  }

  /** @param {number} seconds */
  function clockOf(seconds) {
    const two = (/** @type {number} */ value) => (value < 10 ? `0${value}` : String(value));
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    return `${hours > 0 ? `${hours}:${two(minutes)}` : String(minutes)}:${two(seconds % 60)}`;
  }

  function countDown() {
    for (const each of Array.from(document.querySelectorAll('[data-until]'))) {
      const line = /** @type {HTMLElement} */ (each);
      const seconds = Math.ceil((Date.parse(line.dataset.until || '') - Date.now() - offset) / 1000);
      line.hidden = !(seconds > 0 && seconds < 24 * 3600);
      const clock = line.querySelector('.countdown');
      if (clock) clock.textContent = clockOf(Math.max(0, seconds));
    }
  }

  /** Asks to be let in, afresh each time. @returns {Promise<Entry | null>} null where the page says why not */
  async function askToEnter() {
    for (let tries = CONFLICTS; tries > 0; tries -= 1) {
      const response = await ask(`${path}/entry`, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams({ csrf }),
      });
      if (isLoggedOut(response)) return null;
      // The meeting is being changed this moment.
      if (response.status === 409) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        continue;
      }
      if (!response.ok) throw new Error();
      const answer = /** @type {Entry & { refused?: string[] }} */ (await response.json());
      if (!answer.refused) return answer;
      break;
    }
    await showAnew();
    return null;
  }

  /** @param {string} address @returns {Promise<VideoRoomClass>} */
  function loadScript(address) {
    const known = /** @type {{ JitsiMeetExternalAPI?: VideoRoomClass }} */ (/** @type {unknown} */ (window));
    return new Promise((resolve, reject) => {
      if (known.JitsiMeetExternalAPI) {
        resolve(known.JitsiMeetExternalAPI);
        return;
      }
      const script = document.createElement('script');
      const timer = setTimeout(() => reject(new Error()), SCRIPT_MS);
      script.onerror = () => reject(new Error());
      script.onload = () => {
        clearTimeout(timer);
        if (known.JitsiMeetExternalAPI) resolve(known.JitsiMeetExternalAPI);
        else reject(new Error());
      };
      script.src = address;
      document.head.append(script);
    });
  }

  /** @param {{ asksFirst: boolean }} how whether the room asks before it shows one to the others */
  async function enter({ asksFirst }) {
    if (entering || call) return;
    entering = true;
    byId('failed').hidden = true;
    say('connecting');
    try {
      const entry = await askToEnter();
      if (entry) {
        begin(await loadScript(entry.script), entry, asksFirst);
      } else {
        live().hidden = false;
        say('');
      }
    } catch (_failed) {
      fail();
    }
    entering = false;
  }

  /** @param {VideoRoomClass} Room @param {Entry} entry @param {boolean} asksFirst */
  function begin(Room, entry, asksFirst) {
    const place = byId('call');
    place.hidden = false;
    document.body.classList.add('in-call');
    /** @type {HTMLDetailsElement} */ (byId('chat')).open = true;
    live().hidden = true;
    const room = new Room(entry.domain, {
      roomName: entry.room,
      jwt: entry.token,
      lang: language,
      parentNode: place,
      width: '100%',
      height: '100%',
      userInfo: { displayName: entry.displayName },
      configOverwrite: {
        prejoinConfig: { enabled: asksFirst },
        // A phone would else be sent to an app's page, and the room ask others for pictures of those who are in.
        disableDeepLinking: true,
        disableThirdPartyRequests: true,
        disableInviteFunctions: true,
        readOnlyName: true,
        enableClosePage: false,
        toolbarButtons: ['microphone', 'camera', 'toggle-camera', 'tileview', 'settings', 'hangup'],
      },
    });
    call = room;
    showLate();
    room.getIFrame().title = place.dataset.title || '';
    slow = setTimeout(() => showSlow(true), SLOW_MS);
    room.addListener('prejoinScreenLoaded', arrived);
    room.addListener('videoConferenceJoined', () => {
      arrived();
      room.executeCommand('displayName', entry.displayName);
    });
    room.addListener('errorOccurred', (/** @type {{ error?: { isFatal?: boolean } }} */ { error }) => {
      if (error && error.isFatal) fail();
    });
    room.addListener('readyToClose', left);
    place.scrollIntoView();
  }

  function arrived() {
    say('');
    showSlow(false);
  }
  /** @param {boolean} yes */
  function showSlow(yes) {
    clearTimeout(slow);
    /** @type {HTMLElement} */ (byId('slow').firstElementChild).hidden = !yes;
  }

  function endCall() {
    if (call) call.dispose();
    call = null;
    showSlow(false);
    document.body.classList.remove('in-call');
    byId('call').hidden = true;
    live().hidden = false;
    showLate();
    forget();
  }

  /** The room's script keeps its settings, the shown name among them, in this site's storage; a phone may be shared. */
  function forget() {
    try {
      window.localStorage.removeItem('jitsiLocalStorage');
    } catch (_closed) {
      // No storage, nothing kept.
    }
  }

  function left() {
    endCall();
    location.assign(afterwards);
  }

  function fail() {
    endCall();
    say('');
    const failed = byId('failed');
    failed.hidden = false;
    live().hidden = true;
    /** @type {HTMLElement} */ (failed.querySelector('h2')).focus();
  }

  document.addEventListener('submit', (event) => {
    if (/** @type {HTMLElement} */ (event.target).id !== 'enter') return;
    event.preventDefault();
    void enter({ asksFirst: false });
  });
  byId('again').addEventListener('click', () => void enter({ asksFirst: false }));
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !loggedOut) void look();
  });
  window.addEventListener('pagehide', forget);
  // The browser's back button: what it kept is old, and its room is gone.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });

  forget();
  countDown();
  setInterval(countDown, 1000);
  void keepLooking();
})();
