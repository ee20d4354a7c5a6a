import { randomId } from '../../../platform/keys/random-id';
import { DAY, HOUR, inMs } from '../helpers';

/** The fields of each body that the clinic's API takes, and every way in which each of them can be wrong. */

type Wrong = [name: string, value: unknown][];
const operators: Wrong = [
  ['the operator $gt', { $gt: '' }],
  ['the operator $ne', { $ne: null }],
];
const text = (max: number): Wrong => [
  ['empty', ''],
  ['blank', '   '],
  ['too long', 'x'.repeat(max + 1)],
  ['a number', 7],
  ['a list', ['x']],
  ['with a line break', 'a\nb'],
  ['with a null character', 'a\u0000b'],
  ...operators,
];
/** Of several lines, and longer. */
const messageText: Wrong = [
  ['empty', ''],
  ['blank', ' \n\t '],
  ['of what one does not see', '\u200b\u2060'],
  ['too long', 'x'.repeat(10_001)],
  ['100,000 characters long', 'x'.repeat(100_000)],
  ['with a null character', 'a\u0000b'],
  ['with a control character', 'a\u001bb'],
  ['a number', 7],
  ['a list', ['x']],
  ...operators,
];
const flag: Wrong = [['text', 'true'], ['a number', 1], ['null', null], ...operators];
const whole = (min: number, max: number): Wrong => [
  ['text', String(min)],
  ['a fraction', min + 0.5],
  ['too little', min - 1],
  ['too much', max + 1],
  ...operators,
];
const word: Wrong = [['another word', 'another-word'], ['empty', ''], ['a number', 1], ...operators];
const id: Wrong = [
  ['empty', ''],
  ['too short', 'a'.repeat(21)],
  ['too long', 'a'.repeat(23)],
  ['with other characters', '$'.repeat(22)],
  ['a number', 1],
  ...operators,
];
const instant: Wrong = [
  ['without its offset', '2027-06-01T10:00:00'],
  ['a day', '2027-06-01'],
  ['not a time', 'tomorrow'],
  ['empty', ''],
  ['a number', 1_800_000_000],
  ['a day that does not exist', '2027-02-30T10:00:00+01:00'],
  ['an hour that does not exist', '2027-06-01T25:00:00+02:00'],
  ['an offset that does not exist', '2027-06-01T10:00:00+25:00'],
  ...operators,
];
const day: Wrong = [
  ['a day that does not exist', '2026-02-30'],
  ['another order', '17/05/1980'],
  ['a time', '1980-05-17T00:00:00Z'],
  ['empty', ''],
  ['a number', 19800517],
  ...operators,
];
const clock: Wrong = [
  ['hour 24', '24:00'],
  ['minute 60', '07:60'],
  ['in the hour of the clock changes', '02:30'],
  ['without a zero', '7:00'],
  ['empty', ''],
  ['a number', 7],
  ...operators,
];
const mobile: Wrong = [
  ['a landline', '+46812345678'],
  ['a Danish mobile', '+4520123456'],
  ['a British mobile', '+447911123456'],
  ['short', '+4670'],
  ['an emergency number', '112'],
  ['letters', '070-ABCDEFG'],
  ['two numbers', '+46701740605,+46701740606'],
  ['empty', ''],
  ['too long', '+46701740605'.padEnd(60, '0')],
  ['a number', 46701740605],
  ...operators,
];
const personalNumber: Wrong = [
  ['a wrong check digit', '198112189875'],
  ['without its century', '8112189876'],
  ['a day that does not exist', '198102309876'],
  ['letters', 'abcdefghijkl'],
  ['a number', 198112189876],
  ['empty', ''],
  ['too long', '198112189876'.padEnd(40, '0')],
  ...operators,
];
const email: Wrong = [
  ['no address', 'an-address-of-nobody'],
  ['two addresses', 'a@example.org, b@example.org'],
  ['with a line break', 'a@example.org\nBcc: b@example.org'],
  ['too long', `${'a'.repeat(250)}@example.org`],
  ['empty', ''],
  ['a number', 1],
  ...operators,
];
const feeCode: Wrong = [
  ['capitals', 'VISIT'],
  ['too long', 'a'.repeat(41)],
  ['empty', ''],
  ['a number', 1],
  ...operators,
];
const staffId: Wrong = [
  ['with a space', 'a b'],
  ['too long', 'a'.repeat(65)],
  ['empty', ''],
  ['a number', 1],
  ...operators,
];
const amount: Wrong = [['below nothing', -1], ['a fraction', 0.5], ['too much', 1_000_001], ...operators];
const list: Wrong = [
  ['an object', { 0: {} }],
  ['text', 'x'],
  ['null', null],
];

