import { check } from '../../faults/checker';
import type {
  Asked,
  CommandedMeeting,
  CourseRecord,
  Evidence,
  FindingKind,
  LedgerRecord,
  ProviderMessage,
} from '../../faults/checker/evidence';
import { readSms } from '../../faults/checker/sms-text';
import { noticeText } from '../../integrations/sms/texts';
import { languages, noticeKinds } from '../../rules/notices';

/**
 * The checker on planted records: a whole and sound run of one meeting, and everything that can be wrong with
 * it.
 */
const MEETING = 'meeting-1';
const NUMBER = '+46701740605';
const LEASE_MS = 2_000;
const ON_ITS_WAY_MS = 4_000;
const reminders = {
  morning: { dueMs: -14_000, usefulUntilMs: -1_000 },
  soon: { dueMs: -7_000, usefulUntilMs: 0 },
  start: { dueMs: 0, usefulUntilMs: 10_000 },
};
const ZERO = Date.parse('2026-11-20T09:00:00Z');
/** So many seconds after the beginning. */
const at = (seconds: number): string => new Date(ZERO + seconds * 1_000).toISOString();
const done = (sent: number, answered = sent + 0.2): Asked => ({
  sentAt: at(sent),
  answeredAt: at(answered),
  answer: 'done',
});

let lastId = 0;
function sms(kind: LedgerRecord['kind'], startSecond: number, second: number): ProviderMessage {
  const clock = new Date(ZERO + startSecond * 1_000 + 3_600_000).toISOString().slice(11, 16);
  const texts: Record<string, string> = {
    booking: `Hej! Du har ett digitalt möte fredag 20 november kl. ${clock.replace(':', '.')}. Läs mer: https://x.se/m/1a`,
    change: `Ny tid för ditt digitala möte: fredag 20 november kl. ${clock.replace(':', '.')}. Läs mer: https://x.se/m/1a`,
    cancellation: `Ditt digitala möte fredag 20 november kl. ${clock.replace(':', '.')} är avbokat.`,
    morning: `Påminnelse: du har ett digitalt möte fredag 20 november kl. ${clock.replace(':', '.')}. Läs mer: https://x.se/m/1a`,
    soon: `Ditt digitala möte börjar snart, fredag kl. ${clock.replace(':', '.')}. Till mötet: https://x.se/m/1a`,
    start: `Ditt digitala möte kl. ${clock.replace(':', '.')} börjar nu. Till mötet: https://x.se/m/1a`,
  };
  lastId += 1;
  return { id: `s${lastId}`, to: NUMBER, message: texts[kind]!, createdAt: at(second), status: 'delivered' };
}

function row(startVersion: number, kind: string, change: Partial<LedgerRecord> = {}): LedgerRecord {
  return {
    meetingId: MEETING,
    startVersion,
    kind,
    state: 'delivered',
    reason: null,
    providerId: null,
    history: [],
    ...change,
  };
}
/** The row of an SMS that went as it should. */
const rowOf = (startVersion: number, kind: string, message: ProviderMessage): LedgerRecord =>
  row(startVersion, kind, {
    providerId: message.id,
    history: [
      { at: new Date(Date.parse(message.createdAt) - 20).toISOString(), state: 'handing-over', reason: null },
    ],
  });

/**
 * Booked at 1 s for 100 s, moved at 20 s to 40 s: booking, change and three reminders; the old reminders were
 * dropped.
 */
