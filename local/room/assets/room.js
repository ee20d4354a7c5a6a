'use strict';
/**
 * The stand-in's room: takes the token out of its address, shows one's own camera, comes in, and shows who
 * else is in. The page that embeds it hears and commands it as it would the real one: by Jitsi's messages, in
 * the envelopes of postis.
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

  /** @type {MediaStream | null} */
  let stream = null;
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
  function say(id, detail = '') {
    const words = byId(`words-${id}`);
    byId('state').textContent = `${words ? words.textContent : id}${detail}`;
  }

  async function showCamera() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
      byId('own').hidden = false;
      /** @type {HTMLVideoElement} */ (byId('camera')).srcObject = stream;
    } catch (error) {
      byId('no-camera').hidden = false;
      tell('camera-error', { type: error instanceof Error ? error.name : '' });
    }
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
    const response = await request('join', { token: String(given.get('jwt') || '') });
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
    connect(key);
    if (typeof name === 'string') await callMe(name);
    tell('video-conference-joined', { roomName: room });
  }

  /** @param {string} mine */
  function connect(mine) {
    events = new EventSource(`${base}/${room}/events?key=${encodeURIComponent(mine)}`);
    events.addEventListener('everybody', (event) => show(JSON.parse(event.data)));
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

  /** What the others are called, by who they are. @type {Map<string, string>} */
  let others = new Map();
  /** @param {{ participantId: string, moderator: boolean, name: string | null, self: boolean }[]} everybody */
  function show(everybody) {
    byId('people').replaceChildren(
      ...everybody.map((each) => {
        const item = document.createElement('li');
        const called = each.name || byId(each.moderator ? 'words-staff' : 'words-participant').textContent;
        item.textContent = `${called}${each.self ? ` (${byId('words-you').textContent})` : ''}`;
        return item;
      }),
    );
    const now = new Map(
      everybody.filter(({ self }) => !self).map((each) => [each.participantId, each.name || '']),
    );
    for (const [id, displayName] of Array.from(now)) {
      if (!others.has(id)) tell('participant-joined', { id, displayName });
      else if (others.get(id) !== displayName) tell('display-name-change', { id, displayname: displayName });
    }
    for (const id of Array.from(others.keys())) if (!now.has(id)) tell('participant-left', { id });
    others = now;
    byId('alone').hidden = now.size > 0;
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
    if (stream) stream.getTracks().forEach((track) => track.stop());
    for (const id of ['own', 'controls', 'everybody', 'prejoin']) byId(id).hidden = true;
    say(how);
  }

  /** @param {string} id @param {'audio' | 'video'} kind */
  function toggle(id, kind) {
    if (!stream) return;
    const off = byId(id).getAttribute('aria-pressed') !== 'true';
    for (const track of stream.getTracks()) if (track.kind === kind) track.enabled = !off;
    byId(id).setAttribute('aria-pressed', String(off));
    tell(`${kind}-mute-status-changed`, { muted: off });
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

  async function begin() {
    await showCamera();
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
