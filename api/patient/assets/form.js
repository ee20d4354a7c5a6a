'use strict';
/**
 * Keeps a form as it is filled in: what was changed is saved a moment after, and again and again until it is.
 * Nothing is kept on the device, which may be shared. A form is sent only when all of it is saved, so that no
 * lost connection and no ended login takes anything away.
 */
(() => {
  const WAIT_MS = 700;
  const TRY_AGAIN_MS = [2000, 5000, 10000];
  const PREFIX = 'q.';

  const form = /** @type {HTMLFormElement | null} */ (document.getElementById('form'));
  const status = document.getElementById('saved');
  // What has come of the last step; not every browser heeds `autofocus` on what is no field.
  const first = /** @type {HTMLElement | null} */ (document.querySelector('main [autofocus]'));
  if (first) first.focus();
  if (!form || !status) return;

  /** Names of fields that were changed and are not saved yet. @type {Set<string>} */
  const changed = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** The saving under way; resolves to whether all is saved. @type {Promise<boolean> | null} */
  let saving = null;
  let failures = 0;
  let leaving = false;
  let sending = false;

  /** @param {string} which of the words that the page has for it */
  function say(which) {
    if (!status) return;
    for (const words of Array.from(status.querySelectorAll('[data-says]'))) {
      /** @type {HTMLElement} */ (words).hidden = /** @type {HTMLElement} */ (words).dataset.says !== which;
    }
    status.dataset.state = which;
  }

  /** The values of some fields; one that was emptied is sent as empty. @param {Iterable<string>} names */
  function valuesOf(names) {
    const all = new FormData(/** @type {HTMLFormElement} */ (form));
    const fields = new URLSearchParams();
    fields.set('csrf', String(all.get('csrf')));
    fields.set('seen', String(all.get('seen')));
    for (const name of names) {
      const values = all.getAll(name).map(String);
      for (const value of values.length > 0 ? values : ['']) fields.append(name, value);
    }
    return fields;
  }

  /** After a new login the page's forms need its token: it stands in a fresh copy of this page. */
  async function renewToken() {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } });
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const token = /** @type {HTMLInputElement | null} */ (fresh.querySelector('[name=csrf]'));
    if (!response.ok || !token) return false;
    for (const field of Array.from(document.querySelectorAll('[name=csrf]'))) {
      /** @type {HTMLInputElement} */ (field).value = token.value;
    }
    return true;
  }

  /** @param {string[]} names */
  const post = (names) =>
    fetch(/** @type {HTMLFormElement} */ (form).dataset.draft || '', {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: valuesOf(names),
    });

  /** Of what stands between, such as a proxy, an answer is never data. @param {Response} response */
  const isOurs = ({ headers }) => /\bjson\b/.test(headers.get('content-type') || '');

  /** What is wrong, by an answer that says no. @param {Response} response */
  async function wordsFor(response) {
    const { status } = response;
    if (status === 413) return 'too-much';
    if (!isOurs(response)) return 'away';
    // 404: whoever has logged in may not see it any more.
    if (status === 401 || status === 403 || status === 404) return 'logged-out';
    if (status === 409) {
      const { refused } = /** @type {{ refused?: string }} */ (await response.json());
      if (refused === 'sent-elsewhere') return refused;
    }
    // What was sent cannot be kept as it is: the same again would get the same answer.
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) return 'refused';
    return 'away';
  }
  /** Nothing is tried again by itself: one logs in, or changes what is written, first. */
  const waitsForPerson = () =>
    ['logged-out', 'too-much', 'refused', 'sent-elsewhere'].indexOf((status && status.dataset.state) || '') >=
    0;

  async function saveOnce() {
    const names = Array.from(changed);
    changed.clear();
    try {
      let response = await post(names);
      if (response.status === 403 && (await renewToken())) response = await post(names);
      if (response.ok && isOurs(response)) {
        const { savedAt = '' } = /** @type {{ savedAt?: string }} */ (await response.json());
        const time = document.querySelector('[data-saved-at]');
        if (time) time.textContent = savedAt;
        return true;
      }
      say(await wordsFor(response));
    } catch (_unreachable) {
      say('offline');
    }
    for (const name of names) changed.add(name);
    return false;
  }

  /** Saves all that is changed, also what is changed meanwhile. */
  async function save() {
    clearTimeout(timer);
    while (changed.size > 0) {
      say('saving');
      if (!(await saveOnce())) {
        if (!waitsForPerson()) {
          timer = setTimeout(start, TRY_AGAIN_MS[Math.min(failures, TRY_AGAIN_MS.length - 1)]);
        }
        failures += 1;
        return false;
      }
    }
    failures = 0;
    say('saved');
    return true;
  }

  function start() {
    if (!saving) {
      saving = save().then((done) => {
        saving = null;
        return done;
      });
    }
    return saving;
  }

  /** What is typed tells of each letter. @param {HTMLInputElement} field */
  const isTyped = ({ tagName, type }) => tagName === 'TEXTAREA' || type === 'text' || type === 'date';

  /** @param {Event} event */
  function note(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const { name } = field;
    if (!name || name.indexOf(PREFIX) !== 0) return;
    // It was noted as it was typed. Told again as the button is pressed, it would move the words above the
    // button, and the button from under the finger: nothing would be pressed.
    if (event.type === 'change' && isTyped(field)) return;
    changed.add(name);
    // The parts of a date go together.
    const parts = field.closest('.date-parts');
    for (const part of parts ? Array.from(parts.querySelectorAll('input')) : []) changed.add(part.name);
    countAnswers();
    // "Saved" is no longer true; what stands there of a lost connection or login still is.
    if (status && status.dataset.state === 'saved') say('changed');
    clearTimeout(timer);
    timer = setTimeout(start, WAIT_MS);
  }

  /** How many questions have an answer: by the names of what is filled in, the parts of a date as one. */
  function countAnswers() {
    const answered = new Set();
    for (const [name, value] of Array.from(new FormData(/** @type {HTMLFormElement} */ (form)))) {
      if (name.indexOf(PREFIX) === 0 && String(value).trim() !== '') answered.add(name.split('.')[1]);
    }
    const count = document.querySelector('[data-answered]');
    const bar = /** @type {HTMLProgressElement | null} */ (document.getElementById('answered'));
    if (count) count.textContent = String(answered.size);
    if (bar) bar.value = answered.size;
  }
  form.addEventListener('input', note);
  form.addEventListener('change', note);

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (sending) return;
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter || document.activeElement);
    sending = true;
    void send(button && button.name === 'do' ? button.value : 'check').then((sent) => {
      sending = sent;
    });
  });
  /** @param {string} what @returns {Promise<boolean>} whether the form is on its way */
  async function send(what) {
    // One question at least goes along, so that a connection or a login that has gone is noticed while the
    // page is still here.
    if (changed.size === 0) {
      const first = /** @type {HTMLInputElement | null} */ (
        /** @type {HTMLFormElement} */ (form).querySelector(`[name^="${PREFIX}"]`)
      );
      if (first) changed.add(first.name);
    }
    if (saving) await saving;
    if (!(await start())) {
      /** @type {HTMLElement} */ (status).focus();
      return false;
    }
    leaving = true;
    const chosen = document.createElement('input');
    chosen.type = 'hidden';
    chosen.name = 'do';
    chosen.value = what;
    const sent = /** @type {HTMLFormElement} */ (form);
    sent.append(chosen);
    sent.submit();
    chosen.remove();
    return true;
  }

  window.addEventListener('online', () => void (changed.size > 0 && start()));
  document.addEventListener('visibilitychange', () => {
    if (changed.size === 0) return;
    if (document.hidden)
      navigator.sendBeacon(/** @type {HTMLFormElement} */ (form).dataset.draft || '', valuesOf(changed));
    else void start();
  });
  window.addEventListener('beforeunload', (event) => {
    if (leaving || (changed.size === 0 && !saving)) return;
    event.preventDefault();
    // What older browsers go by.
    event.returnValue = true;
  });
  // The browser's back button brings the page as it was left.
  window.addEventListener('pageshow', () => {
    leaving = false;
    sending = false;
  });
})();
