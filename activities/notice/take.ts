import type { ClientSession } from 'mongoose';
import { randomSecret } from '../../platform/keys/random-id';
import { createInTurn } from '../../platform/in-turn';
import type { Entered, LedgerRow, PlannedRow, Taken } from '../../records/ledger';
import { isDuplicate } from '../../records/schema';
import type { Channel } from '../../rules/consents';
import { toInstant, type Instant } from '../../rules/instant';
import type { LateTimes } from '../../rules/late';
import { TRIED_AGAIN, whyNotResend, type HandedOver, type NotHandedOver, rowIdOf } from '../../rules/ledger';
import { LOOK_AFTER_LEASE_MS } from '../../rules/reconciliation';
import type { ActivityDeps } from '../deps';
import { recipientNumber } from '../../use-cases/notice/admin-facts';
import { leaseLeftMs } from './on-its-way';
import { hearsAlready } from './same-address';
import { createSmsCaps, type SmsCaps } from './sms-caps';
import type { NoticeSubjects } from './subjects';
import type { LinkMaking, LoadedNotice, Notice } from './subjects/subject';

/** What is asked for: a notice to one recipient, and how. */
export interface AskedNotice extends Notice {
  /** When the plan has it; null where whoever asks does not know. */
  dueAt: Instant | null;
  /** Whose queue it came through, so that an SMS takes no place but its own; null where that is no matter. */
  queue: Channel | null;
  /** What surely was not sent is taken up again, as an operator asks (R2.7). */
  again: boolean;
}

/** What takes a row for this process; null where it is entered only. */
export type TakeWith = (LinkMaking & { leaseMs: number }) | null;

/** A row that is ours to hand over, and what goes to whom. */
export interface OwnRow {
  kind: 'ours';
  row: LedgerRow;
  recipient: number;
  way: HandedOver['way'];
  mailSubject: string;
  text: string;
  leaseUntil: Date;
  reportToken: string;
  lastUsefulAt: Instant;
  /** Null where the plan does not tell. */
  dueAt: Instant | null;
}

/** What the transaction found that enters and takes a row. */
export type TakeResult =
  | OwnRow
  /** It has come to its end before this. */
  | { kind: 'over'; row: LedgerRow }
  /** It has come to its end now, and is not handed over. */
  | { kind: 'dropped'; row: LedgerRow; recipient: number; whyNot: NotHandedOver }
  /** Nobody knows what became of it, and nobody has looked. */
  | { kind: 'look'; row: LedgerRow }
  /** It has been entered, and waits; `late` where it waits for the morning, and is late only after that. */
  | { kind: 'wait'; ms: number; row: LedgerRow; late?: LateTimes }
  /** It has been entered and is not to be taken. */
  | { kind: 'entered'; row: LedgerRow }
  /** Nothing has been entered. */
  | { kind: 'not-before'; at: Date }
  | { kind: 'through-sms' }
  | { kind: 'does-not-hear' };

/** Enters and takes rows, and counts what it takes for the caps. */
export interface RowTaking {
  /**
   * Enters a notice in the ledger and takes it for this process, or ends it with its reason, in one
   * transaction that checks everything again (design, decision 5).
   */
  take: (notice: AskedNotice, takeWith: TakeWith) => Promise<TakeResult>;
  caps: SmsCaps;
}

/** One transaction that meets another begins again with growing pauses: they go one after the other. */
const inTurn = createInTurn();
/** The turn of those that have met another: no id of a meeting. */
const MET = 'met';

/** Another transaction writes the same document. */
class MetAnother extends Error {}

