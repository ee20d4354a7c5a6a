/** What staff confirm before a meeting opens (R4.7), one by one. */
export const readinessPoints = [
  'room',
  'background',
  'clothing',
  'nameBadge',
  'faceLit',
  'upperBody',
  'markedOccupied',
  'closedDoor',
] as const;
export type ReadinessPoint = (typeof readinessPoints)[number];

/** Those that every confirmation has: without one of them none is taken. */
export const neededPoints = ['room', 'background', 'clothing', 'nameBadge'] as const;

/** What was confirmed; one that was stored before points were kept had the four that were asked for then. */
export const pointsConfirmed = (stored: readonly ReadinessPoint[] | undefined): readonly ReadinessPoint[] =>
  stored ?? neededPoints;

/** Whoever works at a distance confirms a closed door, where others confirm that the room is marked. */
export const isAtDistance = (points: readonly ReadinessPoint[]): boolean => points.includes('closedDoor');
