import type { ClientSession, Connection } from 'mongoose';
import type { KeyRing } from '../platform/keys/key-ring';
import { createAudit, type Audit } from './audit';
import { createCases, type Cases } from './cases';
import { createCharges, type Charges } from './charges';
import { createClaims, type Claims } from './claims';
import { createClinicMails, type ClinicMails } from './clinic-mails';
import { createClinics, type Clinics } from './clinics';
import { createCommands, type Commands } from './commands';
import { createDayUse, type DayUse } from './day-use';
import { createDecodes, type Decodes } from './decodes';
import { createEvidence, type Evidence } from './evidence';
import { createEvents, type Events } from './events';
import { createFiles, type Files } from './files';
import { createFormDrafts, type FormDrafts } from './form-drafts';
import { createForms, type Forms } from './forms';
import { createGaps, type Gaps } from './gaps';
import { createKeysInUse, type KeyRings, type KeysInUse } from './keys-in-use';
import { createAnsweredPages, type AnsweredPages } from './answered-pages';
import { createKeptForms, type KeptForms } from './kept-forms';
import { createLeases, type Leases } from './leases';
import { createLinks, type Links } from './links';
import { createLogins, type Logins } from './logins';
import { createMeetings, type Meetings } from './meetings';
import { createMessages, type Messages } from './messages';
import { createOfferedTimes, type OfferedTimesRecord } from './offered-times';
import { createPeople, type People } from './people';
import { createPersonKeys, type PersonKeys } from './person-keys';
import { createLedger, type Ledger } from './ledger';
import { createRestores, type Restores } from './restores';
import { createSmsRuns, type SmsRuns } from './sms-runs';
import { createSessions, type Sessions } from './sessions';
import { createStaff, type Staff } from './staff';
import { createStaffSessions, type StaffSessions } from './staff-sessions';
import { createSuitabilities, type Suitabilities } from './suitability';
import { createTasks, type Tasks } from './tasks';
import { createAddressHashes } from './address-hashes';
import { createWaits, type Waits } from './waits';
import { createWayCodes, type WayCodes } from './way-codes';
import { createWebhooks, type Webhooks } from './webhooks';
import { createWhereabouts, type WhereaboutsRecord } from './whereabouts';

/** All that outlives a workflow (design, decision 1). */
export interface Records {
  audit: Audit;
  cases: Cases;
  charges: Charges;
  claims: Claims;
  clinicMails: ClinicMails;
  clinics: Clinics;
  commands: Commands;
  dayUse: DayUse;
  decodes: Decodes;
  events: Events;
  evidence: Evidence;
  files: Files;
  formDrafts: FormDrafts;
  forms: Forms;
  gaps: Gaps;
  keptForms: KeptForms;
  answeredPages: AnsweredPages;
  keysInUse: KeysInUse;
  leases: Leases;
  links: Links;
  logins: Logins;
  meetings: Meetings;
  messages: Messages;
  offeredTimes: OfferedTimesRecord;
  people: People;
  personKeys: PersonKeys;
  ledger: Ledger;
  restores: Restores;
  sessions: Sessions;
  smsRuns: SmsRuns;
  staff: Staff;
  staffSessions: StaffSessions;
  suitabilities: Suitabilities;
  tasks: Tasks;
  waits: Waits;
  wayCodes: WayCodes;
  webhooks: Webhooks;
  whereabouts: WhereaboutsRecord;
  /** Runs in one transaction; tried again from the start when it meets another one. */
  transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
  /**
   * Compares the keys with those that stored data need, and makes collections and indexes. Several processes
   * may run it at once.
   * @param payloadKeys where this process has them too
   * @throws KeysMissing before anything is written
   */
  prepare(payloadKeys?: KeyRing): Promise<void>;
  /** Notes that this process still writes with its newest keys. */
  seeWriter(payloadKeys?: KeyRing): Promise<void>;
  ping(): Promise<void>;
  /** What the database's clock shows. */
  serverTime(): Promise<Date>;
  close(): Promise<void>;
}

/** @param keys `fieldKeys` wrap the persons' own keys, `hashKeys` make what is searched by */
export function createRecords(
  connection: Connection,
  keys: { fieldKeys: KeyRing; hashKeys: KeyRing },
): Records {
  const personKeys = createPersonKeys(connection, keys.fieldKeys);
  const meetings = createMeetings(connection);
  const charges = createCharges(connection);
  const webhooks = createWebhooks(connection, keys.fieldKeys);
  const keysInUse = createKeysInUse(connection);
  const rings = (payloadKeys?: KeyRing): KeyRings => ({
    FIELD_KEYS: keys.fieldKeys,
    HASH_KEYS: keys.hashKeys,
    ...(payloadKeys ? { PAYLOAD_KEYS: payloadKeys } : {}),
  });
  return {
    audit: createAudit(connection),
    cases: createCases(connection, personKeys),
    charges,
    claims: createClaims(connection, keys.fieldKeys),
    clinicMails: createClinicMails(connection),
    clinics: createClinics(connection),
    commands: createCommands(connection, keys.fieldKeys, keys.hashKeys),
    dayUse: createDayUse(connection),
    decodes: createDecodes(connection),
    events: createEvents(connection, webhooks),
    evidence: createEvidence(connection),
    files: createFiles(connection, personKeys),
    formDrafts: createFormDrafts(connection, personKeys),
    forms: createForms(connection, personKeys),
    gaps: createGaps(connection),
    keptForms: createKeptForms(connection, personKeys),
    answeredPages: createAnsweredPages(connection),
    keysInUse,
    leases: createLeases(connection),
    links: createLinks(connection),
    logins: createLogins(connection),
    meetings,
    messages: createMessages(connection, personKeys),
    offeredTimes: createOfferedTimes(connection),
    people: createPeople(connection, personKeys, keys.hashKeys),
    personKeys,
    ledger: createLedger(connection, keys.hashKeys),
    restores: createRestores(connection),
    sessions: createSessions(connection, keys.hashKeys),
    smsRuns: createSmsRuns(connection),
    staff: createStaff(connection),
    staffSessions: createStaffSessions(connection),
    suitabilities: createSuitabilities(connection, personKeys),
    tasks: createTasks(connection),
    waits: createWaits(connection),
    wayCodes: createWayCodes(connection, personKeys, createAddressHashes(keys.hashKeys)),
    webhooks,
    whereabouts: createWhereabouts(connection, personKeys),
    transaction: (work) => connection.transaction(work),
    async prepare(payloadKeys) {
      await keysInUse.take(rings(payloadKeys), new Date());
      await meetings.noteChangeOfOld();
      await charges.listOld();
      for (const model of Object.values(connection.models)) await model.createIndexes();
    },
    seeWriter: (payloadKeys) => keysInUse.seeWriter(rings(payloadKeys), new Date()),
    async ping() {
      await connection.db?.command({ ping: 1 });
    },
    async serverTime() {
      const hello = await connection.db?.command({ hello: 1 });
      if (!(hello?.localTime instanceof Date)) throw new Error('the database tells no time');
      return hello.localTime;
    },
    close: () => connection.close(),
  };
}
