import { createGiveNotice } from '../../../activities/notice/give';
import { createPrepareCaseNotice } from '../../../activities/notice/prepare';
import { hashOfCode } from '../../../records/links';
import { toInstant } from '../../../rules/instant';
import { defaultNoticeRules } from '../../../rules/notices';
import { openDatabase, type RawDatabase } from '../../api/helpers';
import { openCase, type TestCase } from '../../support/cases';
import { createClinic, type TestClinic } from '../../support/clinic';
import { testKeys } from '../../support/keys';
import { startService, type Service } from '../../support/service';
import { LEASE_MS, testTime, type TestTime } from './harness';
import { createProvider, type TestProvider } from './provider';

/** The notice of a message goes out at most once too, and leads to its case (R6.8, R2.7). */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService({ workers: false });
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
  raw = await openDatabase(service);
});
afterEach(() => raw.db.collection('restores').deleteMany({}));
afterAll(async () => {
  await raw.close();
  await service.close();
});

const MINUTE = 60_000;

interface CaseBench {
  of: TestCase;
  clock: TestTime;
  sent: TestProvider['calls'];
  rowId: string;
  handOver(): Promise<string>;
}

/** A case that the clinic has opened, whose notice the test hands over itself. */
async function bench(): Promise<CaseBench> {
  const { records, temporal, mailer, apiUrl } = service;
  const clock = testTime();
  const provider = createProvider(clock);
  const deps = {
    records,
    clock,
    temporal,
    elks: provider,
    mailer,
    log: { warn: () => undefined },
    smsPerDay: 1_000_000,
    sms: {
      sender: 'Vardmote',
      linkKeys: testKeys.linkKeys,
      publicUrl: 'https://mote.example',
      hooksUrl: apiUrl,
      leaseMs: LEASE_MS,
    },
  };
  const of = await openCase(clinic, await clinic.addPatient());
  const lastUsefulAt = toInstant(new Date(clock.ms + 24 * 60 * MINUTE));
  const { toSend, told } = await createPrepareCaseNotice(deps)({ caseId: of.caseId, burst: 1, lastUsefulAt });
  expect(told).toMatchObject([{ burst: 1, recipient: 1, state: 'planned' }]);
  const rowId = toSend[0]!.rowId;
  return { of, clock, sent: provider.calls, rowId, handOver: () => createGiveNotice(deps).handOver(rowId) };
}

/** The ledger's row as it was before it was handed over. */
const asBefore = (rowId: string) =>
  raw.db.collection('ledger').updateOne(
    { _id: rowId as never },
    {
      $set: {
        state: 'planned',
        reason: null,
        handedOverAt: null,
        leaseUntil: null,
        providerId: null,
        providerIdFrom: null,
      },
    },
  );

/** Notes a restore of what was ten minutes ago, at the bench's time. */
async function restored({ clock }: CaseBench, { held = false } = {}): Promise<void> {
  clock.ms += MINUTE;
  await service.records.restores.note({
    dataAsOf: toInstant(new Date(clock.ms - 10 * MINUTE)),
    restoredAt: toInstant(clock.now()),
  });
  if (!held) await service.records.restores.release(clock.now());
}

const openTasks = async ({ of }: CaseBench) =>
  (await service.records.tasks.ofCase(of.caseId))
    .filter(({ state }) => state === 'open')
    .map(({ kind, because }) => [kind, ...because]);

it('R2.3, R6.8 says that there is a message and not what, and its link leads to the participant of the case', async () => {
  const it = await bench();
  expect(await it.handOver()).toBe('sent');
  expect(await it.handOver()).toBe('sent');
  expect(it.sent).toHaveLength(1);
  const { message } = it.sent[0]!;
  expect(message).not.toMatch(/Hur går det|Uppföljning|Testmottagningen/);
  const code = /\/m\/(\S+)$/.exec(message)?.[1] ?? '';
  const [participant] = (await service.records.cases.get(it.of.caseId)).participants;
  expect(await service.records.links.find(hashOfCode(code))).toEqual({
    caseId: it.of.caseId,
    participantId: participant!.participantId,
  });
});

describe('after a restore', () => {
  it('R2.7 what the provider’s history shows as sent is not sent again, and staff are told', async () => {
    const it = await bench();
    await it.handOver();
    await asBefore(it.rowId);
    await restored(it);
    expect(await it.handOver()).toBe('unknown');
    expect(await it.handOver()).toBe('unknown');
    expect(it.sent).toHaveLength(1);
    expect(await openTasks(it)).toEqual([['nobody-reached', 'may-have-gone-before-the-restore']]);
  });

  it('R2.7 also where the ledger has lost the whole row, and the workflow asks for it', async () => {
    const it = await bench();
    await it.handOver();
    await raw.db.collection('ledger').deleteOne({ _id: it.rowId as never });
    await restored(it);
    expect(await it.handOver()).toBe('unknown');
    expect(it.sent).toHaveLength(1);
  });

  it('R2.7 it waits until an operator lets notices go, and goes then where it surely has not gone', async () => {
    const it = await bench();
    await restored(it, { held: true });
    await expect(it.handOver()).rejects.toMatchObject({ type: 'wait' });
    expect(it.sent).toEqual([]);
    await service.records.restores.release(it.clock.now());
    expect(await it.handOver()).toBe('sent');
    expect(it.sent).toHaveLength(1);
  });
});
