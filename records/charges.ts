import type { ClientSession, Connection } from 'mongoose';
import { actorOf, type Actor } from '../rules/actor';
import type { Instant } from '../rules/instant';
import { invoiceStates, isLive } from '../rules/invoice';
import type { ChargeSnapshot } from '../workflows/invoice/messages';
import { changeIf, collection, json, withoutId } from './schema';

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

/** The invoices of one start version of a meeting: whose they are, and the read model of their workflow. */
export interface Charge {
  meetingId: string;
  clinicId: string;
  patientId: string;
  startVersion: number;
  course: ChargeSnapshot;
  decisions: InvoiceDecision[];
}

interface ChargeRow extends Charge {
  _id: string;
  invoiceIds: string[];
  /** When the clinic's billing was handed something: a basis, a credit. */
  billedAt: Instant[];
}

export interface Charges {
  /** Null where nothing has been proposed yet. */
  find(meetingId: string, startVersion: number): Promise<Charge | null>;
  /** Null for an invoice that is not this clinic's. */
  findByInvoice(clinicId: string, invoiceId: string): Promise<Charge | null>;
  /** By start version. */
  ofMeeting(meetingId: string): Promise<Charge[]>;
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
    },
    [[{ meetingId: 1, startVersion: 1 }], [{ invoiceIds: 1 }], [{ clinicId: 1, billedAt: 1 }]],
  );
  const idOf = (meetingId: string, startVersion: number): string => `${meetingId}:${startVersion}`;
  const chargeOf = ({ invoiceIds, billedAt, ...row }: ChargeRow): Charge => ({
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

/**
 * The steps that the earlier read model did not have. They are told apart by their content, not by their
 * number. A finding that nothing is charged is saved without a workflow, which knows nothing of it when a
 * correction comes right after it.
 */
function stepsSince(before: ChargeSnapshot, { steps }: ChargeSnapshot): ChargeSnapshot['steps'] {
  const known = new Set(before.steps.map((step) => JSON.stringify(step)));
  return steps.filter((step) => !known.has(JSON.stringify(step)));
}
