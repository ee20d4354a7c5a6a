import { setTimeout as pause } from 'node:timers/promises';
import { localSettings } from '../config';
import { createRecords } from '../records';
import { connectRecords } from '../records/connection';
import { createClient } from '../temporal/connect';
import { check, type CheckResult } from './checker';
import type { CommandedMeeting, Evidence } from './checker/evidence';
import { makeClinic, reminders } from './clinic';
import { createClinicCaller, type ClinicCaller } from './clinic-caller';
import { startProvider, type Provider } from './provider';
import { scheduleOf, type ProcessName, type Schedule, type RunOptions } from './schedule';
import { addPatient, liveOneMeeting } from './traffic';
import { createWitness, type Witness } from './witness';

/**
 * The processes of the run: Temporal, the database, the API and two workers (stand.mjs). What dies is started
 * again.
 */
export interface FaultRig {
  folder: string;
  apiUrl: string;
  providerPort: number;
  /** What the processes are told. */
  env: NodeJS.ProcessEnv;
  kill(process: ProcessName): void;
  freeze(process: ProcessName): void;
  thaw(process: ProcessName): void;
  /** Starts what the clinic's traffic needs. */
  startService(): Promise<void>;
}

/** What a run has come to. */
export interface RunResult extends CheckResult {
  schedule: Schedule;
  evidence: Evidence;
  /** Why meetings could not be booked, such as a start that had passed when the API was back. */
  notBooked: string[];
  /** How often each fault of the provider has struck. */
  strikes: Partial<Record<string, number>>;
}

/**
 * How long everything may take to come to rest: the attempt of a hand-over whose worker was killed is given
 * up after 30 s, and is tried again within half a minute; on a busy machine that can happen to the next
 * attempt too. What is stuck is so after this as well.
 */
const REST_MS = 180_000;
const LOOK_EVERY_MS = 2_000;
const AT_ONCE = 8;

/**
 * Disturbs some meetings by the schedule, waits until everything is at rest, and checks what has come of it.
 */
export async function runFaults(rig: FaultRig, options: RunOptions): Promise<RunResult> {
  const settings = localSettings(rig.env);
  const schedule = scheduleOf(options);
  const connection = await connectRecords(settings.MONGODB_URI);
  const client = createClient(settings.temporal, settings.PAYLOAD_KEYS);
  const provider = await startProvider({
    folder: rig.folder,
    port: rig.providerPort,
    username: settings.ELKS_USERNAME,
    password: settings.ELKS_PASSWORD,
  });
  try {
    const records = createRecords(connection, {
      fieldKeys: settings.FIELD_KEYS,
      hashKeys: settings.HASH_KEYS,
    });
    await makeClinic(records, settings.DEMO_CLINIC_KEY);
    await rig.startService();

    let giveUpAt = Date.now() + REST_MS;
    const caller = createClinicCaller({
      apiUrl: rig.apiUrl,
      apiKey: settings.DEMO_CLINIC_KEY,
      until: () => new Date(giveUpAt),
    });
    const patientIds = await addPatients(caller, schedule);

    const zero = Date.now();
    giveUpAt = zero + options.seconds * 1_000 + REST_MS;
    const lives = schedule.meetings.map((plan, index) =>
      liveOneMeeting(caller, plan, patientIds[index]!, zero),
    );
    const [commanded] = await Promise.all([
      Promise.all(lives),
      disturbProcesses(rig, schedule, zero),
      disturbProvider(provider, schedule, zero, options.seconds * 1_000),
    ]);
    const meetings = commanded.filter((each): each is CommandedMeeting => 'meetingId' in each);

    const witness = createWitness(connection, client);
    await untilAtRest(witness, giveUpAt);
    const evidence: Evidence = {
      workflows: await witness.workflows(meetings.map(({ meetingId }) => meetingId)),
      ledger: await witness.ledger(),
      messages: provider.messages(),
      meetings,
      reminders,
      leaseMs: options.leaseSeconds * 1_000,
      onItsWayMs: (options.leaseSeconds + options.timeoutSeconds) * 1_000,
    };
    return {
      ...check(evidence),
      schedule,
      evidence,
      notBooked: commanded.flatMap((each) => ('notBooked' in each ? [each.notBooked] : [])),
      strikes: provider.faults.strikes(),
    };
  } finally {
    provider.close();
    await Promise.allSettled([client.connection.close(), connection.close()]);
  }
}

/**
 * Before anything is disturbed: the time of a booking is soon past, and people are not what is tried here.
 */
async function addPatients(caller: ClinicCaller, { meetings }: Schedule): Promise<string[]> {
  const patientIds: string[] = [];
  for (let done = 0; done < meetings.length; done += AT_ONCE) {
    const some = meetings.slice(done, done + AT_ONCE);
    patientIds.push(...(await Promise.all(some.map((plan) => addPatient(caller, plan)))));
  }
  return patientIds;
}

async function disturbProcesses(rig: FaultRig, { processes }: Schedule, zero: number): Promise<void> {
  await Promise.all(
    processes.map(async (each) => {
      await pause(Math.max(0, zero + each.atMs - Date.now()));
      if (each.act === 'kill') {
        rig.kill(each.process);
        return;
      }
      rig.freeze(each.process);
      await pause(each.forMs);
      rig.thaw(each.process);
    }),
  );
}

async function disturbProvider(
  { faults }: Provider,
  schedule: Schedule,
  zero: number,
  untilMs: number,
): Promise<void> {
  for (const { atMs, rules, seed } of schedule.provider) {
    await pause(Math.max(0, zero + atMs - Date.now()));
    faults.set(rules, seed);
  }
  await pause(Math.max(0, zero + untilMs - Date.now()));
  faults.set([]);
}

/** Where it never comes to rest the checker tells what has not. */
async function untilAtRest(witness: Witness, giveUpAt: number): Promise<void> {
  while (Date.now() < giveUpAt) {
    // The database may be getting up at this moment.
    if (await witness.isAtRest().catch(() => false)) return;
    await pause(LOOK_EVERY_MS);
  }
}
