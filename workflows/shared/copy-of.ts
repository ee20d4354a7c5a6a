/** The sandbox has no structuredClone on every Node; a snapshot is plain JSON anyway. */
export const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
