'use strict';
/**
 * What the desk has beside the room (api/patient/assets/room.js, which shows the call): its forms are sent
 * without leaving the page, which may hold a call; what has changed is taken over unless somebody writes there;
 * and the meeting is ended for everybody.
 */
(() => {
  const ANSWER_MS = 15000;
  /** How long the room may take to say that it has ended. */
  const END_MS = 4000;

  const page = document.getElementById('room');
  if (!page || !page.classList.contains('desk')) return;
  /** @param {string} id */
  const find = (id) => document.getElementById(id);
  let sending = false;
  let ending = false;

  /** Whether somebody writes in a part, or has opened what it folds away. @param {Element} part */
  function isWritten(part) {
    const fields = Array.from(part.querySelectorAll('input[type=text], textarea'));
    return (
      fields.some((each) => {
        const field = /** @type {HTMLInputElement} */ (each);
        return field === document.activeElement || field.value !== field.defaultValue;
      }) || part.querySelector('details[open]') !== null
    );
  }

  /** @param {Element} own @param {Element} other of the page as it is now */
  function take(own, other) {
    const [live, news] = [own.querySelector('[aria-live]'), other.querySelector('[aria-live]')];
    // A region that comes together with its text is not read out.
    if (live && news) {
      if (live.innerHTML !== news.innerHTML) live.innerHTML = news.innerHTML;
    } else own.innerHTML = other.innerHTML;
  }

  /** Takes over what the page shows now beside the call. @param {Document} fresh */
  function takeOver(fresh) {
    const [side, news] = [find('side'), fresh.getElementById('side')];
    if (side && news) {
      const parts = Array.from(news.querySelectorAll('[data-part]'));
      for (const own of Array.from(side.querySelectorAll('[data-part]')))
        if (!parts.some(({ id }) => id === own.id) && !isWritten(own)) own.remove();
      /** @type {Element | null} */
      let before = null;
      for (const other of parts) {
        const own = find(other.id);
        if (own && !isWritten(own)) take(own, other);
        if (!own && before) before.after(document.adoptNode(other));
        else if (!own) side.prepend(document.adoptNode(other));
        before = find(other.id);
      }
    }
  }

  /** Sends a form and takes over what comes of it. @param {HTMLFormElement} form */
  async function send(form) {
    if (sending) return;
    sending = true;
    const body = new URLSearchParams();
    for (const [name, value] of Array.from(new FormData(form)))
      if (typeof value === 'string') body.append(name, value);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), ANSWER_MS);
    try {
      const response = await fetch(form.action, {
        method: 'POST',
        headers: { accept: 'text/html' },
        body,
        signal: patience.signal,
      });
      const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
      takeAnswer(form, fresh);
    } catch (_unreachable) {
      showNotSaved(true);
    }
    clearTimeout(timer);
    sending = false;
  }

  /** @param {HTMLFormElement} form @param {Document} fresh */
  function takeAnswer(form, fresh) {
    const said = fresh.getElementById('said');
    const part = form.closest('[data-part]');
    // Words of another page, such as the login's, or of none: nothing is taken for done.
    if (!said || !part) {
      showNotSaved(true);
      return;
    }
    showNotSaved(false);
    const own = find('said');
    if (own) {
      own.textContent = said.textContent;
      own.className = said.className;
    }
    const other = fresh.getElementById(part.id);
    if (other) part.innerHTML = other.innerHTML;
    takeOver(fresh);
    const problems = /** @type {HTMLElement | null} */ (part.querySelector('.problems, [aria-invalid]'));
    // What has come of it is read first.
    if (problems) problems.focus();
    else if (own) {
      own.tabIndex = -1;
      own.focus();
    }
    document.dispatchEvent(new CustomEvent('room-look'));
  }

  /** @param {boolean} yes */
  function showNotSaved(yes) {
    const place = find('not-saved');
    if (place) place.hidden = !yes;
  }

  document.addEventListener('submit', (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.classList.contains('in-place')) return;
    event.preventDefault();
    void send(form);
  });
  document.addEventListener('room-page', (event) => {
    if (!sending) takeOver(/** @type {CustomEvent<Document>} */ (event).detail);
  });

  // The end, for everybody.

  const [open, sure, now, not] = [find('end-for-all'), find('sure'), find('end-now'), find('end-not')];
  /** @param {boolean} yes */
  function ask(yes) {
    if (!open || !sure) return;
    sure.hidden = !yes;
    open.setAttribute('aria-expanded', String(yes));
    const heading = find('sure-title');
    if (yes && heading) heading.focus();
  }
  function goOn() {
    if (ending && sure) location.assign(sure.dataset.to || '');
  }
  if (open && sure && now && not) {
    open.addEventListener('click', () => ask(sure.hidden === true));
    not.addEventListener('click', () => {
      ask(false);
      open.focus();
    });
    now.addEventListener('click', () => {
      if (ending) return;
      ending = true;
      document.dispatchEvent(new CustomEvent('room-command', { detail: 'end-conference' }));
      // A room that says nothing is left with the page.
      setTimeout(goOn, END_MS);
    });
  }
  document.addEventListener('room-over', () => {
    ask(false);
    goOn();
  });
})();
