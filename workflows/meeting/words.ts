import type { GapKind } from '../../rules/gaps';
import type { FailedTry, Gates } from '../../rules/gates';
import type { Waiting } from './messages';

/** A state of things in words, and what can be done about it. */
export interface Words {
  what: string;
  /** Null where nothing has to be done. */
  help: string | null;
}

/**
 * What a meeting waits for. @param gates as they stand: a consent that was refused is not waited for like one
 * that nobody has answered
 */
export function waitingWords({ what, notice }: Waiting, gates: Pick<Gates, 'consentRefused'>): Words {
  switch (what) {
    case 'consent':
      if (gates.consentRefused) {
        return {
          what: 'nothing more: the patient has said no to the clinic seeing care history',
          help: 'the clinic offers other care; the patient can still say yes',
        };
      }
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
    case 'login-begun':
      return {
        what: 'a login was begun and has not come back',
        help: 'ask the patient; was the login’s provider away?',
      };
    case 'too-many-requests':
      return {
        what: 'too many requests from the same address: a limit kept them from the page',
        help: 'wait a minute; staff use the back-up routine. Do many patients share an address? See TRUSTED_PROXIES',
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

/** Where evidence of the patient can have been lost, so that nobody is said to have been absent (R5.6). */
export function gapWords(kind: GapKind): string {
  switch (kind) {
    case 'service-away':
      return 'nothing answered at the public address';
    case 'reports-away':
      return 'nothing answered at the address of Jitsi’s reports';
    case 'login-away':
      return 'the login’s provider did not answer';
    case 'reports-refused':
      return 'Jitsi’s reports came without the secret; is JITSI_EVENTS_SECRET the same on both sides?';
    case 'reports-silent':
      return 'people were let in, and Jitsi reported nobody';
    case 'limit-answered':
      return 'a limit kept the patient’s side from a page';
    case 'error-answered':
      return 'the patient’s side was answered with an error';
  }
}