function soundRun(): Evidence {
  const sent: [number, string, ProviderMessage][] = [
    [1, 'booking', sms('booking', 100, 2)],
    [2, 'change', sms('change', 40, 21)],
    [2, 'morning', sms('morning', 40, 26.5)],
    [2, 'soon', sms('soon', 40, 33.5)],
    [2, 'start', sms('start', 40, 40.5)],
  ];
  const course: CourseRecord = {
    state: 'ended',
    notices: [
      { startVersion: 1, kind: 'booking', state: 'done', skip: null },
      ...['morning', 'soon', 'start'].map((kind) => ({
        startVersion: 1,
        kind,
        state: 'dropped',
        skip: 'meeting-moved',
      })),
      ...['change', 'morning', 'soon', 'start'].map((kind) => ({
        startVersion: 2,
        kind,
        state: 'done',
        skip: null,
      })),
    ],
  };
  return {
    messages: sent.map(([, , message]) => message),
    ledger: sent.map(([startVersion, kind, message]) => rowOf(startVersion, kind, message)),
    meetings: [
      {
        meetingId: MEETING,
        number: NUMBER,
        language: 'sv',
        durationMs: 60_000,
        times: [
          { startVersion: 1, startAt: at(100), ...done(1) },
          { startVersion: 2, startAt: at(40), ...done(20) },
        ],
        cancelled: null,
        withdrawn: null,
        ended: done(52),
      },
    ],
    workflows: [
      { meetingId: MEETING, status: 'COMPLETED', pendingActivities: 0, asked: course, read: course },
    ],
    reminders,
    leaseMs: LEASE_MS,
    onItsWayMs: ON_ITS_WAY_MS,
  };
}

const meetingOf = (run: Evidence): CommandedMeeting => run.meetings[0]!;
const found = (run: Evidence): FindingKind[] => [...new Set(check(run).findings.map(({ kind }) => kind))];
const rowFor = (run: Evidence, kind: string): LedgerRecord => run.ledger.find((each) => each.kind === kind)!;
const smsFor = (run: Evidence, kind: string): ProviderMessage =>
  run.messages.find(({ message }) => readSms(message)?.kind === kind)!;
const drop = (run: Evidence, kind: string): void => {
  run.messages = run.messages.filter((message) => message !== smsFor(run, kind));
};
/** Sent, and its row taken a moment before. */
function plant(run: Evidence, startVersion: number, kind: string, message: ProviderMessage): void {
  run.messages.push(message);
  run.ledger.push(rowOf(startVersion, kind, message));
}

it('finds nothing where nothing is wrong', () => {
  expect(check(soundRun())).toEqual({ findings: [], crossings: 0 });
});

