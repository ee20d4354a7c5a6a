/**
 * Type of the ApplicationFailure that a refused command fails with; its message is the {@link
 * CommandRefusal}.
 */
export const REFUSED = 'refused';
