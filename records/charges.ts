import type { ClientSession, Connection } from 'mongoose';
import { actorOf, type Actor } from '../rules/actor';
import { toInstant, type Instant } from '../rules/instant';
import { invoiceStates, isLive, type InvoiceStanding } from '../rules/invoice';
import type { ChargeSnapshot, Proposal } from '../workflows/invoice/messages';
import { standingOf } from './charge-standing';
import { asText, pageOf, rowsAfter, type Page } from './pages';
import { changeIf, collection, isOlderThanIndexOf, json, withoutId } from './schema';

/**
 * A decision about an invoice: who decided and why. It is kept here, since a workflow carries neither
 * (design, decision 7).
 */
export interface InvoiceDecision {
  commandId: string;
  invoiceId: string;
  operation: string;
  actor: Actor;
  at: Instant;
}

/**
 * All invoices of one start version of a meeting: whose they are, and the read model of their workflow. An
 * `Invoice` is one of them (`course.invoices`), and at most one is live (R5.8).
 */
export interface Charge {
  meetingId: string;
  clinicId: string;
  patientId: string;
  startVersion: number;
  course: ChargeSnapshot;
  decisions: InvoiceDecision[];
}

interface ChargeRow extends Charge, Partial<Listed> {
  _id: string;
  invoiceIds: string[];
  /** When the clinic's billing was handed something: a basis, a credit. */
  billedAt: Instant[];
}

/** What a clinic's list asks for, of the last invoice. Absent in what was written before there was a list. */
interface Listed {
  standing: InvoiceStanding;
  cause: Proposal['cause'];
  proposedAt: Instant;
}

/** Which of a clinic's charges are listed. */
export interface ChargeQuery {
  clinicId: string;
  standing: InvoiceStanding;
  /** Null for every cause. */
  cause: Proposal['cause'] | null;
  /** Those whose last invoice was proposed in the time, `until` exclusive; null for any time. */
  proposed: { from: Date; until: Date } | null;
  cursor: string | null;
  limit: number;
}

export interface Charges {
  /** Null where nothing has been proposed yet. */
  find(meetingId: string, startVersion: number): Promise<Charge | null>;
  /** Null for an invoice that is not this clinic's. */
  findByInvoice(clinicId: string, invoiceId: string): Promise<Charge | null>;
  /** By start version. */
  ofMeeting(meetingId: string): Promise<Charge[]>;
  /** What was proposed first comes first. */
  list(query: ChargeQuery): Promise<Page<Charge>>;
  /** Makes charges of before there was a list be in it; once, before its index is made. */
  listOld(): Promise<void>;
  /** The meetings with an invoice that may still be paid, of every clinic: for the operator. */
  meetingsWithLive(): Promise<string[]>;
  /** Charges of which the clinic's billing was handed something in the time, `until` exclusive. */
  billedBetween(clinicId: string, from: Instant, until: Instant, limit: number): Promise<Charge[]>;
  /**
   * Saves the read model, inside a transaction; losing to a newer version is success (design, decision 1).
   * Answers with the one before it, if any, and with the steps that are new, so that each is told once.
   */
  save(
    charge: Omit<Charge, 'decisions'>,
    session: ClientSession,
  ): Promise<{ isNewest: boolean; before: ChargeSnapshot | null; newSteps: ChargeSnapshot['steps'] }>;
  /** Notes who decided, once per command. */
  noteDecision(meetingId: string, startVersion: number, decision: InvoiceDecision): Promise<void>;
}

/** Steps with which the clinic's billing is handed something. */
export const isBilled = (what: string): boolean => what === 'handed-over' || what === 'crediting';