const planted: [string, FindingKind[], (run: Evidence) => void][] = [
  ['R2.7 a second SMS of the same', ['doubled'], (run) => run.messages.push(sms('soon', 40, 34))],
  [
    'R2.7 a reminder of which nothing is left',
    ['lost'],
    (run) => {
      drop(run, 'soon');
      run.ledger = run.ledger.filter(({ kind }) => kind !== 'soon');
    },
  ],
  ['a row that tells of an SMS that the provider does not have', ['lost'], (run) => drop(run, 'soon')],
  [
    'a failed row that a delivery report cannot have told of',
    ['lost'],
    (run) => {
      drop(run, 'soon');
      Object.assign(rowFor(run, 'soon'), { state: 'failed', reason: 'delivery-report' });
    },
  ],
  [
    'expired before its time',
    ['lost'],
    (run) => {
      drop(run, 'soon');
      Object.assign(rowFor(run, 'soon'), {
        state: 'expired',
        reason: 'past-its-last-useful-moment',
        history: [{ at: at(39), state: 'expired', reason: 'past-its-last-useful-moment' }],
      });
    },
  ],
  [
    'skipped as cancelled where nobody cancelled',
    ['lost'],
    (run) => {
      drop(run, 'soon');
      Object.assign(rowFor(run, 'soon'), { state: 'skipped', reason: 'meeting-cancelled' });
    },
  ],
  [
    'no consent where it was never withdrawn',
    ['lost'],
    (run) => {
      drop(run, 'soon');
      Object.assign(rowFor(run, 'soon'), { state: 'no-consent', reason: 'no-consent' });
    },
  ],
  [
    'an SMS that the ledger knows nothing of',
    ['unrecorded'],
    (run) => {
      run.ledger = run.ledger.filter(({ kind }) => kind !== 'soon');
    },
  ],
  [
    'an SMS that the ledger has as expired',
    ['unrecorded'],
    (run) => {
      Object.assign(rowFor(run, 'soon'), { state: 'expired', reason: 'past-its-last-useful-moment' });
    },
  ],
  [
    'an SMS by another id than the row has',
    ['unrecorded'],
    (run) => {
      rowFor(run, 'soon').providerId = 's0';
    },
  ],
  [
    'R2.4 the old time after the move was answered',
    ['stale'],
    (run) => plant(run, 1, 'morning', sms('morning', 100, 87)),
  ],
  [
    'R2.4 a reminder after the cancellation was answered',
    ['stale', 'lost'],
    (run) => {
      meetingOf(run).cancelled = done(30);
    },
  ],
  [
    'R2.2 an SMS after the consent was withdrawn',
    ['stale'],
    (run) => {
      meetingOf(run).withdrawn = done(30);
    },
  ],
  [
    'R4.6 an SMS after staff had stated the outcome',
    ['stale'],
    (run) => {
      meetingOf(run).ended = done(36);
    },
  ],
  [
    'an SMS about a time that nobody asked for',
    ['unasked'],
    (run) => run.messages.push(sms('soon', 1_000, 30)),
  ],
  [
    'an SMS in words that nobody knows',
    ['unasked'],
    (run) => run.messages.push({ ...sms('soon', 40, 34), message: 'Hej hej' }),
  ],
  [
    'a cancellation that nobody asked for',
    ['unasked'],
    (run) => run.messages.push(sms('cancellation', 40, 34)),
  ],
  [
    'a change before anybody asked for it',
    ['unasked'],
    (run) => {
      smsFor(run, 'change').createdAt = at(10);
    },
  ],
  [
    'a reminder before it is due',
    ['early'],
    (run) => {
      smsFor(run, 'soon').createdAt = at(27);
    },
  ],
  [
    'R2.6 a reminder past its last useful moment',
    ['late'],
    (run) => {
      smsFor(run, 'soon').createdAt = at(44);
    },
  ],
  [
    'a row that has not ended',
    ['open-row'],
    (run) => {
      rowFor(run, 'soon').state = 'handing-over';
    },
  ],
  [
    'a workflow that is not over',
    ['stuck'],
    (run) => {
      const course = { ...run.workflows[0]!.asked!, state: 'door-open' };
      Object.assign(run.workflows[0]!, { asked: course, read: course });
    },
  ],
  [
    'a workflow with an activity that never ends',
    ['stuck'],
    (run) => {
      Object.assign(run.workflows[0]!, { status: 'RUNNING', pendingActivities: 1 });
    },
  ],
  [
    'a workflow that failed',
    ['stuck'],
    (run) => {
      run.workflows[0]!.status = 'FAILED';
    },
  ],
  [
    'a meeting without a workflow',
    ['stuck', 'lost'],
    (run) => {
      run.workflows = [];
    },
  ],
  [
    'a read model that says something else',
    ['disagreeing'],
    (run) => {
      run.workflows[0]!.read = { ...run.workflows[0]!.read!, notices: [] };
    },
  ],
  [
    'a command without an answer',
    ['unanswered'],
    (run) => {
      meetingOf(run).withdrawn = { sentAt: at(60), answeredAt: null, answer: null };
    },
  ],
];

it.each(planted)('finds %s', (_, kinds, change) => {
  const run = soundRun();
  change(run);
  expect(found(run).sort()).toEqual([...kinds].sort());
});

const allowed: [string, (run: Evidence) => void][] = [
  [
    'a row whose end is unknown, sent or not',
    (run) => {
      drop(run, 'soon');
      for (const kind of ['soon', 'start'])
        Object.assign(rowFor(run, kind), { state: 'unknown', reason: 'time-out', providerId: null });
    },
  ],
  [
    'expired at its time',
    (run) => {
      drop(run, 'soon');
      Object.assign(rowFor(run, 'soon'), {
        state: 'expired',
        reason: 'past-its-last-useful-moment',
        history: [{ at: at(40.1), state: 'expired', reason: 'past-its-last-useful-moment' }],
      });
    },
  ],
  [
    'refused by the provider',
    (run) => {
      drop(run, 'soon');
      Object.assign(rowFor(run, 'soon'), { state: 'failed', reason: 'http-403' });
    },
  ],
  [
    'a cancellation that names the time that was told last',
    (run) => {
      const meeting = meetingOf(run);
      meeting.cancelled = done(50);
      const message = sms('cancellation', 100, 51);
      plant(run, 2, 'cancellation', message);
    },
  ],
  [
    'a cancellation that expired with the time that was cancelled, which was an earlier one than the first',
    (run) => {
      meetingOf(run).cancelled = done(50);
      const expired = { state: 'expired', reason: 'past-its-last-useful-moment' };
      run.ledger.push(row(2, 'cancellation', { ...expired, history: [{ at: at(101), ...expired }] }));
    },
  ],
  [
    'no consent after a withdrawal',
    (run) => {
      meetingOf(run).withdrawn = done(30);
      for (const kind of ['soon', 'start']) {
        drop(run, kind);
        Object.assign(rowFor(run, kind), { state: 'no-consent', reason: 'no-consent' });
      }
    },
  ],
];

