/** The bare loop's one activity: one POST to the stand-in of the provider, and nothing else. */
export const createBareActivities = (providerUrl: string) => ({
  async post(id: string): Promise<void> {
    const response = await fetch(providerUrl, { method: 'POST', body: new URLSearchParams({ message: id }) });
    if (!response.ok) throw new Error(`the provider answered ${response.status}`);
    await response.arrayBuffer();
  },
});

export type BareActivities = ReturnType<typeof createBareActivities>;
