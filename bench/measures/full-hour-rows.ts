import { percentile } from '../numbers';
import type { ServiceRig } from '../rig/service-rig';

/** What of a row of the ledger is looked at; stored names stay as they are (records/ledger-row.ts). */
interface Row {
  meetingId: string;
  kind: string;
  state: string;
  lastUsefulAt: string;
  handedOverAt: string | null;
}

/** What the ledger tells of the queue from the door's opening on. */
export interface HandOvers {
  handedOver: number;
  /** Ended without having been sent, because they would have helped no more. */
  expired: number;
  /** Must be 0. */
  handedOverTooLate: number;
  cancellations: {
    count: number;
    notSent: number;
    p50Ms: number;
    mostMs: number;
    /** Others' messages that were handed over between its answer and its own message: the most. */
    overtakenByMost: number;
    /** Other messages to a patient after the cancellation was answered; must be 0. */
    afterwards: number;
  };
  /** Of meetings a week ahead, booked just before. */
  far: { count: number; handedOverBeforeTheNearest: number };
}

export async function handOversOf(
  { database }: ServiceRig,
  {
    cancelledAt,
    farIds,
    doorAt,
  }: {
    /** In milliseconds since 1970, as all below. */
    cancelledAt: Map<string, number>;
    farIds: string[];
    doorAt: number;
  },
): Promise<HandOvers> {
  const rows = await database.collection<Row>('ledger').find({}).toArray();
  const atOf = ({ handedOverAt }: Row): number => (handedOverAt === null ? NaN : Date.parse(handedOverAt));
  const since = rows.filter((row) => atOf(row) >= doorAt);
  const far = new Set(farIds);
  const isOther = ({ meetingId }: Row): boolean => !cancelledAt.has(meetingId);

  const waits: number[] = [];
  const overtaken: number[] = [];
  let [notSent, afterwards] = [0, 0];
  for (const [meetingId, answeredAt] of cancelledAt) {
    const own = rows.find((row) => row.meetingId === meetingId && row.kind === 'cancellation');
    const at = own ? atOf(own) : NaN;
    if (Number.isNaN(at)) notSent += 1;
    else {
      // Its message may go before its answer does.
      waits.push(Math.max(0, at - answeredAt));
      overtaken.push(since.filter((row) => atOf(row) > answeredAt && atOf(row) < at && isOther(row)).length);
    }
    afterwards += since.filter(
      (row) => row.meetingId === meetingId && row.kind !== 'cancellation' && atOf(row) > answeredAt,
    ).length;
  }

  const lastNear = Math.max(doorAt, ...since.filter(({ kind }) => kind === 'soon').map(atOf));
  return {
    handedOver: since.length,
    expired: rows.filter(({ state }) => state === 'expired').length,
    handedOverTooLate: since.filter((row) => atOf(row) > Date.parse(row.lastUsefulAt)).length,
    cancellations: {
      count: cancelledAt.size,
      notSent,
      p50Ms: percentile(waits, 0.5),
      mostMs: percentile(waits, 1),
      overtakenByMost: percentile(overtaken, 1),
      afterwards,
    },
    far: {
      count: far.size,
      handedOverBeforeTheNearest: since.filter((row) => far.has(row.meetingId) && atOf(row) < lastNear)
        .length,
    },
  };
}
