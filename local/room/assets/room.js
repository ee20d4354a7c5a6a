'use strict';
/**
 * The stand-in's room: takes the token out of its address, shows one's own camera, comes in, and shows the
 * others and lets them see and hear one (call.js). The page that embeds it hears and commands it as it would
 * the real one: by Jitsi's messages, in the envelopes of postis.
 */
(() => {
  /** @template {HTMLElement} [T=HTMLElement] @param {string} id */
  const byId = (id) => /** @type {T} */ (document.getElementById(id));
  const room = location.pathname.slice(location.pathname.lastIndexOf('/') + 1);
  const base = location.pathname.slice(0, location.pathname.lastIndexOf('/'));
  const given = parametersOf(location);
  const name = given.get('userInfo.displayName');
  // As with the real one, a token is for one coming in: a reload has none, and asks whoever sent us here for
  // another.
  history.replaceState(null, '', location.pathname + location.search.replace(/([?&])jwt=[^&]*/, '$1'));

  /**
   * @typedef {{ type: 'offer' | 'answer', sdp: string }} Signal
   * @typedef {{
   *   participantId: string, seat: number, moderator: boolean, name: string | null,
   *   sends: { picture: boolean, sound: boolean }, self: boolean,
   * }} Somebody
   * @typedef {{
   *   open(seat: number, begins: boolean): void, hear(seat: number, signal: Signal): void,
   *   close(seat: number): void, end(): void,
   * }} Call
   * @typedef {new (stream: MediaStream, listener: object) => Call} CallClass
   * @typedef {{ words: string, track: MediaStreamTrack, stop(): void }} MadeUp
   * @typedef {{
   *   who: Somebody, item: HTMLElement, video: HTMLVideoElement, instead: HTMLElement, plate: HTMLElement,
   *   plays: boolean, stands: string,
   * }} Tile
   */
  const { RoomCall, MadeUpPicture } =
    /** @type {{ RoomCall: CallClass, MadeUpPicture: new () => MadeUp }} */ (/** @type {unknown} */ (window));

  let stream = new MediaStream();
  /** In place of a camera. @type {MadeUp | null} */
  let madeUp = null;
  /** @type {Call | null} */
  let call = null;
  /** @type {string | null} */
  let key = null;
  /** @type {EventSource | null} */
  let events = null;

  /**
   * Jitsi's own form: values of the fragment are JSON, the token may also stand in the query.
   * @param {Location} address
   */
  function parametersOf(address) {
    /** @type {Map<string, unknown>} */
    const values = new Map(Array.from(new URLSearchParams(address.search)));
    for (const part of address.hash.slice(1).split('&')) {
      const at = part.indexOf('=');
      if (at < 0) continue;
      try {
        values.set(part.slice(0, at), JSON.parse(decodeURIComponent(part.slice(at + 1))));
      } catch (_wrong) {
        // Not one of ours.
      }
    }
    return values;
  }

  const scope = `jitsi_meet_external_api_${String(given.get('jitsi_meet_external_api_id'))}`;
  const ownId = `${Date.now()}${Math.random()}`;
  /** Whether the page that embeds us listens; until then what is told waits. */
  let isHeard = false;
  /** @type {object[]} */
  const untold = [];

  /** @param {string} method @param {unknown} params */
  function post(method, params) {
    if (window.parent === window) return;
    // Whoever embeds us may hear it: there is nothing personal in it.
    window.parent.postMessage(JSON.stringify({ postis: true, scope, method, params }), '*');
  }

  /** @param {string} name Jitsi's inner name of an event @param {object} [data] */
  function tell(name, data = {}) {
    const message = { type: 'event', data: Object.assign({ name }, data) };
    if (isHeard) post('message', message);
    else untold.push(message);
  }

  /** Each side sends an id of its own until the other sends it back. @param {unknown} id */
  function greet(id) {
    if (id !== ownId) {
      post('__ready__', id);
      return;
    }
    clearInterval(greeting);
    isHeard = true;
    for (const message of untold.splice(0)) post('message', message);
  }

  /** @param {string} id of the words that the page has for it */
  const wordsOf = (id) => {
    const words = byId(`words-${id}`);
    return words ? words.textContent || '' : id;
  };
  /** @param {string} id of the words */
  function say(id, detail = '') {
    byId('state').textContent = `${wordsOf(id)}${detail}`;
  }

  /**
   * @param {MediaStreamConstraints} wanted
   * @returns {Promise<{ tracks: MediaStreamTrack[], refused: string | null }>} refused: why, by the error's name
   */
  async function ask(wanted) {
    try {
      return { tracks: (await navigator.mediaDevices.getUserMedia(wanted)).getTracks(), refused: null };
    } catch (error) {
      return { tracks: [], refused: error instanceof Error ? error.name : '' };
    }
  }

  /** The camera and the microphone of the machine; a made-up picture where there is none. */
  async function openMedia() {
    const { tracks, refused } = await ask({ video: true, audio: true });
    // One of the two may be there all the same. Whoever has said no is not asked twice.
    if (refused !== null && refused !== 'NotAllowedError')
      for (const wanted of [{ video: true }, { audio: true }]) tracks.push(...(await ask(wanted)).tracks);
    byId('no-camera').hidden = refused === null;
    if (!tracks.some(({ kind }) => kind === 'audio')) tell('mic-error', { type: refused || '' });
    if (!tracks.some(({ kind }) => kind === 'video')) {
      tell('camera-error', { type: refused || '' });
      madeUp = new MadeUpPicture();
      tracks.push(madeUp.track);
    }
    stream = new MediaStream(tracks);
    const own = /** @type {HTMLVideoElement} */ (byId('camera'));
    own.srcObject = stream;
    own.classList.toggle('mirrored', madeUp === null);
    byId('own').hidden = false;
  }

  /** @param {string} path @param {object} body */
  const request = (path, body) =>
    fetch(`${base}/${room}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  async function comeIn() {
    byId('prejoin').hidden = true;
    const called = typeof name === 'string' ? { name } : {};
    const response = await request('join', Object.assign({ token: String(given.get('jwt') || '') }, called));
    const answer = /** @type {{ key?: string, refused?: string }} */ (await response.json());
    if (!answer.key) {
      say('refused', ` (${answer.refused || response.status})`);
      byId('state').dataset.fault = answer.refused || '';
      tell('error-occurred', { error: { name: answer.refused, isFatal: true } });
      return;
    }
    key = answer.key;
    say('in');
    byId('controls').hidden = false;
    byId('everybody').hidden = false;
    call = new RoomCall(stream, { send: sendSignal, comes, stands });
    connect(key);
    await tellWhatIsSent();
    tell('video-conference-joined', { roomName: room });
  }

  /** @param {string} mine */
  function connect(mine) {
    events = new EventSource(`${base}/${room}/events?key=${encodeURIComponent(mine)}`);
    events.addEventListener('everybody', (event) => show(JSON.parse(event.data)));
    events.addEventListener('signal', ({ data }) => {
      const { from, signal } = /** @type {{ from: number, signal: Signal }} */ (JSON.parse(data));
      if (call) call.hear(from, signal);
    });
    events.addEventListener('ended', ({ data }) => {
      if (!key) return;
      const { why } = /** @type {{ why: 'elsewhere' | 'removed' | 'over' }} */ (JSON.parse(data));
      ended(why);
      if (why === 'over') {
        tell('error-occurred', { error: { name: 'conference.destroyed', isFatal: false } });
        return;
      }
      // As Jitsi: ready to close where somebody else has come in with the same token, and taken out either
      // way.
      if (why === 'elsewhere') tell('video-ready-to-close');
      tell('participant-kicked-out', { kicked: { local: true }, kicker: {} });
    });
    events.addEventListener('error', () => {
      // While it tries again by itself one is still in; closed for good means that the room has gone.
      if (!key || !events || events.readyState !== EventSource.CLOSED) return;
      ended('lost');
      tell('error-occurred', { error: { name: 'conference.destroyed', isFatal: false } });
    });
  }

  /**
   * What the others are called, by who they are; null until it is first told. @type {Map<string, string> |
   * null}
   */
  let others = null;
  /** @param {Somebody[]} everybody */
  function show(everybody) {
    const [self] = everybody.filter((each) => each.self);
    if (!self) return;
    byId('me').textContent = `${calledOf(self)} (${wordsOf('you')})`;
    if (madeUp) madeUp.words = roleOf(self);
    const there = everybody.filter((each) => !each.self);
    showTiles(there, self.seat);
    tellOfOthers(there);
    byId('alone').hidden = there.length > 0;
    // Alone one has the room for oneself.
    document.body.classList.toggle('with-others', there.length > 0);
  }

  /** @param {Somebody} who */
  const roleOf = (who) => wordsOf(who.moderator ? 'staff' : 'participant');
  /** @param {Somebody} who */
  const calledOf = (who) => who.name || roleOf(who);

  /** To the page that embeds us as Jitsi does, and in words to whoever is here. @param {Somebody[]} there */
  function tellOfOthers(there) {
    const before = others || new Map();
    const now = new Map(there.map((each) => [each.participantId, each.name || '']));
    for (const each of there) {
      const { participantId: id, name: called } = each;
      const displayName = called || '';
      if (before.has(id)) {
        if (before.get(id) !== displayName) tell('display-name-change', { id, displayname: displayName });
        continue;
      }
      tell('participant-joined', { id, displayName });
      if (others) byId('told').textContent = `${calledOf(each)} ${wordsOf('came')}`;
    }
    for (const [id, displayName] of Array.from(before)) {
      if (now.has(id)) continue;
      tell('participant-left', { id });
      byId('told').textContent = `${displayName || wordsOf('somebody')} ${wordsOf('went')}`;
    }
    others = now;
  }

  // The others' pictures.

  /** By seat. @type {Map<number, Tile>} */
  const tiles = new Map();
  /** @param {Somebody[]} there @param {number} ownSeat */
  function showTiles(there, ownSeat) {
    for (const [seat, { item }] of Array.from(tiles)) {
      if (there.some((each) => each.seat === seat)) continue;
      item.remove();
      tiles.delete(seat);
      if (call) call.close(seat);
    }
    for (const who of there) {
      const known = tiles.get(who.seat);
      if (known) known.who = who;
      else {
        tiles.set(who.seat, newTile(who));
        if (call) call.open(who.seat, ownSeat > who.seat);
      }
      showTile(who.seat);
    }
  }

  /** @param {Somebody} who @returns {Tile} */
  function newTile(who) {
    const { content } = /** @type {HTMLTemplateElement} */ (/** @type {unknown} */ (byId('tile')));
    const item = /** @type {HTMLElement} */ (
      /** @type {Element} */ (content.firstElementChild).cloneNode(true)
    );
    /** @template {HTMLElement} [T=HTMLElement] @param {string} what */
    const part = (what) => /** @type {T} */ (item.querySelector(what));
    /** @type {HTMLVideoElement} */
    const video = part('video');
    /** @type {Tile} */
    const tile = {
      who,
      item,
      video,
      instead: part('.instead'),
      plate: part('.plate'),
      plays: false,
      stands: 'new',
    };
    video.addEventListener('playing', () => {
      tile.plays = true;
      showTile(who.seat);
    });
    byId('people').append(item);
    return tile;
  }

  /** Words stand wherever there is no picture now: nobody looks at a black box. @param {number} seat */
  function showTile(seat) {
    const tile = tiles.get(seat);
    if (!tile) return;
    const { who, video, instead, plate, plays, stands: state } = tile;
    plate.textContent = `${calledOf(who)}${who.sends.sound ? '' : ` (${wordsOf('silent')})`}`;
    video.setAttribute('aria-label', `${wordsOf('picture')} ${calledOf(who)}`);
    const isLost = state === 'failed' || state === 'disconnected';
    const why = isLost ? state : !who.sends.picture ? 'noPicture' : plays ? null : 'coming';
    instead.hidden = why === null;
    instead.textContent = why === null ? '' : wordsOf(why);
  }

  /** @param {number} seat @param {MediaStream} theirs */
  function comes(seat, theirs) {
    const tile = tiles.get(seat);
    if (!tile || tile.video.srcObject === theirs) return;
    tile.video.srcObject = theirs;
    void play(tile.video);
  }

  /** A browser may hold sound back until something is pressed. @param {HTMLVideoElement} video */
  async function play(video) {
    try {
      await video.play();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'NotAllowedError') return;
      video.muted = true;
      byId('sound').hidden = false;
      await video.play().catch(() => undefined);
    }
  }

  /** @param {number} seat @param {RTCPeerConnectionState} state */
  function stands(seat, state) {
    const tile = tiles.get(seat);
    if (tile) tile.stands = state;
    showTile(seat);
  }

  /** @param {number} to @param {Signal} signal */
  function sendSignal(to, signal) {
    if (key) void request('signal', { key, to, signal }).catch(() => undefined);
  }

  /** @param {string} called */
  async function callMe(called) {
    if (key) await request('name', { key, name: called });
  }

  async function leave() {
    if (!key) return;
    const mine = key;
    ended('left');
    await request('leave', { key: mine }).catch(() => undefined);
    tell('video-conference-left', { roomName: room });
    tell('video-ready-to-close');
  }

  /** As a moderator, for all who are in. */
  async function endForAll() {
    if (!key) return;
    const mine = key;
    ended('over');
    await request('end', { key: mine }).catch(() => undefined);
    tell('video-conference-left', { roomName: room });
    tell('video-ready-to-close');
  }

  /** @param {string} how */
  function ended(how) {
    key = null;
    if (events) events.close();
    if (call) call.end();
    call = null;
    if (madeUp) madeUp.stop();
    for (const track of stream.getTracks()) track.stop();
    tiles.clear();
    byId('people').replaceChildren();
    document.body.classList.remove('with-others');
    for (const id of ['own', 'controls', 'everybody', 'prejoin', 'told']) byId(id).hidden = true;
    say(how);
  }

  /** @param {'audio' | 'video'} kind */
  const isSent = (kind) => stream.getTracks().some((track) => track.kind === kind && track.enabled);

  /** The others are shown words in place of a black picture. */
  async function tellWhatIsSent() {
    byId('own-off').hidden = isSent('video');
    if (key) await request('sends', { key, picture: isSent('video'), sound: isSent('audio') });
  }

  /** @param {string} id @param {'audio' | 'video'} kind */
  function toggle(id, kind) {
    const off = byId(id).getAttribute('aria-pressed') !== 'true';
    for (const track of stream.getTracks()) if (track.kind === kind) track.enabled = !off;
    byId(id).setAttribute('aria-pressed', String(off));
    tell(`${kind}-mute-status-changed`, { muted: off });
    tellWhatIsSent().catch(() => undefined);
  }

  /** @param {{ name?: string, data?: unknown[] }} command */
  function obey({ name: command, data = [] }) {
    if (command === 'video-hangup') void leave();
    if (command === 'end-conference') void endForAll();
    if (command === 'toggle-audio') toggle('mute', 'audio');
    if (command === 'toggle-video') toggle('camera-off', 'video');
    if (command === 'display-name') void callMe(String(data[0]));
  }

  window.addEventListener('message', ({ source, data }) => {
    if (source !== window.parent || typeof data !== 'string') return;
    const { postis, scope: of, method, params } = JSON.parse(data);
    if (!postis || of !== scope) return;
    if (method === '__ready__') greet(params);
    else if (method === 'message' && params.type === 'event') obey(params.data);
  });
  const greeting = setInterval(() => post('__ready__', ownId), 50);
  byId('leave').addEventListener('click', () => void leave());
  byId('join').addEventListener('click', () => void comeIn());
  byId('mute').addEventListener('click', () => toggle('mute', 'audio'));
  byId('camera-off').addEventListener('click', () => toggle('camera-off', 'video'));
  byId('sound').addEventListener('click', () => {
    byId('sound').hidden = true;
    for (const { video } of Array.from(tiles.values())) video.muted = false;
  });

  async function begin() {
    await openMedia();
    const prejoin = /** @type {{ enabled?: boolean } | undefined} */ (given.get('config.prejoinConfig'));
    if (!prejoin || prejoin.enabled !== false) {
      byId('prejoin').hidden = false;
      say('prejoin');
      tell('prejoin-screen-loaded');
    } else {
      await comeIn();
    }
  }
  void begin();
})();
