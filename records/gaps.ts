import type { Connection } from 'mongoose';
import { isGap, probeTargets, type Gap, type GapKind, type ProbeTarget } from '../rules/gaps';
import { msOf, toInstant, type Instant } from '../rules/instant';
import { collection, json } from './schema';

/** When a target was first and last known to answer. */
interface Known {
  since: Instant;
  at: Instant;
}

interface ProbeRow {
  _id: string;
  answered: Partial<Record<ProbeTarget, Known>>;
}

interface GapRow {
  _id: string;
  kind: GapKind;
  /** Null for one of everybody's. */
  meetingId: string | null;
  from: Instant;
  until: Instant;
  keptUntil: Date;
}

/** Longer than anybody disputes what a meeting came to. */
const KEPT_MS = 400 * 24 * 3_600_000;
const DAY_MS = 24 * 3_600_000;
const PROBES = 'probes';

/**
 * Gaps: times in which evidence of patients can have been lost (R5.6; design, decision 15). The database
 * records only that a target answered. One row moves on. Another row is added for each time when a minute or
 * more passes between two answers. The reason does not matter: the target was away, the database was, or
 * nobody asked.
 */
export interface Gaps {
  /**
   * Notes that these targets answered a probe at this instant, as any process saw it.
   * @returns the gaps that this has ended
   */
  answered(targets: ProbeTarget[], at: Date): Promise<Gap[]>;
  /**
   * The gaps that touch this time, as far as it has come; before a target was known to answer all is one gap.
   */
  between(from: Instant, until: Instant, now: Date): Promise<Gap[]>;
  /** When each target answered last, as far as it is known. */
  lastAnswers(): Promise<Partial<Record<ProbeTarget, Instant>>>;
  /** Jitsi's reports of a meeting came with a wrong secret; once a minute. */
  reportsRefused(meetingId: string, at: Date): Promise<void>;
  ofMeeting(meetingId: string): Promise<Gap[]>;
  /** How many meetings' reports have been refused since then. */
  refusedSince(since: Date): Promise<number>;
}

export function createGaps(connection: Connection): Gaps {
  const probes = collection<ProbeRow>(connection, 'probes', { answered: json });
  const gaps = collection<GapRow>(
    connection,
    'gaps',
    { kind: String, meetingId: String, from: String, until: String, keptUntil: Date },
    [[{ meetingId: 1, until: 1 }], [{ kind: 1, until: 1 }], [{ keptUntil: 1 }, { expireAfterSeconds: 0 }]],
  );
  const knownNow = async (): Promise<ProbeRow['answered']> =>
    (await probes.findById(PROBES).lean<ProbeRow>())?.answered ?? {};
  const gapOf = ({ kind, from, until }: GapRow): Gap => ({ kind, from, until });
  const rowOf = (gap: Gap, meetingId: string | null): Omit<GapRow, '_id'> => ({
    ...gap,
    meetingId,
    keptUntil: new Date(msOf(gap.until) + KEPT_MS),
  });

  return {
    async answered(targets, date) {
      if (targets.length === 0) return [];
      const at = toInstant(date);
      return connection.transaction(async (session) => {
        const known = (await probes.findById(PROBES).session(session).lean<ProbeRow>())?.answered ?? {};
        const ended = targets.flatMap((target): Gap[] => {
          const last = known[target]?.at;
          return last !== undefined && isGap(last, at)
            ? [{ kind: `${target}-away`, from: last, until: at }]
            : [];
        });
        const answered = { ...known };
        for (const target of targets) {
          const { since = at, at: last = at } = known[target] ?? {};
          answered[target] = { since, at: msOf(last) > msOf(at) ? last : at };
        }
        await probes.updateOne({ _id: PROBES }, { $set: { answered } }, { upsert: true, session });
        for (const gap of ended)
          await gaps.updateOne(
            { _id: `${gap.kind}:${gap.from}` },
            { $setOnInsert: rowOf(gap, null) },
            { upsert: true, session },
          );
        return ended;
      });
    },
    async between(from, until, now) {
      const end = msOf(until) < now.getTime() ? until : toInstant(now);
      const rows = await gaps.find({ meetingId: null, until: { $gt: from } }).lean<GapRow[]>();
      const known = await knownNow();
      const unknown = probeTargets.flatMap((target): Gap[] => {
        const kind: GapKind = `${target}-away`;
        const { since, at } = known[target] ?? {};
        if (since === undefined || at === undefined) return [{ kind, from, until: end }];
        // What was over before anything was probed has been settled without.
        if (msOf(since) > msOf(until) + DAY_MS) return [];
        return [
          ...(msOf(since) > msOf(from) ? [{ kind, from, until: since }] : []),
          // It lasts: nothing has answered since.
          ...(isGap(at, toInstant(now)) ? [{ kind, from: at, until: toInstant(now) }] : []),
        ];
      });
      return [...rows.map(gapOf), ...unknown].filter((gap) => msOf(gap.from) < msOf(end));
    },
    async lastAnswers() {
      return Object.fromEntries(Object.entries(await knownNow()).map(([target, { at }]) => [target, at]));
    },
    async reportsRefused(meetingId, date) {
      const at = toInstant(date);
      const row = rowOf({ kind: 'reports-refused', from: at, until: at }, meetingId);
      const _id = `${row.kind}:${meetingId}:${at.slice(0, 16)}`;
      await gaps.updateOne({ _id }, { $setOnInsert: row }, { upsert: true });
    },
    async ofMeeting(meetingId) {
      // With an index of all fields of the filter: any time is later than none.
      return (await gaps.find({ meetingId, until: { $gt: '' } }).lean<GapRow[]>()).map(gapOf);
    },
    async refusedSince(since) {
      const rows = await gaps
        .find({ kind: 'reports-refused', until: { $gt: toInstant(since) } }, { meetingId: 1 })
        .lean<Pick<GapRow, 'meetingId'>[]>();
      return new Set(rows.map(({ meetingId }) => meetingId)).size;
    },
  };
}
