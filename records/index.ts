import type { ClientSession, Connection } from 'mongoose';
import type { KeyRing } from '../keys/key-ring';
import { createAudit, type Audit } from './audit';
import { createCharges, type Charges } from './charges';
import { createClaims, type Claims } from './claims';
import { createClinics, type Clinics } from './clinics';
import { createCommands, type Commands } from './commands';
import { createEvidence, type Evidence } from './evidence';
import { createEvents, type Events } from './events';
import { createFormDrafts, type FormDrafts } from './form-drafts';
import { createForms, type Forms } from './forms';
import { createLeases, type Leases } from './leases';
import { createLinks, type Links } from './links';
import { createLogins, type Logins } from './logins';
import { createMeetings, type Meetings } from './meetings';
import { createOfferedTimes, type OfferedTimesRecord } from './offered-times';
import { createPeople, type People } from './people';
import { createPersonKeys } from './person-keys';
import { createLedger, type Ledger } from './ledger';
import { createSessions, type Sessions } from './sessions';
import { createSuitabilities, type Suitabilities } from './suitability';
import { createTasks, type Tasks } from './tasks';
import { createWebhooks, type Webhooks } from './webhooks';

/** All that outlives a workflow (design, decision 1). */
export interface Records {
  audit: Audit;
  charges: Charges;
  claims: Claims;
  clinics: Clinics;
  commands: Commands;
  events: Events;
  evidence: Evidence;
  formDrafts: FormDrafts;
  forms: Forms;
  leases: Leases;
  links: Links;
  logins: Logins;
  meetings: Meetings;
  offeredTimes: OfferedTimesRecord;
  people: People;
  ledger: Ledger;
  sessions: Sessions;
  suitabilities: Suitabilities;
  tasks: Tasks;
  webhooks: Webhooks;
  /** Runs in one transaction; tried again from the start when it meets another one. */
  transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
  /** Makes collections and indexes; safe to run by several processes at once. */
  prepare(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** @param keys `fieldKeys` wrap the persons' own keys, `hashKeys` make what is searched by */
export function createRecords(
  connection: Connection,
  keys: { fieldKeys: KeyRing; hashKeys: KeyRing },
): Records {
  const personKeys = createPersonKeys(connection, keys.fieldKeys);
  const webhooks = createWebhooks(connection, keys.fieldKeys);
  return {
    audit: createAudit(connection),
    charges: createCharges(connection),
    claims: createClaims(connection, keys.fieldKeys),
    clinics: createClinics(connection),
    commands: createCommands(connection, keys.fieldKeys, keys.hashKeys),
    events: createEvents(connection, webhooks),
    evidence: createEvidence(connection),
    formDrafts: createFormDrafts(connection, personKeys),
    forms: createForms(connection, personKeys),
    leases: createLeases(connection),
    links: createLinks(connection),
    logins: createLogins(connection),
    meetings: createMeetings(connection),
    offeredTimes: createOfferedTimes(connection),
    people: createPeople(connection, personKeys, keys.hashKeys),
    ledger: createLedger(connection, keys.hashKeys),
    sessions: createSessions(connection, keys.hashKeys),
    suitabilities: createSuitabilities(connection, personKeys),
    tasks: createTasks(connection),
    webhooks,
    transaction: (work) => connection.transaction(work),
    async prepare() {
      for (const model of Object.values(connection.models)) await model.createIndexes();
    },
    async ping() {
      await connection.db?.command({ ping: 1 });
    },
    close: () => connection.close(),
  };
}