it.each(allowed)('lets pass: %s', (_, change) => {
  const run = soundRun();
  change(run);
  expect(check(run)).toEqual({ findings: [], crossings: 0 });
});

describe('an SMS that is on its way as the answer comes', () => {
  /** The row of the reminder is taken at 33 s, the consent withdrawn at 33.2 s. */
  function crossing(takenAt: number): Evidence {
    const run = soundRun();
    meetingOf(run).withdrawn = done(33, 33.2);
    for (const kind of ['start']) {
      drop(run, kind);
      Object.assign(rowFor(run, kind), { state: 'no-consent', reason: 'no-consent' });
    }
    smsFor(run, 'soon').createdAt = at(takenAt);
    rowFor(run, 'soon').history = [{ at: at(33), state: 'handing-over', reason: null }];
    return run;
  }

  it('is counted, and no fault', () => {
    expect(check(crossing(33.5))).toEqual({ findings: [], crossings: 1 });
  });

  it('is one where its time had run out: a process that stood still must not send it any more', () => {
    expect(found(crossing(33 + ON_ITS_WAY_MS / 1_000 + 0.1))).toEqual(['stale']);
  });

  it('is one where its row was taken after the answer', () => {
    const run = crossing(33.5);
    rowFor(run, 'soon').history = [{ at: at(33.3), state: 'handing-over', reason: null }];
    expect(found(run)).toEqual(['stale']);
  });
});

describe('an SMS that comes after what takes it back', () => {
  /**
   * The row of the reminder is taken at the given second, the SMS at 33.9 s, the notice that the meeting is
   * cancelled at 33.5 s.
   */
  function overtaken(rowTakenAt: number): Evidence {
    const run = soundRun();
    meetingOf(run).cancelled = done(33.1, 33.95);
    plant(run, 2, 'cancellation', sms('cancellation', 40, 33.5));
    drop(run, 'start');
    Object.assign(rowFor(run, 'start'), { state: 'skipped', reason: 'meeting-cancelled', providerId: null });
    smsFor(run, 'soon').createdAt = at(33.9);
    rowFor(run, 'soon').history = [{ at: at(rowTakenAt), state: 'handing-over', reason: null }];
    return run;
  }

  it('R2.4 is a fault', () => {
    expect(found(overtaken(33))).toEqual(['overtaken']);
  });

  it('R2.4 is one too where it names an older time', () => {
    const run = soundRun();
    const [, move] = meetingOf(run).times;
    Object.assign(move!, done(20, 21.6));
    smsFor(run, 'booking').createdAt = at(21.5);
    rowFor(run, 'booking').history = [{ at: at(20.5), state: 'handing-over', reason: null }];
    expect(found(run)).toEqual(['overtaken']);
  });

  it('is none where its lease had passed: nobody waits for a process that has died', () => {
    expect(check(overtaken(33.5 - LEASE_MS / 1_000)).findings).toEqual([]);
  });
});

describe.each(languages)('reads what the service writes in %s', (language) => {
  it.each(noticeKinds)('%s', (kind) => {
    const startAt = new Date('2026-11-20T09:05:00Z');
    const text = noticeText({ kind, language, startAt, link: 'https://mote.example/m/1abc' });
    expect(readSms(text)).toEqual({ language, kind, clock: '10:05' });
  });
});