export function createTaking(
  deps: Pick<ActivityDeps, 'records' | 'clock' | 'smsPerDay'>,
  subjects: NoticeSubjects,
): RowTaking {
  const { records, clock } = deps;
  const { ledger } = records;
  const caps = createSmsCaps(deps);

  /**
   * All that take rows of a meeting write it, so that they go in turn. They write people too, who can have
   * many meetings: those that have met there go in turn as well, so that a guardian with twenty meetings at
   * one time costs little more than twenty guardians.
   */
  async function take(notice: AskedNotice, takeWith: TakeWith): Promise<TakeResult> {
    const found = await inTurn(notice.subjectId, () =>
      inTransaction(notice, takeWith, { givesWay: true }).catch((error: unknown) => {
        if (!(error instanceof MetAnother)) throw error;
        return inTurn(MET, () => inTransaction(notice, takeWith, { givesWay: false }));
      }),
    );
    if (found.kind === 'ours' && found.way.channel === 'sms') caps.taken(found.row.clinicId);
    return found;
  }

  async function inTransaction(
    notice: AskedNotice,
    takeWith: TakeWith,
    { givesWay }: { givesWay: boolean },
  ): Promise<TakeResult> {
    let tries = 0;
    const once = (): Promise<TakeResult> =>
      records.transaction((session) => {
        tries += 1;
        if (givesWay && tries > 1) throw new MetAnother('another transaction writes the same document');
        return inSession(notice, takeWith, session);
      });
    try {
      return await once();
    } catch (error) {
      // Two entered the same row, or locked the same number for the first time: the other one is there now.
      if (!isDuplicate(error)) throw error;
      return once();
    }
  }

  async function inSession(
    notice: AskedNotice,
    takeWith: TakeWith,
    session: ClientSession,
  ): Promise<TakeResult> {
    const now = clock.now();
    const known = await ledger.find(rowIdOf(notice), session);
    const isTakenUp = notice.again && known !== null && whyNotResend(known, toInstant(now)) === null;
    if (known && known.state !== 'planned' && !isTakenUp) return standing(known, now);
    const loaded = await subjects.of(notice.kind).load(notice, known, now, session);
    const { recipient, over, morning } = loaded;
    if (!known && !recipient) return { kind: 'does-not-hear' };
    const row = known && isTakenUp ? await takeUpAgain(known, loaded, now, session) : known;
    let read: Promise<LedgerRow[]> | null = null;
    const rowsOfOccasion = (): Promise<LedgerRow[]> => (read ??= ledger.ofOccasion(notice, session));
    const asked: Asked = { notice, loaded, row, rowsOfOccasion, now, session };
    if (!row && !over && morning) return { kind: 'not-before', at: morning };
    const decision = over ?? (await decide(asked));
    if (decision.state !== 'handing-over') return end(asked, decision);
    const { way } = decision;
    if (way.channel === 'sms' && notice.queue === 'email') {
      await enterIfOverdue(asked);
      return { kind: 'through-sms' };
    }
    if (!takeWith) return { kind: 'entered', row: row ?? (await enterPlanned(asked, dueAtOf(notice))) };
    const ms = await loaded.waitMs();
    if (ms > 0) return { kind: 'wait', ms, row: row ?? (await enterPlanned(asked)) };
    if (row && morning) {
      const late = loaded.late(morning);
      return { kind: 'wait', ms: morning.getTime() - now.getTime(), row, ...(late ? { late } : {}) };
    }
    return takeNow(asked, way, takeWith);
  }

  /** Goes now, or does not; one phone or mailbox hears once (R2.7), and an SMS counts for the caps. */
  async function decide(asked: Asked): Promise<HandedOver | NotHandedOver> {
    const { loaded, now, session } = asked;
    const decision = loaded.decide(null);
    if (decision.state !== 'handing-over') return decision;
    const { way } = decision;
    if (await hearsAlready(records, asked, way)) return { state: 'skipped', reason: 'same-number' };
    if (way.channel !== 'sms') return decision;
    const { clinicId, settings } = loaded;
    return loaded.decide(await caps.over({ clinicId, settings, number: way.to, now }, session));
  }

  async function end(asked: Asked, whyNot: NotHandedOver): Promise<TakeResult> {
    const { notice, loaded, row, now, session } = asked;
    const recipient = recipientNumber(loaded, notice.participantId);
    if (!row) {
      const ended = await enter(asked, whyNot, null);
      return { kind: 'dropped', row: ended, recipient, whyNot };
    }
    const { state: to, reason } = whyNot;
    await ledger.step(row.rowId, { from: ['planned'], to, reason, at: now }, session);
    return { kind: 'dropped', row: stepped(row, { state: to, reason }, now), recipient, whyNot };
  }

  async function takeNow(
    asked: Asked,
    way: HandedOver['way'],
    { leaseMs, ...linkMaking }: NonNullable<TakeWith>,
  ): Promise<TakeResult> {
    const { notice, loaded, row, now, session } = asked;
    const { channel, to } = way;
    const leaseUntil = new Date(now.getTime() + leaseMs);
    const reportToken = randomSecret();
    const { mailSubject, text } = await loaded.text(linkMaking);
    const taken: Taken = {
      state: 'handing-over',
      handOver: { leaseUntil, channel, to, reportToken: channel === 'sms' ? reportToken : null },
      // Should this process die, and nobody come again.
      lookAgainAt: new Date(leaseUntil.getTime() + LOOK_AFTER_LEASE_MS),
    };
    let ours: LedgerRow;
    if (row) {
      const { state, ...more } = taken;
      const step = { from: ['planned' as const], to: state, reason: null, at: now, ...more };
      await ledger.step(row.rowId, step, session);
      ours = { ...stepped(row, { state, reason: null }, now), channel, handedOverAt: toInstant(now) };
    } else {
      ours = await enter(asked, taken, loaded.late(now));
    }
    return {
      kind: 'ours',
      row: ours,
      recipient: recipientNumber(loaded, notice.participantId),
      way,
      mailSubject,
      text,
      leaseUntil,
      reportToken,
      lastUsefulAt: notice.lastUsefulAt,
      dueAt: notice.dueAt ?? loaded.dueAt,
    };
  }

  /** It waits, and is late when it should have gone by then and has not (R2.10). */
  const enterPlanned = (asked: Asked, dueAt = asked.now): Promise<LedgerRow> =>
    enter(asked, { state: 'planned' }, asked.loaded.late(dueAt));

  /** Where all who hear of it have their row, nobody has to seek it any more (R2.10). */
  async function enter(asked: Asked, entered: Entered, late: LateTimes | null): Promise<LedgerRow> {
    const { notice, loaded, rowsOfOccasion, now, session } = asked;
    const row = await ledger.enter(newRow(notice, loaded), entered, { at: now, late }, session);
    const { others, noteEntered } = loaded;
    if (!noteEntered) return row;
    const rows = others.length > 0 ? await rowsOfOccasion() : [];
    const hasRow = ({ participantId }: { participantId: string }): boolean =>
      rows.some((each) => each.kind === notice.kind && each.participantId === participantId);
    if (others.every(hasRow)) await noteEntered(session);
    return row;
  }

  /** What waits for its turn among the SMS for too long is entered, so that others hear of it (R2.10). */
  async function enterIfOverdue(asked: Asked): Promise<void> {
    const { notice, loaded, row, now } = asked;
    const dueAt = dueAtOf(notice);
    if (row || !dueAt) return;
    const late = loaded.late(dueAt);
    if (late !== null && late.overdueAt <= now) await enterPlanned(asked, dueAt);
  }

  /** An operator asks for it: what surely was not sent, and still helps, is planned again (R2.7). */
  async function takeUpAgain(
    row: LedgerRow,
    loaded: LoadedNotice,
    now: Date,
    session: ClientSession,
  ): Promise<LedgerRow> {
    const late = loaded.late(now);
    const reason = TRIED_AGAIN;
    await ledger.step(
      row.rowId,
      { from: ['failed'], to: 'planned', reason, at: now, ...(late ? { late } : {}) },
      session,
    );
    // It is judged anew.
    const { late: _, waits, ...judgedAnew } = row;
    return stepped(judgedAnew, { state: 'planned', reason }, now);
  }

  return { take, caps };
}