const ways: Wrong = [...list, ['more than there are', Array.from({ length: 5 }, () => 'telephone')]];
/** R4.7: what does not hold cannot be confirmed. */
const confirmed: Wrong = [['not so', false], ...flag];

interface Field {
  at: string;
  wrong: Wrong;
  optional?: true;
}
const field = (at: string, wrong: Wrong): Field => ({ at, wrong });
const optional = (at: string, wrong: Wrong): Field => ({ at, wrong, optional: true });

const reminder = (kind: string): Field[] => [
  field(`noticeRules/reminders/${kind}`, [['text', 'x']]),
  field(`noticeRules/reminders/${kind}/when`, [
    ['a wrong clock', { clock: '25:00' }],
    ['both', { clock: '07:00', minutesBefore: 1 }],
    ['neither', {}],
    ['after the start', { minutesBefore: -1 }],
  ]),
  field(`noticeRules/reminders/${kind}/skipWithinMinutesOfStart`, [
    ['below', -1],
    ['above', 1441],
  ]),
  field(`noticeRules/reminders/${kind}/usefulUntilMinutesAfterStart`, [
    ['below', -1441],
    ['above', 121],
  ]),
];

const ofMember: Field[] = [
  field('name', text(120)),
  field('title', text(80)),
  optional('shownName', text(120)),
  field('staffIds', [...list, ['none', []], ['the same twice', ['a', 'a']]]),
  field('staffIds/0', staffId),
  field('roles', [...list, ['the same twice', ['booker', 'booker']]]),
  field('roles/0', [...word, ['of no person', 'system']]),
  optional('login', [
    ['empty', ''],
    ['with a space', 'a b'],
    ['a personal number', '198112189876'],
    ['too long', 'a'.repeat(129)],
    ['a number', 1],
    ...operators,
  ]),
  optional('isActive', flag),
];

