import type { Evidence } from '../../records/evidence';
import { inStockholm } from '../../rules/calendar/stockholm';
import type { Instant } from '../../rules/instant';
import { isAtDistance, pointsConfirmed } from '../../rules/readiness';

/** The room that somebody has confirmed today, for a meeting of their own (R4.7). */
export interface RememberedRoom {
  at: Instant;
  /** As they call it; null where they gave it no name. */
  inRoom: string | null;
  isAtDistance: boolean;
}

/**
 * What the member of staff confirmed last on this day: in the same room one press confirms the next meeting.
 * That all present are entitled is asked at each start all the same.
 */
export async function rememberedRoom(
  evidence: Pick<Evidence, 'lastConfirmedOn'>,
  { clinicId, staffIds }: { clinicId: string; staffIds: string[] },
  now: Date,
): Promise<RememberedRoom | null> {
  const last = await evidence.lastConfirmedOn(clinicId, inStockholm(now).toISODate(), staffIds);
  return (
    last && {
      at: last.at,
      inRoom: last.inRoom ?? null,
      isAtDistance: isAtDistance(pointsConfirmed(last.points)),
    }
  );
}
