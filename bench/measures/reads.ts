import type { Bench } from '../bench';
import { cpuRatio } from '../cpu';
import type { Figures } from '../figures';
import { createHttpClient } from '../load/http-client';
import { AT_ONCE, forMs } from '../load/load';
import { createRounds } from '../load/rounds';
import { rounded } from '../numbers';
import type { BareReadsSettings } from '../processes/bare-reads';
import { startChild } from '../processes/child';
import { databaseUri, named } from '../settings';
import { addPatients } from '../rig/patients';
import { bookingOf, openServiceRig } from '../rig/service-rig';
import { until } from '../waiting';

const WEEK_MS = 7 * 86_400_000;

/**
 * Reads a second of a meeting's status, beside a bare read of as many bytes: no key, no rules of who may
 * read, no audit row.
 */
export async function measureReads(bench: Bench): Promise<Figures['reads']> {
  const { settings, sizes } = bench;
  const { rounds, ms } = sizes.reads;
  const service = await openServiceRig(bench, 'reads');
  const [patientId = ''] = await addPatients(service.records, service.clinicId, 1);
  const { meetingId } = await service.call<{ meetingId: string }>(
    'POST',
    '/clinic/meetings',
    bookingOf(patientId, new Date(Date.now() + WEEK_MS)),
  );
  await until('the notice of the booking', async () => (await service.settledMeetings()) === 1);
  const path = `/clinic/meetings/${meetingId}`;
  const document = await service.call<Record<string, unknown>>('GET', path);

  const bareSettings: BareReadsSettings = {
    folder: settings.folder,
    databaseUri: databaseUri(settings, named(settings, 'bare-reads')),
    document,
  };
  const bare = await startChild<{ url: string }>('bare-reads', bareSettings);
  const bareHttp = createHttpClient(bare.ready.url, AT_ONCE);
  const reads = createRounds(service.pids);
  const bareReads = createRounds({ ...settings.pids, api: [bare.pid] });
  const mustAnswer = (status: number): void => {
    if (status !== 200) throw new Error(`a read was answered ${status}`);
  };
  try {
    for (let round = 0; round < rounds; round += 1) {
      await bareReads.round(() =>
        forMs(ms, async () => mustAnswer((await bareHttp.call('GET', '/documents/one', {})).status)),
      );
      await reads.round(() =>
        forMs(ms, async () => mustAnswer((await service.http.call('GET', path, service.headers())).status)),
      );
    }
  } finally {
    bareHttp.close();
    await bare.stop();
    await service.close();
  }
  const [ours, bareRate] = [reads.result(), bareReads.result()];
  return {
    service: ours,
    bare: bareRate,
    ratio: rounded(ours.perSecond / bareRate.perSecond, 3),
    cpuRatio: cpuRatio(ours.cpu, bareRate.cpu),
    documentBytes: Buffer.byteLength(JSON.stringify(document)),
  };
}
