'use strict';
/**
 * The stand-in's side of Jitsi's IFrame API: the same address (`external_api.js`), the same class, and of its options, events and
 * commands those that the service uses. The room is a page in an iframe, at the address that Jitsi would have.
 */
(() => {
  // The real one always asks by https; on one machine there is none.
  const here = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src);
  let last = 0;

  /** @typedef {(data: object) => void} Listener */

  class JitsiMeetExternalAPI {
    /**
     * @param {string} domain host of the Jitsi web, with its path if it has one
     * @param {{
     *   roomName: string, parentNode: HTMLElement, jwt?: string, lang?: string, width?: string, height?: string,
     *   configOverwrite?: Record<string, unknown>, userInfo?: { displayName?: string },
     * }} options
     */
    constructor(domain, options) {
      last += 1;
      const id = last;
      /** @type {Map<string, Set<Listener>>} */
      this.listeners = new Map();
      const fragment = new Map([['jitsi_meet_external_api_id', /** @type {unknown} */ (id)]]);
      if (options.jwt) fragment.set('jwt', options.jwt);
      for (const [name, value] of Object.entries(options.configOverwrite || {}))
        fragment.set(`config.${name}`, value);
      for (const [name, value] of Object.entries(options.userInfo || {}))
        fragment.set(`userInfo.${name}`, value);
      const address = new URL(`${here.protocol}//${domain}/${encodeURIComponent(options.roomName)}`);
      if (options.lang) address.searchParams.set('lang', options.lang);
      address.hash = Array.from(fragment)
        .map(([name, value]) => `${name}=${encodeURIComponent(JSON.stringify(value))}`)
        .join('&');

      const frame = document.createElement('iframe');
      frame.allow = 'autoplay; camera; display-capture; fullscreen; microphone';
      frame.name = frame.id = `jitsiConferenceFrame${id}`;
      frame.style.width = options.width || '100%';
      frame.style.height = options.height || '100%';
      frame.style.border = '0';
      frame.src = address.href;
      this.frame = frame;
      this.origin = address.origin;
      /** @param {MessageEvent<{ standInRoom?: number, event?: string, data?: object }>} message */
      this.hear = (message) => {
        if (message.source !== frame.contentWindow || message.origin !== address.origin) return;
        if (message.data.standInRoom !== id || !message.data.event) return;
        for (const tell of Array.from(this.listeners.get(message.data.event) || []))
          tell(message.data.data || {});
      };
      window.addEventListener('message', this.hear);
      options.parentNode.append(frame);
    }

    /** @param {string} event @param {Listener} listener */
    addListener(event, listener) {
      const known = this.listeners.get(event) || new Set();
      this.listeners.set(event, known.add(listener));
      return this;
    }

    /** @param {string} event @param {Listener} listener */
    removeListener(event, listener) {
      const known = this.listeners.get(event);
      if (known) known.delete(listener);
      return this;
    }

    /** @param {'displayName' | 'hangup'} command @param {...unknown} values */
    executeCommand(command, ...values) {
      if (this.frame.contentWindow)
        this.frame.contentWindow.postMessage({ standInRoom: { command, values } }, this.origin);
    }

    getIFrame() {
      return this.frame;
    }

    dispose() {
      window.removeEventListener('message', this.hear);
      this.listeners.clear();
      this.frame.remove();
    }
  }
  Object.assign(window, { JitsiMeetExternalAPI });
})();
