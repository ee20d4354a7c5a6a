import { liveScript } from '../live';

/** The script of the outbox and of the mailboxes. */
export const outboxScript = liveScript(
  'events',
  `
  const phones = document.getElementById('phones');
  const faults = document.getElementById('faults');

  function updatePhone(phone, freshPhone) {
    merge(phone.querySelector('ol'), freshPhone.querySelector('ol'), updateSms);
  }

  /** An SMS never changes, but what is said of it does; of an e-mail nothing is. */
  function updateSms(sms, freshSms) {
    const state = sms.querySelector('.state');
    const freshState = freshSms.querySelector('.state');
    if (state && state.innerHTML !== freshState.innerHTML) state.replaceChildren(...freshState.childNodes);
  }

  function takeOver(fresh) {
    const focused = document.activeElement;
    merge(phones, fresh.getElementById('phones'), updatePhone);
    const freshFaults = fresh.getElementById('faults');
    if (faults) freshFaults.querySelector('details').open = faults.querySelector('details').open;
    if (faults && faults.innerHTML !== freshFaults.innerHTML) faults.replaceChildren(...freshFaults.childNodes);
    // A phone that moved to the front has lost it, and so has a button that was made anew.
    const wanted = focused.isConnected ? focused : document.getElementById(focused.id);
    if (wanted && document.activeElement !== wanted) wanted.focus({ preventScroll: true });
  }
`,
);
