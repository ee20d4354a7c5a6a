import type { FailedTry } from '../../rules/gates';
import type { DeliveryState } from '../../rules/ledger';
import type { Waiting } from './messages';

/** A state of things in words, and what can be done about it. */
export interface Words {
  what: string;
  /** Null where nothing has to be done. */
  help: string | null;
}

/** What a meeting waits for. */
export function waitingWords({ what, notice }: Waiting): Words {
  switch (what) {
    case 'consent':
      return {
        what: 'the patient’s consent to the clinic seeing care history',
        help: 'the patient answers, or staff record the answer',
      };
    case 'form':
      return {
        what: 'a form to be filled in',
        help: 'the patient fills it in, or staff do with the patient',
      };
    case 'door':
      return { what: 'the door to open', help: null };
    case 'clinic':
      return { what: 'the clinic to confirm that it is ready', help: 'staff confirm room and readiness' };
    case 'people':
      return { what: 'patient and clinic to meet in the room', help: null };
    case 'end':
      return { what: 'the meeting to end', help: null };
    case 'notice':
      return { what: `the time of the ${notice ?? ''} notice`, help: null };
    case 'staff-decision':
      return { what: 'staff to decide what it came to', help: 'staff state the outcome' };
    case 'registration':
      return {
        what: 'staff to register the visit in PAS and journal',
        help: 'staff say that they have registered it',
      };
  }
}

/** Why somebody did not get in (R3.4). */
export function refusalWords(reason: FailedTry): Words {
  switch (reason) {
    case 'too-early':
      return { what: 'the door was not open yet', help: 'come again when it is' };
    case 'consent-missing':
      return {
        what: 'no consent to the clinic seeing care history',
        help: 'the patient answers, or staff record the answer',
      };
    case 'form-missing':
      return {
        what: 'a form was not filled in',
        help: 'the patient fills it in, or staff do with the patient',
      };
    case 'clinic-not-ready':
      return { what: 'the clinic had not confirmed that it is ready', help: 'staff confirm it' };
    case 'login-required':
      return { what: 'nobody had checked who it was', help: 'log in, or staff check who it is' };
    case 'not-entitled':
      return {
        what: 'not entitled to take part',
        help: 'staff look at who takes part, at the patient’s age and at protected data',
      };
    case 'cancelled':
      return { what: 'the meeting was cancelled', help: 'book a new one if that was wrong' };
    case 'ended':
      return { what: 'the meeting was over', help: 'book a new one, or correct the outcome' };
    case 'back-up-routine':
      return {
        what: 'the meeting went on in another way, by the back-up routine',
        help: 'the clinic gets in touch in that way',
      };
    case 'technical-fault':
      return {
        what: 'the service could not open the door, or the login’s provider did not answer',
        help: 'look at Temporal, the database, the worker and the login’s provider; staff use the back-up routine meanwhile',
      };
    case 'another-login':
      return {
        what: 'somebody logged in whom the link is not for',
        help: 'log in as the one who was invited; staff look at the personal number that is recorded',
      };
    case 'said-so':
      return { what: 'told the clinic that they cannot get in', help: 'staff use the back-up routine' };
  }
}

/** What can be done about a notice that is in this state, for this reason (R2.7, R2.10). */
export function deliveryHelp(state: DeliveryState, reason: string | null): string | null {
  switch (state) {
    case 'failed':
      return 'call or write; the operator’s command tells whether it may be sent again';
    case 'unknown':
      return 'call or write: it may have come, so nobody sends it again';
    case 'expired':
      return 'too late to help; was the worker or the provider down?';
    case 'no-consent':
      return reason === 'no-phone-number'
        ? 'record a mobile number, or an e-mail address'
        : 'ask for consent to SMS to the number that is recorded, or for an e-mail address';
    case 'skipped':
      return reason === null ? null : (skippedHelp[reason] ?? null);
    case 'planned':
    case 'handing-over':
    case 'sent':
    case 'delivered':
      return null;
  }
}

const skippedHelp: Record<string, string> = {
  'protected-identity': 'call: people with protected data get no notices',
  'foreign-number': 'the clinic takes no numbers abroad; an e-mail address would do',
  'over-cap-number': 'too many SMS to this number in 24 hours: is something running away?',
  'over-cap-clinic': 'too many SMS of this clinic in 24 hours: is something running away?',
  'over-cap-account': 'too many SMS of the whole account in 24 hours: is something running away?',
};
