import type { FaultRule } from './faults';

/**
 * What the provider does wrong by this rule, in words for the page: "answers 500 after taking the SMS (to
 * +4670…, 3 more times)".
 */
export function faultWords(rule: FaultRule): string {
  const { to, count, probability } = rule;
  const scope = [
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(probability === undefined ? [] : [`in ${Math.round(probability * 100)} % of cases`]),
    ...(count === undefined ? [] : [count === 1 ? 'once more' : `${count} more times`]),
  ];
  return `${what(rule)}${scope.length === 0 ? '' : ` (${scope.join(', ')})`}`;
}

function what(rule: FaultRule): string {
  switch (rule.fault) {
    case 'hang-before-accepting':
      return 'never answers, and takes no SMS';
    case 'hang-after-accepting':
      return 'takes the SMS and never answers';
    case 'error-before-accepting':
      return 'answers 500 and takes no SMS';
    case 'error-after-accepting':
      return 'takes the SMS and answers 500';
    case 'refusal':
      return 'refuses with 403';
    case 'too-many':
      return 'answers 429';
    case 'cut-before-accepting':
      return 'cuts the connection and takes no SMS';
    case 'cut-after-accepting':
      return 'takes the SMS and cuts the connection';
    case 'cut-in-the-answer':
      return `takes the SMS and cuts the connection after ${rule.atByte} bytes of the answer`;
    case 'odd-body':
      return 'takes the SMS and answers with something odd';
    case 'slow-answer':
      return `takes the SMS and answers after ${inSeconds(rule.delayMs)}`;
    case 'report-late':
      return `reports the delivery after ${inSeconds(rule.delayMs)}`;
    case 'report-repeated':
      return `reports the delivery ${rule.times} times`;
    case 'report-out-of-order':
      return 'reports “delivered” before “sent”';
    case 'report-before-answer':
      return 'reports the delivery before it answers';
    case 'report-lost':
      return 'loses the delivery reports';
    case 'report-failed':
      return 'delivers nothing, and reports that it failed';
    case 'hidden-from-history':
      return `keeps the SMS out of its history for ${inSeconds(rule.forMs)}`;
    case 'history-error':
      return 'answers 500 to who asks for the history';
    case 'history-hang':
      return 'never answers who asks for the history';
  }
}

const inSeconds = (ms: number): string => `${ms / 1_000} s`;