/** By the operation of its route. */
export const fieldsOf: Record<string, Field[]> = {
  'clinic.change-settings': [
    field('name', text(120)),
    field('phone', text(40)),
    field('supportPhone', text(40)),
    field('noticeHours', whole(0, 336)),
    field('graceMinutes', whole(1, 120)),
    field('doorOpensMinutesBefore', whole(0, 120)),
    field('overrunMinutes', whole(0, 240)),
    field('linkInSms', flag),
    optional('smsPerNumberPerDay', whole(1, 1_000)),
    optional('smsPerDay', whole(1, 100_000)),
    optional('foreignNumbers', flag),
    optional('filesPerPersonPerDay', whole(1, 1_000)),
    optional('megabytesPerPersonPerDay', whole(15, 10_000)),
    optional('messagesPerPersonPerDay', whole(1, 5_000)),
    ...reminder('morning'),
    ...reminder('soon'),
    ...reminder('start'),
    field('noticeRules/quietHours/from', clock),
    field('noticeRules/quietHours/until', clock),
    field('noticeRules/quietHours/unlessBefore', clock),
    optional('caseRules', list),
    optional('presentation', list),
    optional('presentation/colour', [
      ['a name', 'red'],
      ['too light', '#7a7a7a'],
      ['with a rule after it', '#0b4a57;}body{display:none'],
      ['empty', ''],
      ['a number', 1],
      ...operators,
    ]),
    optional('presentation/logo', [
      ['no base64', 'no base64'],
      ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'.repeat(3)).toString('base64')],
      ['too heavy', 'A'.repeat(30_000)],
      ['empty', ''],
      ['a number', 1],
      ...operators,
    ]),
    optional('presentation/controller', text(300)),
    optional('presentation/dataProtectionOfficer', text(300)),
    ...['privacyNotice', 'accessibilityStatement'].flatMap((name) => [
      optional(`presentation/${name}`, [['text', 'x'], ['a number', 1], ...operators]),
      ...['sv', 'en'].map((language) =>
        field(`presentation/${name}/${language}`, [
          ['empty', ''],
          ['blank', ' \n '],
          ['of what one does not see', '\u200b\u2060'],
          ['too long', 'x'.repeat(20_001)],
          ['a number', 1],
          ['null', null],
          ...operators,
        ]),
      ),
    ]),
    field('caseRules/opensAt', clock),
    field('caseRules/closesAt', [...clock, ['before opening', '07:00']]),
    field('caseRules/warnMinutesBeforeClosing', whole(15, 480)),
    field('caseRules/patientsMayOpen', flag),
    field('caseRules/burstMinutes', whole(1, 1440)),
    field('caseRules/staffEmails', list),
    field('caseRules/staffEmails/0', email),
    field('caseRules/managerEmails', [...list, ['the same twice', ['a@example.org', 'A@example.org']]]),
    field('caseRules/managerEmails/0', email),
    field('fees', list),
    field('fees/0/feeCode', feeCode),
    field('fees/0/validFrom', day),
    field('fees/0/validUntil', day),
    field('fees/0/visitFeeOre', amount),
    field('fees/0/missedVisitFeeOre', amount),
  ],
  'fees.import': [
    field('csv', [
      ['empty', ''],
      ['without rows', 'feeCode;validFrom;validUntil;visitFeeOre;missedVisitFeeOre'],
      ['another file', 'name;number\nTolvan;1'],
      ['too long', 'x'.repeat(100_001)],
      ['a number', 1],
      ['null', null],
      ['a list', ['x']],
      ...operators,
    ]),
    optional('dryRun', flag),
  ],
  'form.add': [
    field('title', text(200)),
    field('questions', [...list, ['empty', []]]),
    field('questions/0/questionId', [
      ['empty', ''],
      ['too long', 'a'.repeat(41)],
      ['an operator', '$gt'],
      ['a dotted path', 'a.b'],
      ...operators,
    ]),
    field('questions/0/label', text(300)),
    field('questions/0/required', flag),
    field('questions/0/type', word),
    optional('questions/0/maxLength', whole(1, 5000)),
    optional('questions/1/min', [['text', '1'], ...operators]),
    optional('questions/1/max', [['text', '1'], ...operators]),
    field('questions/2/choices', [...list, ['one', ['a']]]),
    field('questions/2/choices/0', text(200)),
    optional('questions/2/many', flag),
    field('questions/3/from', whole(0, 100)),
    field('questions/3/to', [['not more than from', 0], ...whole(1, 100)]),
  ],
  'person.add': [
    field('name', text(120)),
    optional('personalNumber', personalNumber),
    field('birthDate', [...day, ['in the future', inMs(3 * DAY).slice(0, 10)]]),
    optional('mobile', mobile),
    optional('email', email),
    optional('language', word),
    optional('noticesBy', word),
    optional('unsuitableWays', ways),
    optional('unsuitableWays/0', word),
    optional('protectedIdentity', flag),
  ],
  'person.search': [field('personalNumber', [...personalNumber, ['null', null]])],
  'person.change': [
    optional('name', text(120)),
    optional('mobile', mobile),
    optional('email', email),
    optional('language', word),
    optional('noticesBy', word),
    optional('unsuitableWays', ways),
    optional('unsuitableWays/0', word),
    optional('protectedIdentity', flag),
  ],
  'person.replace-identity': [
    field('personalNumber', personalNumber),
    optional('birthDate', [...day, ['in the future', inMs(3 * DAY).slice(0, 10)]]),
  ],
  'person.stop-guardian': [field('guardianId', id), field('reason', text(300))],
  'person.allow-guardian': [field('guardianId', id)],
  'person.record-sms-consent': [field('given', flag), field('source', word)],
  'person.record-care-history-consent': [field('given', flag), field('givenBy', word)],
  'meeting.book': [
    field('startAt', [
      ...instant,
      ['in the past', inMs(-HOUR)],
      ['now', inMs(0)],
      ['three years ahead', inMs(3 * 366 * DAY)],
      ['in the last year of the calendar', '9999-12-31T23:59:59-23:59'],
    ]),
    field('durationMinutes', [...whole(1, 480), ['a year', 525_600]]),
    field('patientId', id),
    field('participants', [
      ...list,
      ['empty', []],
      ['without staff', [{ role: 'interpreter' }]],
      ['too many', Array.from({ length: 21 }, (_, index) => ({ role: 'staff', staffId: `s-${index}` }))],
    ]),
    field('participants/0/role', [...word, ['the patient', 'patient']]),
    field('participants/0/staffId', staffId),
    field('participants/1/personId', [...id, ['null', null]]),
    optional('participants/2/personId', id),
    optional('formIds', [
      ['text', 'x'],
      ['null', null],
      ['too many', Array.from({ length: 11 }, () => randomId())],
    ]),
    optional('formIds/0', id),
    field('agreed', flag),
    field('toldOfFee', flag),
    optional('correspondsToVisit', flag),
    field('feeCode', [...feeCode, ['one that the clinic does not have', 'unknown']]),
    optional('noticeHours', whole(0, 336)),
    optional('interpreterNeeded', flag),
    optional('reference', [
      ['with a space', 'a b'],
      ['with a line break', 'a\nb'],
      ['a formula', '=1+1'],
      ...staffId,
    ]),
    field('suitability', [...list, ['empty', {}]]),
    field('suitability/assessedBy', [...staffId, ['null', null]]),
    field('suitability/disability', [...flag, ['yes of an adult', true]]),
    field('suitability/answers', [...list, ['empty', {}]]),
    field('suitability/answers/physical-meeting-not-required', [...flag, ['no', false]]),
    field('suitability/answers/adapted-to-the-person', [...flag, ['no', false]]),
    field('suitability/answers/enough-known', [...flag, ['no', false]]),
    field('suitability/answers/follow-up-possible', [...flag, ['no', false]]),
  ],
  'meeting.rebook': [
    field('startAt', [...instant, ['in the past', inMs(-HOUR)], ['three years ahead', inMs(3 * 366 * DAY)]]),
    optional('durationMinutes', [...whole(1, 480), ['a year', 525_600]]),
    field('by', word),
    optional('receivedAt', [...instant, ['in the future', inMs(HOUR)]]),
    optional(
      'agreed',
      flag.filter(([what]) => what !== 'null'),
    ),
  ],
  'meeting.cancel': [field('by', word), optional('receivedAt', [...instant, ['in the future', inMs(HOUR)]])],
  'meeting.decide-claim': [
    field('claimId', [...id, ['one that nobody has', 'a'.repeat(22)]]),
    field('approved', flag),
  ],
  'meeting.offer-times': [
    field('startAts', [
      ['text', 'x'],
      ['null', null],
      ['one in the past', [inMs(-HOUR)]],
      ['one too far ahead', [inMs(3 * 366 * DAY)]],
      ['one twice', [inMs(7 * DAY), inMs(7 * DAY)].map((each) => each.slice(0, 13) + ':00:00Z')],
      ['one without its offset', ['2027-01-04T10:00:00']],
    ]),
  ],
  'form.fill-in': [
    field('answers', [
      ['a list', []],
      ['text', 'x'],
      ['null', null],
      ['without one that is required', {}],
      ['of an unknown question', { how: 3, other: 'x' }],
      ['with an operator for a name', { how: 3, $where: 'x' }],
    ]),
    field('answers/how', [
      ['text', '3'],
      ['out of its scale', 11],
      ['a fraction', 1.5],
      ['too long', 'x'.repeat(5001)],
      ...operators,
    ]),
    field('answeredBy', word),
  ],
  'meeting.enter': [
    field('participantId', [...id, ['one that nobody has', 'a'.repeat(22)]]),
    optional('identityChecked', word),
  ],
  'meeting.state-outcome': [
    field('outcome', [
      ...word,
      ['one that is not for staff to state', 'cancelled-late'],
      ['unclear', 'unclear'],
    ]),
    field('way', [...word, ['none', null]]),
  ],
  'meeting.correct-outcome': [
    field('outcome', [...word, ['unclear', 'unclear']]),
    field('way', [...word, ['none', null]]),
    field('was', word),
    field('reason', word),
  ],
  'meeting.take-over': [field('from', staffId), field('to', staffId), field('reason', word)],
  'meeting.confirm-readiness': [
    field('moment', word),
    field('room', confirmed),
    field('background', confirmed),
    field('clothing', confirmed),
    field('nameBadge', confirmed),
  ],
  'meeting.note-try': [
    field('participantId', [...id, ['one that nobody has', 'a'.repeat(22)]]),
    optional('receivedAt', [...instant, ['in the future', inMs(HOUR)]]),
  ],
  'case.open': [
    field('patientId', [...id, ['one that nobody has', 'a'.repeat(22)]]),
    optional('guardianIds', [
      ['text', 'x'],
      ['null', null],
      ['too many', Array.from({ length: 5 }, () => randomId())],
      ['of one who is no child', [randomId()]],
    ]),
    optional('guardianIds/0', id),
    field('subject', text(120)),
    field('text', messageText),
    optional('assignTo', staffId),
  ],
  'case.write': [
    field('text', [...messageText, ['null, without files', null]]),
    optional('fileIds', [
      ['text', 'x'],
      ['null', null],
      ['too many', Array.from({ length: 11 }, () => randomId())],
    ]),
    optional('fileIds/0', [...id, ['one that nobody has', 'a'.repeat(22)]]),
    optional('asksForMore', flag),
  ],
  'case.assign': [field('staffId', staffId), field('from', staffId)],
  'case.document': [
    field('contactOn', [
      ...day,
      ['tomorrow and later', inMs(2 * DAY).slice(0, 10)],
      ['before the case', inMs(-2 * DAY).slice(0, 10)],
    ]),
    optional('picturesHandled', flag),
  ],
  'meeting.write-chat': [
    field('text', [...messageText, ['null, without files', null]]),
    optional('fileIds', [
      ['text', 'x'],
      ['null', null],
    ]),
    optional('fileIds/0', id),
    optional('asksForMore', flag),
  ],
  'invoice.approve': [optional('payer', [...word, ['undecided', 'staff-decides']])],
  'invoice.waive': [field('reason', [...word, ['null', null]])],
  'invoice.answer': [field('to', word), field('accepted', flag)],
  'invoice.credit': [field('reason', [...word, ['null', null]])],
  'staff.add': ofMember,
  'staff.change': ofMember,
  'task.assign': [field('staffId', staffId), optional('from', staffId)],
  'task.finish': [field('result', [...word, ['null', null]])],
  'webhook.set': [
    field('url', [
      ['no address', 'pas'],
      ['another scheme', 'ftp://pas.example.org/'],
      ['a script', 'javascript:alert(1)'],
      ['with a password in it', 'https://user:secret@pas.example.org/'],
      ['too long', `https://pas.example.org/${'a'.repeat(500)}`],
      ['empty', ''],
      ['a number', 1],
      ['null', null],
      ...operators,
    ]),
  ],
  'webhook.rotate-secret': [optional('oldSecretHours', whole(0, 72))],
  'event.replay': [field('from', instant), field('until', [...instant, ['before from', inMs(-2 * DAY)]])],
};

/** The body with another value at a pointer; without the field for `undefined`. */
export function withValue(
  body: Record<string, unknown>,
  at: string,
  value: unknown,
): Record<string, unknown> {
  const changed = structuredClone(body);
  const names = at.split('/');
  const last = names.pop()!;
  const parent = names.reduce<Record<string, unknown>>(
    (each, name) => each[name] as Record<string, unknown>,
    changed,
  );
  if (value === undefined && Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (value === undefined) parent[last] = undefined;
  else parent[last] = value;
  return changed;
}
