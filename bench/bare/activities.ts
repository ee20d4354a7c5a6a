import type { FloorRows } from '../floor/rows';

/**
 * The bare loop's one activity: one POST to the stand-in of the provider, and nothing else; with rows the
 * honest floor's, which knows after a crash what may have been sent.
 */
export const createBareActivities = (providerUrl: string, rows: FloorRows | null = null) => ({
  async post(id: string): Promise<void> {
    await rows?.take(id);
    const response = await fetch(providerUrl, { method: 'POST', body: new URLSearchParams({ message: id }) });
    if (!response.ok) throw new Error(`the provider answered ${response.status}`);
    await response.arrayBuffer();
    await rows?.note(id);
  },
});

export type BareActivities = ReturnType<typeof createBareActivities>;
