import { defaultNoticeRules } from '../../../rules/notices';
import { createClinic, nextMobile, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { bornYearsAgo } from '../../api/helpers';
import { createBench, type Bench } from './harness';

/** Nothing goes out to a guardian whom staff have stopped, also of what was planned before (R7.3, R7.10). */
let service: Service;
let clinic: TestClinic;
beforeAll(async () => {
  service = await startService({ workers: false });
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
});
afterAll(() => service.close());

interface Family extends Bench {
  guardianId: string;
  mobiles: { child: string; guardian: string; other: string };
  stop(): Promise<void>;
  lift(): Promise<void>;
  /** Hands all of the kind over, as a worker would; and where it went. */
  giveAll(rowIds: string[]): Promise<string[]>;
}

async function family({ shared = false }: { shared?: boolean } = {}): Promise<Family> {
  const mobiles = { child: nextMobile(), guardian: nextMobile(), other: nextMobile() };
  const guardianId = await clinic.addPatient({ mobile: mobiles.guardian });
  const otherId = await clinic.addPatient({ mobile: mobiles.other });
  const bench = await createBench(service, clinic, {
    child: true,
    person: { birthDate: bornYearsAgo(8), mobile: shared ? mobiles.guardian : mobiles.child },
    participants: [
      { role: 'guardian', personId: guardianId },
      { role: 'guardian', personId: otherId },
    ],
  });
  const post = async (page: string, body: object): Promise<void> => {
    const answer = await clinic.call('POST', `/clinic/people/${bench.patientId}/guardian-stops${page}`, {
      body,
    });
    expect(answer.status).toBe(200);
    // The bench's clock began with it, and hardly moves by itself.
    bench.clock.ms = Date.now() + 1_000;
  };
  return {
    ...bench,
    guardianId,
    mobiles,
    stop: () => post('', { guardianId, reason: 'Efter samtal med barnet' }),
    lift: () => post('/lift', { guardianId }),
    async giveAll(rowIds) {
      const before = bench.sent.length;
      for (const rowId of rowIds) await bench.handOver(rowId);
      return bench.sent.slice(before).map(({ to }) => to);
    },
  };
}

it('R7.3 what was planned for a guardian before the stop is skipped; the child and the other guardian hear', async () => {
  const { prepare, giveAll, stop, mobiles, row } = await family();
  const planned = await prepare('booking');
  expect(planned).toHaveLength(3);
  await stop();
  expect((await giveAll(planned)).sort()).toEqual([mobiles.child, mobiles.other].sort());
  const states = await Promise.all(planned.map(async (rowId) => (await row(rowId)).state));
  expect(states.filter((state) => state === 'sent')).toHaveLength(2);
  expect(states).toContain('skipped');
});

it('R7.3 nothing is planned for a guardian while the stop holds, and again once it is lifted', async () => {
  const { prepare, giveAll, stop, lift, mobiles } = await family();
  await stop();
  const booking = await prepare('booking');
  expect(booking).toHaveLength(2);
  expect(await giveAll(booking)).not.toContain(mobiles.guardian);
  await lift();
  const soon = await prepare('soon');
  expect(soon).toHaveLength(3);
  expect(await giveAll(soon)).toContain(mobiles.guardian);
});

it('R7.3 R7.10 a number that the child shares with the stopped guardian gets nothing: staff are told why', async () => {
  const { prepare, giveAll, stop, mobiles, meeting } = await family({ shared: true });
  await stop();
  expect(await giveAll(await prepare('booking'))).toEqual([mobiles.other]);
  const rows = await service.records.ledger.ofMeeting(meeting.meetingId);
  expect(rows.map(({ state, reason }) => [state, reason])).toContainEqual(['no-consent', 'guardians-number']);
});