export function createCharges(connection: Connection): Charges {
  const rows = collection<ChargeRow>(
    connection,
    'charges',
    {
      meetingId: String,
      clinicId: String,
      patientId: String,
      startVersion: Number,
      course: json,
      decisions: json,
      invoiceIds: [String],
      billedAt: [String],
      standing: String,
      cause: String,
      proposedAt: String,
    },
    [
      [{ meetingId: 1, startVersion: 1 }],
      [{ invoiceIds: 1 }],
      [{ clinicId: 1, billedAt: 1 }],
      // One for each way to ask for a list.
      [{ clinicId: 1, standing: 1, proposedAt: 1, _id: 1 }],
      [{ clinicId: 1, standing: 1, cause: 1, proposedAt: 1, _id: 1 }],
    ],
  );
  const idOf = (meetingId: string, startVersion: number): string => `${meetingId}:${startVersion}`;
  const chargeOf = ({ invoiceIds, billedAt, standing, cause, proposedAt, ...row }: ChargeRow): Charge => ({
    ...withoutId(row),
    decisions: row.decisions.map((decision) => ({ ...decision, actor: actorOf(decision) })),
  });

  return {
    async find(meetingId, startVersion) {
      const row = await rows.findById(idOf(meetingId, startVersion)).lean<ChargeRow>();
      return row && chargeOf(row);
    },
    async findByInvoice(clinicId, invoiceId) {
      const row = await rows.findOne({ invoiceIds: invoiceId }).lean<ChargeRow>();
      return row?.clinicId === clinicId ? chargeOf(row) : null;
    },
    async ofMeeting(meetingId) {
      return (await rows.find({ meetingId }).sort({ startVersion: 1 }).lean<ChargeRow[]>()).map(chargeOf);
    },
    async list({ clinicId, standing, cause, proposed, cursor, limit }) {
      const filter = { clinicId, standing, ...(cause ? { cause } : {}) };
      const order = {
        field: 'proposedAt',
        valueOf: asText,
        ...(proposed ? { from: toInstant(proposed.from), until: toInstant(proposed.until) } : {}),
      };
      const found = await rowsAfter(rows, filter, order, cursor, limit + 1);
      const { items, next } = pageOf(found, limit, ({ proposedAt = '' }) => proposedAt, chargeOf);
      // A process of an earlier release, which is still at work in an upgrade, saves without its standing.
      return { items: items.filter(({ course }) => standingOf(course) === standing), next };
    },
    async listOld() {
      if (!(await isOlderThanIndexOf(rows, 'standing'))) return;
      const isOld = ({ standing }: ChargeRow): boolean => standing === undefined;
      for await (const { _id } of rows.find({ standing: { $exists: false } }, { _id: 1 }).lean<ChargeRow>())
        await changeIf(rows, _id, isOld, ({ course }) => ({ $set: listedBy(course) }));
    },
    async meetingsWithLive() {
      return rows.distinct('meetingId', { 'course.invoices.state': { $in: invoiceStates.filter(isLive) } });
    },
    async billedBetween(clinicId, from, until, limit) {
      // Also those that were billed before and after, but not between: an index serves no more exact
      // question.
      const found = await rows
        .find({ clinicId, billedAt: { $gte: from, $lt: until } })
        .limit(limit)
        .lean<ChargeRow[]>();
      return found.filter(({ billedAt }) => billedAt.some((at) => at >= from && at < until)).map(chargeOf);
    },
    async save({ meetingId, startVersion, clinicId, patientId, course }, session) {
      const _id = idOf(meetingId, startVersion);
      const set = {
        course,
        invoiceIds: course.invoices.map(({ invoiceId }) => invoiceId),
        billedAt: course.steps.filter(({ what }) => isBilled(what)).map(({ at }) => at),
        ...listedBy(course),
      };
      const before = await rows.findById(_id).session(session).lean<ChargeRow>();
      if (before) {
        if (before.course.version >= course.version)
          return { isNewest: false, before: before.course, newSteps: [] };
        await rows.updateOne({ _id }, { $set: set }, { session });
        return { isNewest: true, before: before.course, newSteps: stepsSince(before.course, course) };
      }
      await rows.create([{ _id, meetingId, startVersion, clinicId, patientId, decisions: [], ...set }], {
        session,
      });
      return { isNewest: true, before: null, newSteps: course.steps };
    },
    async noteDecision(meetingId, startVersion, decision) {
      const isNew = ({ decisions }: ChargeRow): boolean =>
        decisions.every(({ commandId }) => commandId !== decision.commandId);
      await changeIf(rows, idOf(meetingId, startVersion), isNew, { $push: { decisions: decision } });
    },
  };
}

function listedBy(course: ChargeSnapshot): Partial<Listed> {
  const last = course.invoices.at(-1);
  return last ? { standing: standingOf(course), cause: last.cause, proposedAt: last.proposedAt } : {};
}

/**
 * The steps that the earlier read model did not have. They are told apart by their content, not by their
 * number. A finding that nothing is charged is saved without a workflow, which knows nothing of it when a
 * correction comes right after it.
 */
function stepsSince(before: ChargeSnapshot, { steps }: ChargeSnapshot): ChargeSnapshot['steps'] {
  const known = new Set(before.steps.map((step) => JSON.stringify(step)));
  return steps.filter((step) => !known.has(JSON.stringify(step)));
}