/** What it goes on with. */
interface Asked {
  notice: AskedNotice;
  loaded: LoadedNotice;
  row: LedgerRow | null;
  /** As they were before anything was entered now; read once. */
  rowsOfOccasion: () => Promise<LedgerRow[]>;
  now: Date;
  session: ClientSession;
}

const dueAtOf = ({ dueAt }: AskedNotice): Date | undefined => (dueAt === null ? undefined : new Date(dueAt));

/** A row that has been entered and is not to be handed over now: another process has it, or it is over. */
function standing(row: LedgerRow, now: Date): TakeResult {
  if (row.state === 'handing-over') {
    const ms = leaseLeftMs(row, now);
    return ms > 0 ? { kind: 'wait', ms, row } : { kind: 'look', row };
  }
  const { state, channel, handedOverAt, looks } = row;
  const isToBeLookedFor = state === 'unknown' && channel === 'sms' && handedOverAt !== null && looks === 0;
  return isToBeLookedFor ? { kind: 'look', row } : { kind: 'over', row };
}

const newRow = (
  { subjectId, occasion, kind, participantId, lastUsefulAt }: Notice,
  { clinicId, recipient }: LoadedNotice,
): PlannedRow => ({
  subjectId,
  occasion,
  kind,
  participantId,
  lastUsefulAt,
  clinicId,
  personId: recipient!.personId,
  channel: recipient!.way.channel,
});

const stepped = (
  row: LedgerRow,
  { state, reason }: Pick<LedgerRow, 'state' | 'reason'>,
  at: Date,
): LedgerRow => ({
  ...row,
  state,
  reason,
  history: [...row.history, { at: toInstant(at), state, reason }],
});
