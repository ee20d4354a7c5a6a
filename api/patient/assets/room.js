'use strict';
/**
 * Waits at the meeting's door, opens by itself, and shows the video room in a frame (video-room.js). The page
 * asks every few seconds how it stands, also while in the room: the clinic's back-up routine shows at once.
 * Words stand in the page; the room's token comes in an answer and is kept nowhere.
 */
(() => {
  /** How often it asks, unless the last answer says otherwise: far from the start there is little to hear. */
  const ASK_MS = 3000;
  const ANSWER_MS = 8000;
  /**
   * How long the room may take before the page says that it takes long, and before it says what happens
   * instead.
   */
  const SLOW_MS = 15000;
  const SILENT_MS = 40000;
  /** How long a frame that has loaded may stay silent: an error page never speaks. */
  const LOADED_MS = 3000;
  /** How long after the call a room may take to say that it can be closed. */
  const CLOSE_MS = 3000;
  const CONFLICTS = 3;

  /**
   * @typedef {{ [name: string]: unknown }} RoomEvent
   * @typedef {{ execute(command: string, ...values: unknown[]): void, dispose(): void }} Room
   * @typedef {new (place: HTMLElement, options: object, hear: (event: string, data: RoomEvent) => void) => Room} RoomClass
   * @typedef {{ url: string, token: string, displayName: string }} Entry
   * @typedef {'elsewhere' | 'removed' | 'ended'} WhyOut
   */
  const { VideoRoom } = /** @type {{ VideoRoom: RoomClass }} */ (/** @type {unknown} */ (window));

  const page = document.getElementById('room');
  if (!page) return;
  /** @param {string} id */
  const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
  // At the desk the page asks at another address while the call goes on: that keeps the login alive.
  const { path = '', language = 'sv', callStatus = 'status', tools = 'tileview,settings' } = page.dataset;
  let csrf = page.dataset.csrf || '';
  const live = () => byId('live');

  /** What the server's clock says, in milliseconds from ours: phones go wrong. */
  let offset = Number(live().dataset.now) - Date.now();
  /** @type {Room | null} */
  let call = null;
  /** How the call stands: whether one has come in, whether one has left it, whether its frame has spoken. */
  let inRoom = { joined: false, left: false, speaks: false, leaving: false };
  /** What the others in the call are called, by their ids in the room. @type {Map<string, string>} */
  const others = new Map();
  let unread = 0;
  let entering = false;
  let loggedOut = false;
  let askAgainMs = ASK_MS;
  /** Whether the door was seen closed: only who has waited is let in without a press. */
  let waited = live().dataset.state !== 'open';
  /** @type {ReturnType<typeof setTimeout>[]} of the call; none outlives it */
  const timers = [];
  /** What may stand in place of how it stands at the door. */
  const outcomes = ['failed', 'out', 'left'];
  const inTrouble = () => outcomes.some((id) => !byId(id).hidden);

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
    document.dispatchEvent(new CustomEvent('logged-out'));
    return true;
  }

  /**
   * A login in another tab has taken this one's place: its token is this page's from now. @param {string}
   * token
   */
  function renewToken(token) {
    if (!token || token === csrf) return;
    csrf = token;
    for (const field of Array.from(document.querySelectorAll('[name=csrf]'))) {
      /** @type {HTMLInputElement} */ (field).value = token;
    }
  }

  async function look() {
    try {
      const response = await ask(`${path}/${call ? callStatus : 'status'}`, {
        headers: { accept: 'application/json' },
      });
      // Of what stands between, such as a proxy, an answer is never data, and says nothing of the login.
      if (!/\bjson\b/.test(response.headers.get('content-type') || '')) {
        say('away');
        return;
      }
      if (isLoggedOut(response)) return;
      if (response.status === 404) {
        // The meeting is not this one's any more: out of the room, and to what a stranger sees (R7.10).
        endCall();
        location.reload();
        return;
      }
      if (!response.ok) {
        say('away');
        return;
      }
      const now =
        /** @type {{ key: string, now: number, csrf: string, chatKey: string, askAgainMs: number }} */ (
          await response.json()
        );
      offset = now.now - Date.now();
      askAgainMs = call ? ASK_MS : now.askAgainMs || ASK_MS;
      renewToken(now.csrf);
      say(entering ? 'connecting' : '');
      // The chat beside the video asks nothing itself (thread.js).
      if (now.chatKey) document.dispatchEvent(new CustomEvent('thread-news', { detail: now.chatKey }));
      // A desk that has locked itself shows nothing new (api/staff/assets/lock.js).
      const isLocked = document.body.classList.contains('locked');
      if (now.key !== live().dataset.key && !isLocked) await showAnew();
    } catch (_unreachable) {
      askAgainMs = ASK_MS;
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
    const moved = live().dataset.startVersion !== news.dataset.startVersion;
    const hadFocus = live().contains(document.activeElement);
    const wasHidden = live().hidden;
    // The region itself stays: what comes together with its own live region is not read out.
    live().innerHTML = news.innerHTML;
    Object.assign(live().dataset, news.dataset);
    document.title = fresh.title;
    // What else the page shows is for whoever made it to take over.
    document.dispatchEvent(new CustomEvent('room-page', { detail: fresh }));
    const state = news.dataset.state || '';
    const over = ['back-up', 'cancelled', 'ended'].indexOf(state) >= 0;
    // The room of a time that the meeting was moved from is nobody's any more.
    if (call && (moved || state === 'back-up' || state === 'cancelled')) endCall();
    if (over || moved) showTrouble(null);
    live().hidden = (call !== null || inTrouble()) && !over;
    countDown();
    showLate();
    // Nothing is read out of a region that was hidden until now: the focus goes there instead.
    if (hadFocus || (wasHidden && !live().hidden && call === null)) byId('state').focus();
    // Who waited here is let in without a press; the room then asks before it shows them.
    if (state === 'open' && waited && !call && byId('left').hidden) void enter({ asksFirst: true });
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
    if (!loggedOut) setTimeout(() => void keepLooking(), askAgainMs);
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

  /**
   * Asks to be let in, afresh each time. @returns {Promise<Entry | null>} null where the page says why not
   */
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

  /** @param {{ asksFirst: boolean }} how whether the room asks before it shows one to the others */
  async function enter({ asksFirst }) {
    if (entering || call) return;
    entering = true;
    showTrouble(null);
    say('connecting');
    try {
      const entry = await askToEnter();
      if (entry) begin(entry, asksFirst);
      else live().hidden = false;
      // From now on the place of the picture says it; that one is logged out stays said.
      if (!loggedOut) say('');
    } catch (_failed) {
      fail();
    }
    entering = false;
  }

  /** @param {Entry} entry @param {boolean} asksFirst */
  function begin(entry, asksFirst) {
    const place = byId('call');
    document.dispatchEvent(new CustomEvent('room-begins'));
    place.hidden = false;
    byId('opening').hidden = false;
    byId('bar').hidden = false;
    document.body.classList.add('in-call');
    // Beside the picture where there is room for both; else a sheet over it, at a press.
    const folded = chat();
    const isWriting = folded !== null && folded.contains(document.activeElement);
    openChat(isWriting || window.matchMedia('(min-width: 64rem)').matches);
    live().hidden = true;
    waited = false;
    inRoom = { joined: false, left: false, speaks: false, leaving: false };
    after(SLOW_MS, () => showSlow(true));
    after(SILENT_MS, failUnlessItSpeaks);
    const config = {
      prejoinConfig: { enabled: asksFirst },
      // A phone would else be sent to an app's page, and the room ask others for pictures of those who are
      // in.
      disableDeepLinking: true,
      disableThirdPartyRequests: true,
      disableInviteFunctions: true,
      readOnlyName: true,
      enableClosePage: false,
      // The rest is in our own bar, in large buttons.
      toolbarButtons: tools.split(','),
    };
    const { url, token, displayName } = entry;
    const title = place.dataset.title || '';
    call = new VideoRoom(place, { url, token, language, displayName, title, config }, (event, data) =>
      hear(event, data, displayName),
    );
    showLate();
    window.scrollTo(0, 0);
    // The button that was pressed is gone. One who writes while it opens by itself goes on writing.
    if (!isWriting) byId('opening').focus();
  }

  /** @param {number} ms @param {() => void} act unless the call has ended by then */
  function after(ms, act) {
    timers.push(setTimeout(act, ms));
  }

  function failUnlessItSpeaks() {
    if (!inRoom.speaks) fail();
  }

  /**
   * What the room's frame tells, by the inner names of Jitsi's events. @param {string} event @param
   * {RoomEvent} data @param {string} displayName
   */
  function hear(event, data, displayName) {
    switch (event) {
      case 'frame-loaded':
        after(LOADED_MS, failUnlessItSpeaks);
        break;
      case 'frame-speaks':
        inRoom.speaks = true;
        break;
      case 'frame-reloaded':
        // Its token is gone with the page that had it.
        if (inRoom.joined) out('ended');
        else fail();
        break;
      case 'prejoin-screen-loaded':
        arrived();
        break;
      case 'video-conference-joined':
        inRoom.joined = true;
        inRoom.left = false;
        arrived();
        for (const id of ['microphone', 'camera-switch', 'turn-camera']) byId(id).hidden = false;
        showPeople();
        if (call) call.execute('display-name', displayName);
        break;
      case 'audio-mute-status-changed':
        show('microphone', data.muted !== true);
        break;
      case 'video-mute-status-changed':
        show('camera-switch', data.muted !== true);
        break;
      case 'camera-error':
        showBlocked('camera');
        break;
      case 'mic-error':
        showBlocked('microphone');
        break;
      case 'participant-joined':
        others.set(String(data.id), String(data.displayName || ''));
        showPeople();
        break;
      case 'display-name-change':
        if (others.has(String(data.id))) others.set(String(data.id), String(data.displayname || ''));
        showPeople();
        break;
      case 'participant-left':
        others.delete(String(data.id));
        showPeople();
        break;
      case 'error-occurred':
        failed(/** @type {{ name?: string, isFatal?: boolean }} */ (data.error || {}));
        break;
      case 'participant-kicked-out':
        if (/** @type {{ local?: boolean }} */ (data.kicked || {}).local) out('removed');
        break;
      case 'video-conference-left':
        inRoom.left = true;
        // The room that ends for all need not say more.
        after(CLOSE_MS, () => {
          if (inRoom.left) out('ended');
        });
        if (inRoom.leaving) left();
        break;
      case 'video-ready-to-close':
        // Ready to close without having left: the same person has come in from elsewhere.
        if (inRoom.joined && !inRoom.left) out('elsewhere');
        else left();
        break;
    }
  }

  /** @param {{ name?: string, isFatal?: boolean }} error */
  function failed({ name, isFatal }) {
    if (name === 'conference.destroyed') out('ended');
    else if (isFatal) fail();
  }

  function arrived() {
    say('');
    showSlow(false);
    const opening = byId('opening');
    const frame = byId('call').querySelector('iframe');
    if (document.activeElement === opening && frame) frame.focus();
    opening.hidden = true;
    for (const timer of timers.splice(0)) clearTimeout(timer);
  }
  /** @param {boolean} yes */
  function showSlow(yes) {
    /** @type {HTMLElement} */ (byId('slow').firstElementChild).hidden = !yes;
  }

  /** @param {string} id of a switch @param {boolean} isOn */
  function show(id, isOn) {
    byId(id).setAttribute('aria-checked', String(isOn));
  }

  /** @param {string | null} device that the browser does not let the room use; null for none */
  function showBlocked(device) {
    for (const words of Array.from(byId('blocked').querySelectorAll('[data-device]'))) {
      const line = /** @type {HTMLElement} */ (words);
      line.hidden = device === null || (line.dataset.device !== device && line.hidden);
    }
    if (device !== null) show(device === 'camera' ? 'camera-switch' : device, false);
  }

  /** Who else is in the call, by the names and titles that they have there. */
  function showPeople() {
    const isIn = call !== null && inRoom.joined;
    const names = Array.from(others.values()).filter((name) => name !== '');
    byId('alone').hidden = !isIn || others.size > 0;
    byId('plates-title').hidden = !isIn || names.length === 0;
    /** @type {HTMLElement} */ (byId('people').querySelector('ul')).replaceChildren(
      ...(isIn ? names : []).map((name) => {
        const plate = document.createElement('li');
        plate.textContent = name;
        return plate;
      }),
    );
  }

  const chat = () => /** @type {HTMLDetailsElement | null} */ (document.getElementById('chat'));
  /** @param {boolean} yes */
  function openChat(yes) {
    const folded = chat();
    if (folded) folded.open = yes;
    showChat();
  }
  function showChat() {
    const folded = chat();
    const isOpen = folded !== null && folded.open;
    byId('open-chat').setAttribute('aria-expanded', String(isOpen));
    document.body.classList.toggle('chat-open', isOpen);
    if (isOpen) showUnread(0);
  }
  /** @param {number} count */
  function showUnread(count) {
    unread = count;
    /** @type {HTMLElement} */ (byId('unread').firstElementChild).hidden = count === 0;
    const mark = /** @type {HTMLElement} */ (byId('open-chat').querySelector('.count'));
    mark.hidden = count === 0;
    /** @type {HTMLElement} */ (mark.firstElementChild).textContent = String(count);
  }
  function goToChat() {
    openChat(true);
    const field = document.getElementById('text') || document.querySelector('#chat > summary');
    if (field) /** @type {HTMLElement} */ (field).focus();
  }

  function endCall() {
    if (call) call.dispose();
    call = null;
    others.clear();
    showPeople();
    showBlocked(null);
    for (const id of ['microphone', 'camera-switch']) show(id, true);
    for (const id of ['microphone', 'camera-switch', 'turn-camera', 'bar']) byId(id).hidden = true;
    for (const timer of timers.splice(0)) clearTimeout(timer);
    showSlow(false);
    document.body.classList.remove('in-call');
    byId('call').hidden = true;
    live().hidden = false;
    showLate();
    document.dispatchEvent(new CustomEvent('room-over'));
  }

  /** Leaves at a press; a room that says nothing of it is taken away. */
  function leave() {
    if (!call || inRoom.leaving) return;
    inRoom.leaving = true;
    call.execute('video-hangup');
    after(CLOSE_MS, left);
  }

  /** Has left by oneself: in again, or done. */
  function left() {
    if (!call) return;
    endCall();
    say('');
    showTrouble('left');
  }

  function fail() {
    endCall();
    say('');
    showTrouble('failed');
  }

  /**
   * Out of the call without having left it by oneself: says why, and how to come in again. @param {WhyOut}
   * why
   */
  function out(why) {
    if (!call) return;
    endCall();
    say('');
    for (const words of Array.from(byId('out').querySelectorAll('[data-why]'))) {
      /** @type {HTMLElement} */ (words).hidden = /** @type {HTMLElement} */ (words).dataset.why !== why;
    }
    showTrouble('out');
  }

  /** @param {'failed' | 'out' | 'left' | null} which is shown in place of how it stands at the door */
  function showTrouble(which) {
    for (const id of outcomes) byId(id).hidden = id !== which;
    if (which === null) return;
    live().hidden = true;
    const headings = Array.from(byId(which).querySelectorAll('h2'));
    const shown = headings.filter((heading) => !heading.closest('[hidden]'))[0];
    if (shown) shown.focus();
  }

  document.addEventListener('submit', (event) => {
    if (/** @type {HTMLElement} */ (event.target).id !== 'enter') return;
    event.preventDefault();
    void enter({ asksFirst: false });
  });
  for (const again of Array.from(document.querySelectorAll('.again')))
    again.addEventListener('click', () => void enter({ asksFirst: false }));
  /** @param {string} id @param {string} command */
  const commands = (id, command) =>
    byId(id).addEventListener('click', () => {
      if (call) call.execute(command);
    });
  commands('microphone', 'toggle-audio');
  commands('camera-switch', 'toggle-video');
  commands('turn-camera', 'toggle-camera');
  byId('leave').addEventListener('click', leave);
  byId('open-chat').addEventListener('click', () => {
    const folded = chat();
    if (folded && folded.open) openChat(false);
    else goToChat();
  });
  document.addEventListener('thread-unread', (event) => {
    const folded = chat();
    if (!folded || folded.open) return;
    if (call) showUnread(unread + /** @type {CustomEvent<number>} */ (event).detail);
    else openChat(true);
  });
  document.addEventListener('click', (event) => {
    if (!(/** @type {Element} */ (event.target).closest('.to-chat')) || !chat()) return;
    event.preventDefault();
    goToChat();
  });
  document.addEventListener('keydown', (event) => {
    const folded = chat();
    if (event.key !== 'Escape' || !call || !folded || !folded.contains(document.activeElement)) return;
    openChat(false);
    byId('open-chat').focus();
  });
  const beside = chat();
  if (beside) beside.addEventListener('toggle', showChat);
  showChat();

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !loggedOut) void look();
  });
  // From the desk's own scripts: a command to the room, and that one has logged in anew beside the call.
  document.addEventListener('room-command', (event) => {
    if (call) call.execute(/** @type {CustomEvent<string>} */ (event).detail);
  });
  document.addEventListener('room-look', () => void look());
  document.addEventListener('desk-open', () => {
    say('');
    if (!loggedOut) return;
    loggedOut = false;
    void keepLooking();
  });
  // The browser's back button: what it kept is old, and its room is gone.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });

  countDown();
  setInterval(countDown, 1000);
  void keepLooking();
})();
