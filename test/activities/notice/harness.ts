import pino from 'pino';
import { createGiveNotice } from '../../../activities/notice/give';
import { createPrepareNotice } from '../../../activities/notice/prepare';
import { createReconcile } from '../../../activities/notice/reconcile';
import type { LedgerRow } from '../../../records/ledger';
import type { NoticeKind } from '../../../rules/notices';
import { suitable, type TestClinic, type TestMeeting } from '../../support/clinic';
import { createFailingSms } from '../../../worker/failing-sms';
import { createLateNotices } from '../../../worker/late-notices';
import type { GivenNotice, NoticeOrder } from '../../../workflows/shared/hand-over-contract';
import { testKeys } from '../../support/keys';
import type { Service } from '../../support/service';
import { createProvider, type TestProvider } from './provider';

export const LEASE_MS = 45_000;

/**
 * A meeting whose notices the test hands over itself, as a worker would, with a provider and a clock of its
 * own.
 */
export interface Bench {
  meeting: TestMeeting;
  patientId: string;
  startAt: Date;
  clock: TestTime;
  provider: TestProvider;
  /** Every call to the provider. */
  sent: TestProvider['calls'];
  prepare(kind: NoticeKind, lastUsefulAt?: Date, startVersion?: number, again?: string[]): Promise<string[]>;
  /** Until when a notice that is due now waits, if it does. */
  notBefore(kind: NoticeKind): Promise<string | null>;
  handOver(rowId: string): Promise<string>;
  /** Gives a notice of the meeting; to the patient through the SMS queue, unless told otherwise. */
  give(kind: NoticeKind, order?: Partial<NoticeOrder>): Promise<GivenNotice>;
  reconcile(rowId: string): Promise<string>;
  /** Tells staff of what is late now, as a worker's loop does. */
  tellLate(): Promise<void>;
  /** Tells operations managers of SMS that fail in a row. */
  tellFailing(): Promise<void>;
  /** What was warned of, as it stands in the log. */
  warned: object[];
  row(rowId: string): Promise<LedgerRow>;
}

export interface TestTime {
  ms: number;
  now(): Date;
}

export function testTime(now = new Date()): TestTime {
  const time = { ms: now.getTime(), now: () => new Date(time.ms) };
  return time;
}

export async function createBench(
  service: Service,
  clinic: TestClinic,
  options: {
    person?: object;
    clock?: TestTime;
    provider?: TestProvider;
    participants?: object[];
    child?: boolean;
    /** How long before the meeting it is, in milliseconds; two days if absent. */
    startInMs?: number;
    /** The cap of the provider's account; more than any test sends unless told otherwise. */
    smsPerDay?: number;
    /** The provider's rate; more than any test sends unless told otherwise. */
    smsPerMinute?: number;
  } = {},
): Promise<Bench> {
  const { records } = service;
  const patientId = await clinic.addPatient(options.person);
  const clock = options.clock ?? testTime();
  const provider = options.provider ?? createProvider(clock);
  const startAt = new Date(clock.ms + (options.startInMs ?? 48 * 3_600_000));
  const meeting = await clinic.book({
    patientId,
    startAt: startAt.toISOString(),
    participants: [{ role: 'staff', staffId: 'clinician-1' }, ...(options.participants ?? [])],
    suitability: suitable({ child: options.child ?? false }),
  });
  const warned: object[] = [];
  const deps = {
    records,
    clock,
    elks: provider,
    temporal: service.temporal,
    mailer: service.mailer,
    log: { warn: (line: object) => void warned.push(line) },
    smsPerDay: options.smsPerDay ?? 1_000_000,
    smsPerMinute: options.smsPerMinute ?? 1_000_000,
    sms: {
      sender: 'Vardmote',
      linkKeys: testKeys.linkKeys,
      publicUrl: 'https://mote.example',
      hooksUrl: service.apiUrl,
      leaseMs: LEASE_MS,
    },
  };
  const handOvers = createGiveNotice(deps);
  const prepareNotice = createPrepareNotice(deps);
  const lateNotices = createLateNotices(deps, pino({ level: 'silent' }));
  const prepared = (kind: NoticeKind, lastUsefulAt: Date, startVersion = 1, again: string[] = []) =>
    prepareNotice({
      again,
      meetingId: meeting.meetingId,
      startVersion,
      kind,
      lastUsefulAt: lastUsefulAt.toISOString(),
    });
  return {
    meeting,
    patientId,
    startAt,
    clock,
    provider,
    sent: provider.calls,
    notBefore: async (kind) => (await prepared(kind, startAt)).notBefore,
    prepare: async (kind, lastUsefulAt = startAt, startVersion = 1, again = []) =>
      (await prepared(kind, lastUsefulAt, startVersion, again)).toSend.map(({ rowId }) => rowId),
    handOver: handOvers.handOver,
    give: (kind, order = {}) =>
      handOvers.giveNotice({
        subject: 'meeting',
        subjectId: meeting.meetingId,
        occasion: 1,
        kind,
        participantId: meeting.patientParticipantId,
        dueAt: new Date(clock.ms).toISOString(),
        lastUsefulAt: startAt.toISOString(),
        queue: 'sms',
        again: false,
        ...order,
      }),
    reconcile: createReconcile(deps),
    tellLate: () => lateNotices.doAll(),
    tellFailing: createFailingSms(deps, deps.log),
    warned,
    row: (rowId) => records.ledger.get(rowId),
  };
}
