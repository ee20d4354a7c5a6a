'use strict';
/**
 * A thread as it goes on: tells by itself when there is something new, keeps what is half written, takes
 * files as they are chosen and sends without leaving the page, which may hold a call. An event says only that
 * there is something new; the page then asks for itself. Words stand in the page, and nothing is kept on the
 * device, which may be shared.
 */
(() => {
  const SAVE_MS = 700;
  const SAVE_AGAIN_MS = 5000;
  const POLL_MS = 15000;
  /** How long until the next try, after one more failure each time. */
  const TRY_AGAIN_MS = [2000, 5000, 10000, 20000, 30000];
  const ANSWER_MS = 10000;
  /** How long nothing may go out, and then how long the answer may take, once all has gone. */
  const STALLED_MS = 60000;
  const SENT_MS = 180000;

  const thread = document.getElementById('thread');
  if (!thread) return;
  const { path = '', events, every, draft, askedBy } = thread.dataset;
  let csrf = thread.dataset.csrf || '';
  /** What the page shows: news is what differs from it. */
  let key = thread.dataset.key || '';
  /** @type {EventSource | null} */
  let source = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let nextTry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let nextSave;
  let failures = 0;
  /** Somebody else's page by now, or nobody's: there is nothing more to ask. */
  let isOver = false;
  /** Until one has logged in again, in another window. */
  let isLoggedOut = false;
  let looking = false;
  let posting = false;
  let isSaved = true;
  let unread = false;

  /** @param {string} id */
  const find = (id) => document.getElementById(id);
  const form = () => /** @type {HTMLFormElement | null} */ (find('message'));
  const field = () => /** @type {HTMLTextAreaElement | null} */ (find('text'));

  /** @param {string} where @param {string} which of the words that the page has for it */
  function say(where, which) {
    const place = find(where);
    if (!place) return;
    for (const words of Array.from(place.querySelectorAll('[data-says]'))) {
      /** @type {HTMLElement} */ (words).hidden = /** @type {HTMLElement} */ (words).dataset.says !== which;
    }
    place.dataset.state = which;
  }

  /** @param {string} address @param {RequestInit} [init] @param {number} [patienceMs] */
  async function ask(address, init = {}, patienceMs = ANSWER_MS) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), patienceMs);
    try {
      return await fetch(address, Object.assign({ signal: patience.signal }, init));
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Posts a form and its files. It may take as long as it takes while something goes out: only that tells a slow connection from a lost one.
   * @param {FormData} fields @returns {Promise<Response>}
   */
  const upload = (fields) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      let patience;
      /** @param {number} ms */
      const wait = (ms) => {
        clearTimeout(patience);
        patience = setTimeout(() => request.abort(), ms);
      };
      request.open('POST', path);
      request.setRequestHeader('accept', 'text/html');
      request.upload.onprogress = () => wait(STALLED_MS);
      request.upload.onload = () => wait(SENT_MS);
      request.onloadend = () => {
        clearTimeout(patience);
        if (request.status === 0) {
          reject(new Error());
          return;
        }
        const isEmpty = [204, 205, 304].indexOf(request.status) >= 0;
        const response = new Response(isEmpty ? null : request.responseText, {
          status: request.status,
          headers: { 'content-type': request.getResponseHeader('content-type') || '' },
        });
        // Where it was led on to, which a response that is made here does not know.
        Object.defineProperty(response, 'url', { value: request.responseURL });
        resolve(response);
      };
      wait(STALLED_MS);
      request.send(fields);
    });

  /** @param {Response} response */
  const pageIn = async (response) => new DOMParser().parseFromString(await response.text(), 'text/html');

  /**
   * A login in another tab has taken this one's place: its token is this page's from now. @param {string}
   * token
   */
  function renewToken(token) {
    if (!token || token === csrf) return;
    csrf = token;
    const own = /** @type {HTMLInputElement | null} */ (document.querySelector('#message [name=csrf]'));
    if (own) own.value = token;
  }

  /** Of what stands between, such as a proxy, an answer is never data. @param {Response} response */
  const isData = ({ headers }) => /\bjson\b/.test(headers.get('content-type') || '');

  // What is new.

  async function look() {
    if (looking || isOver) return;
    looking = true;
    try {
      const response = await ask(`${path}/status`, { headers: { accept: 'application/json' } });
      if (!isData(response)) say('thread-said', 'away');
      else if (response.status === 401) {
        isLoggedOut = true;
        say('thread-said', 'logged-out');
        pause();
      } else if (response.status === 403 || response.status === 404) stop();
      else if (!response.ok) throw new Error();
      else {
        const now = /** @type {{ key: string, csrf: string }} */ (await response.json());
        isLoggedOut = false;
        renewToken(now.csrf);
        if (['no-contact', 'away', 'logged-out'].indexOf(said() || '') >= 0) say('thread-said', '');
        await showIfNew(now.key);
      }
    } catch (_unreachable) {
      say('thread-said', 'no-contact');
    }
    looking = false;
  }

  const said = () => {
    const place = find('thread-said');
    return place ? place.dataset.state : '';
  };

  /** @param {string} now */
  async function showIfNew(now) {
    if (now === key || posting) return;
    const response = await ask(`${path}/news`, { headers: { accept: 'text/html' } });
    if (!response.ok) throw new Error();
    takeOver(await pageIn(response), { keepsForm: true });
  }

  /** Adds what is new to what the page shows. @param {Document} fresh @param {{ keepsForm: boolean }} how */
  function takeOver(fresh, { keepsForm }) {
    const news = fresh.getElementById('thread');
    const list = find('messages');
    if (!news || !list) return;
    key = news.dataset.key || key;
    const state = fresh.getElementById('thread-state');
    const own = find('thread-state');
    if (state && own) own.innerHTML = state.innerHTML;
    const added = Array.from(fresh.querySelectorAll('#messages > li')).filter(({ id }) => !find(id));
    for (const message of added) list.append(document.adoptNode(message));
    const none = find('no-messages');
    if (none && added.length > 0) none.remove();
    // Where one may begin or must stop writing, the form comes or goes; what is being written stays.
    const mayWrite = fresh.getElementById('message') !== null;
    if (!keepsForm || mayWrite !== (form() !== null)) takeForm(fresh, mayWrite);
    const others = added.filter((message) => message.className === 'others');
    const last = /** @type {HTMLElement | undefined} */ (others[others.length - 1]);
    if (last) tellOfNew(last.dataset.who || '', others.length);
    if (every && added.length > 0) list.scrollTop = list.scrollHeight;
  }

  /** @param {Document} fresh @param {boolean} mayWrite */
  function takeForm(fresh, mayWrite) {
    const place = find('compose');
    const other = fresh.getElementById('compose');
    const written = field();
    if (!place || !other) return;
    const text = written && !mayWrite ? written.value : '';
    place.replaceWith(document.adoptNode(other));
    // The matter was closed while one wrote: what was written is still here to be copied.
    if (text && written && !other.querySelector('#unsent')) {
      written.readOnly = true;
      other.prepend(written);
    }
  }

  /** @param {string} who @param {number} count */
  function tellOfNew(who, count) {
    const place = document.querySelector('[data-new-from]');
    if (place) place.textContent = who;
    say('thread-said', 'new');
    unread = true;
    // Whether it unfolds or is only marked, the page decides that it is folded away on.
    document.dispatchEvent(new CustomEvent('thread-unread', { detail: count }));
  }

  /**
   * News that came by itself was read when somebody is here: only then the patient needs no other notice of
   * it.
   */
  function read() {
    if (!unread || document.hidden || isOver) return;
    unread = false;
    const shown = document.querySelectorAll('#messages > li');
    const last = shown[shown.length - 1];
    if (events)
      void ask(`${path}/read`, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams({ csrf, last: last ? last.id.slice('m-'.length) : '0' }),
      }).catch(() => (unread = true));
  }

  function stop() {
    isOver = true;
    pause();
  }

  function pause() {
    clearTimeout(nextTry);
    if (source) source.close();
    source = null;
  }

  /** @param {number} ms */
  function again(ms) {
    clearTimeout(nextTry);
    if (!isOver && !isLoggedOut && !document.hidden) nextTry = setTimeout(listen, ms);
  }

  /** Hears of news as they come; where that does not work, asks now and then. */
  function listen() {
    pause();
    // Beside the video the room's script asks, and tells what it hears.
    if (isOver || document.hidden || askedBy) return;
    if (isLoggedOut || !events || !('EventSource' in window)) {
      void look().then(() => again(every ? Number(every) : POLL_MS));
      return;
    }
    const opened = new EventSource(`${path}/events`);
    source = opened;
    opened.onmessage = ({ data }) => {
      failures = 0;
      if (said() === 'no-contact' || said() === 'away') say('thread-said', '');
      showIfNew(String(data)).catch(() => failed());
    };
    opened.onerror = failed;
  }

  document.addEventListener('thread-news', (event) => {
    if (!askedBy || isOver || looking) return;
    looking = true;
    showIfNew(String(/** @type {CustomEvent} */ (event).detail))
      // Asked again soon.
      .catch(() => undefined)
      .then(() => (looking = false));
  });

  function failed() {
    pause();
    const ms = TRY_AGAIN_MS[Math.min(failures, TRY_AGAIN_MS.length - 1)] || POLL_MS;
    failures += 1;
    // Not all at once, after a server has gone.
    void look().then(() => again(ms * (0.75 + Math.random() / 2)));
  }

  // What one writes.

  /** After a new login in another window the form needs its token. @param {() => Promise<Response>} send */
  async function withToken(send) {
    const response = await send();
    if (response.status !== 403) return response;
    await look();
    return isLoggedOut || isOver ? response : send();
  }

  /**
   * What is written so far, and of which form: what comes late is not kept once that form was sent. @param
   * {string} text
   */
  function draftOf(text) {
    const key = /** @type {HTMLInputElement | null} */ (document.querySelector('#message [name=formKey]'));
    return new URLSearchParams({ csrf, text, formKey: key ? key.value : '' });
  }

  async function save() {
    const text = field();
    if (!draft || !text || posting) return;
    const value = text.value;
    try {
      const response = await withToken(() =>
        ask(`${path}/draft`, {
          method: 'POST',
          headers: { accept: 'application/json' },
          body: draftOf(value),
        }),
      );
      if (response.status === 413) say('written', 'too-much');
      else if (!isData(response)) {
        say('written', 'away');
        saveIn(SAVE_AGAIN_MS);
      } else if ([401, 403, 404].indexOf(response.status) >= 0) say('written', 'logged-out');
      else if (!response.ok) throw new Error();
      else if (field() === text && text.value === value) {
        isSaved = true;
        const { at } = /** @type {{ at: string }} */ (await response.json());
        const place = document.querySelector('[data-saved-at]');
        if (place) place.textContent = at;
        say('written', 'saved');
      }
    } catch (_unreachable) {
      say('written', 'offline');
      saveIn(SAVE_AGAIN_MS);
    }
  }

  /** @param {number} ms */
  function saveIn(ms) {
    clearTimeout(nextSave);
    nextSave = setTimeout(() => void save(), ms);
  }

  /** Posts the form as it is, and takes over what comes of it. @param {'send' | 'attach'} what */
  async function post(what) {
    const posted = form();
    if (!posted || posting) return;
    posting = true;
    clearTimeout(nextSave);
    say('written', what === 'send' ? 'sending' : 'attaching');
    const fields = new FormData(posted);
    fields.set('do', what);
    try {
      const response = await withToken(() => {
        fields.set('csrf', csrf);
        return upload(fields);
      });
      if (response.status === 401) say('written', 'logged-out');
      else {
        const fresh = await pageIn(response);
        // Words of another page, or of none: nothing is taken for sent.
        if (!fresh.getElementById('thread')) tellOfTrouble(fresh, response);
        else if (what === 'attach' && fresh.getElementById('message')) takeAttached(fresh);
        else takeAnswer(fresh, response);
      }
    } catch (_unreachable) {
      say('written', 'offline');
    }
    posting = false;
    // What came meanwhile.
    listen();
  }

  const fileFields = () =>
    /** @type {HTMLInputElement[]} */ (Array.from(document.querySelectorAll('#message [type=file]')));

  /**
   * An answer that is none of this page's: ours says why in words of its own; of what stands between, such as a proxy, only the number tells. What
   * is too large is taken out of the form, or nothing could be sent any more; all else stays chosen, and goes along with the next try.
   * @param {Document} fresh @param {Response} response
   */
  function tellOfTrouble(fresh, response) {
    const own = fresh.getElementById('form-refused');
    const hasFiles = fileFields().some(({ value }) => value !== '');
    if (own) {
      const place = document.querySelector('#written [data-says=told]');
      if (place) place.textContent = own.textContent;
      say('written', 'told');
    } else if (response.status === 413) {
      for (const each of fileFields()) each.value = '';
      say('written', hasFiles ? 'file-too-large' : 'too-much');
    } else say('written', hasFiles ? 'away-with-file' : 'away');
  }

  /** @param {Document} fresh */
  function takeAttached(fresh) {
    for (const id of ['attached', 'file-problems']) {
      const place = find(id);
      const other = fresh.getElementById(id);
      if (place && other) place.replaceWith(document.adoptNode(other));
    }
    for (const each of fileFields()) each.value = '';
    const problems = find('file-problems');
    const hasProblems = problems !== null && problems.children.length > 0;
    say('thread-said', '');
    say('written', hasProblems ? '' : 'came');
    if (hasProblems) {
      problems.tabIndex = -1;
      problems.focus();
    }
  }

  /** @param {Document} fresh @param {Response} response */
  function takeAnswer(fresh, response) {
    isSaved = true;
    takeOver(fresh, { keepsForm: false });
    const problems = find('problems');
    if (problems) {
      problems.focus();
      return;
    }
    if (!response.ok) return;
    say('thread-said', /\/received$/.test(response.url) ? 'received' : 'sent');
    // Beside a call one goes on writing; else what has been said of it comes first.
    const next = every ? field() : find('thread-said');
    if (next) next.focus();
  }

  document.addEventListener('submit', (event) => {
    if (/** @type {HTMLElement} */ (event.target).id !== 'message') return;
    event.preventDefault();
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter || document.activeElement);
    void post(button && button.value === 'attach' ? 'attach' : 'send');
  });
  document.addEventListener('input', (event) => {
    if (!draft || event.target !== field()) return;
    isSaved = false;
    const written = find('written');
    if (written && written.dataset.state === 'saved') say('written', '');
    saveIn(SAVE_MS);
  });
  document.addEventListener('change', (event) => {
    const chosen = /** @type {HTMLInputElement} */ (event.target);
    if (chosen.type === 'file' && chosen.files && chosen.files.length > 0 && chosen.closest('#message'))
      void post('attach');
  });
  for (const sign of ['pointerdown', 'keydown', 'scroll', 'focus'])
    window.addEventListener(sign, read, { passive: true });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) {
      listen();
      return;
    }
    pause();
    const text = field();
    // What is on its way to be sent carries its text itself.
    if (draft && text && !isSaved && !posting) navigator.sendBeacon(`${path}/draft`, draftOf(text.value));
  });
  // Leaving with a file on its way, or with what is nowhere but here.
  window.addEventListener('beforeunload', (event) => {
    if (isSaved && !posting) return;
    event.preventDefault();
    event.returnValue = true;
  });
  // The browser's back button brings the page as it was left: what it shows is old, and its form may have
  // been sent.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  window.addEventListener('pagehide', pause);

  const problems = find('problems');
  if (problems) problems.focus();
  listen();
})();
