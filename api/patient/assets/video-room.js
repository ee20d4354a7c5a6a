'use strict';
/**
 * The video room in a frame. It speaks the protocol of Jitsi's IFrame API: JSON messages between the two
 * windows, in the envelopes of the library postis. It stands in for Jitsi's `external_api.js`: a script of
 * the room's host would run with the patient's session.
 */
(() => {
  const READY = '__ready__';
  const MESSAGE = 'message';
  /**
   * What the room's frame may use: scripts and its own storage, never our page, other windows or downloads.
   */
  const SANDBOX = 'allow-scripts allow-same-origin allow-forms';
  const ALLOW = ['autoplay', 'camera', 'display-capture', 'fullscreen', 'microphone'];

  /** @typedef {{ method?: string, params?: unknown, postis?: boolean, scope?: string }} Envelope */

  let last = 0;

  /** @param {string} text @returns {Envelope | null} */
  function envelopeOf(text) {
    try {
      return JSON.parse(text);
    } catch (_other) {
      return null;
    }
  }

  class VideoRoom {
    /**
     * @param {HTMLElement} place where the frame is put
     * @param {{
     *   url: string, token: string, language: string, displayName: string, title: string, config: Record<string, unknown>,
     * }} options url: the room's address; token: opens it; title: of the frame, for screen readers
     * @param {(event: string, data: { [name: string]: unknown }) => void} hear told of each event by Jitsi's inner name, such as
     *   `video-conference-joined`, and of three of ours: `frame-loaded`, `frame-speaks` (it has a room that tells) and `frame-reloaded`
     */
    constructor(place, options, hear) {
      last += 1;
      this.hear = hear;
      this.scope = `jitsi_meet_external_api_${last}`;
      /** Ours: the frame sends it back when it listens. */
      this.ownId = `${Date.now()}${Math.random()}`;
      this.speaks = false;
      this.ready = false;
      /** @type {unknown[]} */
      this.waiting = [];

      const address = new URL(options.url);
      address.searchParams.set('lang', options.language);
      // The fragment: no browser sends it to a server or names it as a referrer.
      /** @type {Record<string, unknown>} */
      const fragment = { jitsi_meet_external_api_id: last, jwt: options.token };
      for (const name of Object.keys(options.config)) fragment[`config.${name}`] = options.config[name];
      fragment['userInfo.displayName'] = options.displayName;
      address.hash = Object.keys(fragment)
        .map((name) => `${name}=${encodeURIComponent(JSON.stringify(fragment[name]))}`)
        .join('&');
      this.origin = address.origin;

      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', SANDBOX);
      frame.allow = ALLOW.map((feature) => `${feature} ${address.origin}`).join('; ');
      frame.referrerPolicy = 'no-referrer';
      frame.title = options.title;
      frame.src = address.href;
      let loads = 0;
      frame.addEventListener('load', () => {
        loads += 1;
        this.hear(loads === 1 ? 'frame-loaded' : 'frame-reloaded', {});
      });
      this.frame = frame;
      /** @param {MessageEvent} message */
      this.listener = (message) => this.receive(message);
      window.addEventListener('message', this.listener);
      place.append(frame);
    }

    /** @param {MessageEvent} message of whatever window; only the frame's own page is heard */
    receive({ source, origin, data }) {
      if (source !== this.frame.contentWindow || origin !== this.origin || typeof data !== 'string') return;
      const envelope = envelopeOf(data);
      if (!envelope || envelope.postis !== true || envelope.scope !== this.scope) return;
      if (envelope.method === READY) this.greet(envelope.params);
      else if (envelope.method === MESSAGE) this.tell(envelope.params);
    }

    /** Each side sends an id of its own until the other has sent it back. @param {unknown} id */
    greet(id) {
      if (id === this.ownId) {
        this.ready = true;
        for (const message of this.waiting.splice(0)) this.post(MESSAGE, message);
        return;
      }
      this.post(READY, id);
      if (!this.ready) this.post(READY, this.ownId);
      if (!this.speaks) this.hear('frame-speaks', {});
      this.speaks = true;
    }

    /** @param {unknown} message */
    tell(message) {
      const { type, data } = /** @type {{ type?: string, data?: { name?: unknown } }} */ (message || {});
      if (type !== 'event' || !data || typeof data.name !== 'string') return;
      this.hear(data.name, data);
    }

    /** @param {string} command by Jitsi's inner name, such as `display-name` @param {...unknown} values */
    execute(command, ...values) {
      const message = { type: 'event', data: { name: command, data: values } };
      if (this.ready) this.post(MESSAGE, message);
      else this.waiting.push(message);
    }

    /** @param {string} method @param {unknown} params */
    post(method, params) {
      const envelope = JSON.stringify({ postis: true, scope: this.scope, method, params });
      if (this.frame.contentWindow) this.frame.contentWindow.postMessage(envelope, this.origin);
    }

    /** Takes the frame away; nothing is heard after it. */
    dispose() {
      window.removeEventListener('message', this.listener);
      this.hear = () => undefined;
      this.frame.remove();
    }
  }

  Object.assign(window, { VideoRoom });
})();
