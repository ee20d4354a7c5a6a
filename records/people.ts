import { isDeepStrictEqual } from 'node:util';
import type { ClientSession, Connection } from 'mongoose';
import { keyedHash, type KeyRing } from '../platform/keys/key-ring';
import { createSharedReads } from '../platform/shared-reads';
import { stopOf, type GuardianStop } from '../rules/calendar/guardian';
import type { CareHistoryConsent, Channel, SmsConsent } from '../rules/consents';
import { msOf, type Instant } from '../rules/instant';
import type { BackUpWay } from '../rules/meeting';
import type { Language } from '../rules/notices';
import type { Identity } from '../rules/personal-number';
import type { PersonKeys } from './person-keys';
import {
  changeIf,
  collection,
  countBy,
  isDuplicate,
  json,
  keyIdOf,
  notLater,
  readForWriting,
} from './schema';

/** What is personal of a person: sealed with the person's own key. */
export interface PersonalData {
  name: string;
  /** Null for one whose number is not known, such as a newborn or an invited guest. */
  identity: Identity | null;
  /** `YYYY-MM-DD` */
  birthDate: string;
  mobile: { number: string; recordedAt: Instant } | null;
  /** An address that the person gave for notices (R2.11). */
  email: { address: string; recordedAt: Instant } | null;
  /** Ways of the back-up routine that do not suit the person: a deaf patient cannot be called (R4.6). */
  unsuitableWays: BackUpWay[];
}

/** A person as one clinic knows them: the same human at two clinics is two records (design, decision 8). */
export interface Person {
  personId: string;
  clinicId: string;
  personal: PersonalData;
  language: Language;
  /** What the person prefers where SMS and e-mail are both possible (R2.11). */
  noticesBy: Channel;
  protectedIdentity: boolean;
  smsConsent: SmsConsent | null;
  careHistoryConsent: CareHistoryConsent | null;
  /** How often that answer has changed; absent where it has not, or not since 0.1.0. */
  consentChanges?: number;
  /** Guardians of this person whom staff have stopped, also those whose stop was lifted (R7.3). */
  guardianStops: GuardianStop[];
  /** When the last change of name, contact ways or language was received; null for none. */
  changedAt: Instant | null;
}

/** A stop with why, in the words of whoever recorded it. */
export type RecordedStop = GuardianStop & { reason: string };

interface StopRow extends GuardianStop {
  /** The reason, sealed with the child's key. */
  sealedReason: string;
}

interface PersonRow {
  _id: string;
  clinicId: string;
  sealed: Buffer;
  /** Keyed hash of the personal number, `keyId:hash`, for searching (decision 7). */
  identityHash: string | null;
  language: Language;
  noticesBy: Channel;
  protectedIdentity: boolean;
  smsConsent: SmsConsent | null;
  careHistoryConsent: CareHistoryConsent | null;
  consentChanges?: number;
  /** Absent where nobody was ever stopped. */
  guardianStops?: StopRow[];
  createdAt: Date;
  changedAt: Instant | null;
  /**
   * A number that every hand-over raises, so that a change of consent cannot slip in between (decision 5). To
   * write the same value again would be no write.
   */
  writes: number;
}

export interface People {
  /**
   * Records a person once; the same id again changes nothing. False where another person has the same number.
   */
  add(person: Person, now: Date): Promise<boolean>;
  /** Null for one who is not this clinic's. */
  find(clinicId: string, personId: string): Promise<Person | null>;
  /** Those of these who are the clinic's, by their ids. */
  findAll(clinicId: string, personIds: string[]): Promise<Map<string, Person>>;
  findByIdentity(clinicId: string, identity: Identity): Promise<Person | null>;
  /** The records that clinics have of one human (design, decision 8). */
  ofHuman(identity: Identity, clinicIds: string[]): Promise<Person[]>;
  /** Changes a person as it was read; false when it has been changed since. */
  change(person: Person, receivedAt: Instant): Promise<boolean>;
  /** The same of the number and the birth date (R7.8), unless another person of the clinic has the number. */
  replaceIdentity(
    person: Person,
    receivedAt: Instant,
  ): Promise<'replaced' | 'changed-since' | 'person-known'>;
  /**
   * Each consent, unless one recorded later stands already; then it is false.
   *
   * @param seen when the answer was recorded that this one is to replace, null for none: false where another
   * one stands by now
   */
  recordSmsConsent(
    clinicId: string,
    personId: string,
    consent: SmsConsent,
    seen?: Instant | null,
  ): Promise<boolean>;
  recordCareHistoryConsent(
    clinicId: string,
    personId: string,
    consent: CareHistoryConsent,
    seen?: Instant | null,
  ): Promise<boolean>;
  /** Stops a guardian of the person, unless a stop holds at that instant already; then it is false (R7.3). */
  stopGuardian(clinicId: string, personId: string, stop: RecordedStop): Promise<boolean>;
  /** Lifts the stop that holds for that guardian at the instant; false where none does. */
  liftStop(
    clinicId: string,
    personId: string,
    lifted: { guardianId: string; liftedAt: Instant; liftedBy: string },
  ): Promise<boolean>;
  /** All stops of the person's guardians with their reasons, the last first. */
  stopsWithReasons(clinicId: string, personId: string): Promise<RecordedStop[]>;
  /** Whether the person's answer is that the clinic may not see care history (R3.2); nothing else is opened. */
  hasRefusedCareHistory(personId: string): Promise<boolean>;
  /** Reads the person and writes its record, inside a hand-over's transaction. */
  findForHandOver(personId: string, session: ClientSession): Promise<Person | null>;
  /**
   * Makes the next hashes of numbers that an older hash key made anew with the newest. Who is searched for is
   * found under each key meanwhile.
   *
   * @param after the person's id that the call before ended with; null to begin
   */
  rehash(after: string | null, limit: number): Promise<Rehashed>;
  /** How many numbers are hashed by each hash key, by its id. */
  hashedBy(): Promise<Record<string, number>>;
}

/** What one round of hashing came to. */
export interface Rehashed {
  rehashed: number;
  /**
   * Persons who stay under the old key: they cannot be read, or another record of the clinic has the same
   * number.
   */
  failed: string[];
  /** Where the next round goes on; null where nothing is left. */
  next: string | null;
}

const PLACE = 'person';
const stopPlace = ({ guardianId, since }: Pick<GuardianStop, 'guardianId' | 'since'>): string =>
  `guardian-stop:${guardianId}:${since}`;

export function createPeople(connection: Connection, personKeys: PersonKeys, hashKeys: KeyRing): People {
  const rows = collection<PersonRow>(
    connection,
    'people',
    {
      clinicId: String,
      sealed: Buffer,
      identityHash: String,
      language: String,
      noticesBy: String,
      protectedIdentity: Boolean,
      smsConsent: json,
      careHistoryConsent: json,
      consentChanges: Number,
      guardianStops: json,
      createdAt: Date,
      changedAt: String,
      writes: Number,
    },
    [
      [
        { clinicId: 1, identityHash: 1 },
        { unique: true, partialFilterExpression: { identityHash: { $type: 'string' } } },
      ],
      // What is looked for: the clinic's id is in the hash already, and the embedded database reads by no
      // partial index.
      [{ identityHash: 1 }],
    ],
  );

  const hashOf = (keyId: string, clinicId: string, identity: Identity): string =>
    `${keyId}:${keyedHash(hashKeys.find(keyId)!, `identity:${clinicId}`, identity.number).toString('base64url')}`;

  const newestHash = (clinicId: string, identity: Identity | null): string | null =>
    identity && hashOf(hashKeys.current.id, clinicId, identity);

  const personOf = async (row: PersonRow): Promise<Person> => ({
    personId: row._id,
    clinicId: row.clinicId,
    personal: await personKeys.unseal<PersonalData>(row._id, PLACE, row.sealed),
    language: row.language,
    noticesBy: row.noticesBy,
    protectedIdentity: row.protectedIdentity,
    smsConsent: row.smsConsent,
    careHistoryConsent: row.careHistoryConsent,
    ...(row.consentChanges ? { consentChanges: row.consentChanges } : {}),
    guardianStops: stopsOf(row).map(({ sealedReason, ...stop }) => stop),
    changedAt: row.changedAt,
  });

  const sealedFields = async ({ personId, clinicId, personal }: Person) => ({
    sealed: await personKeys.seal(personId, PLACE, personal),
    identityHash: newestHash(clinicId, personal.identity),
  });

  // Opened once for all who ask at the same time: a guardian or a relative is asked for in many meetings.
  const read = createSharedReads(async (personId) => {
    const row = await rows.findById(personId).lean<PersonRow>();
    return row && personOf(row);
  });

  /** The number's hashes with keys older than the newest. */
  const olderHashes = (clinicId: string, identity: Identity): string[] =>
    hashKeys.ids
      .filter((keyId) => keyId !== hashKeys.current.id)
      .map((keyId) => hashOf(keyId, clinicId, identity));

  /** Gives a row another hash; false where another record of the clinic has it already. */
  async function takeHash(
    { _id, identityHash }: Pick<PersonRow, '_id' | 'identityHash'>,
    hash: string | null,
  ): Promise<boolean> {
    try {
      // A change that comes meanwhile makes its hash with the newest key by itself.
      await rows.updateOne({ _id, identityHash }, { $set: { identityHash: hash } });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  /** Whether another has the number under an older key: the unique index does not see that. */
  async function isKnownUnderOlderKey({ personId, clinicId, personal }: Person): Promise<boolean> {
    const older = personal.identity ? olderHashes(clinicId, personal.identity) : [];
    if (older.length === 0) return false;
    const there = await rows.find({ identityHash: { $in: older } }, { _id: 1 }).lean<{ _id: string }[]>();
    return there.some(({ _id }) => _id !== personId);
  }

  /** Writes the person as it is given, where the row is still as it was read. */
  async function change(person: Person, changedAt: Instant): Promise<boolean> {
    const { personId, clinicId, language, noticesBy, protectedIdentity } = person;
    const isAsRead = (row: PersonRow): boolean =>
      row.clinicId === clinicId && row.changedAt === person.changedAt;
    const changed = await changeIf(rows, personId, isAsRead, {
      $set: { ...(await sealedFields(person)), language, noticesBy, protectedIdentity, changedAt },
    });
    return changed !== null;
  }

  return {
    async add(person, now) {
      const { personId, clinicId, language, noticesBy, protectedIdentity, smsConsent, careHistoryConsent } =
        person;
      if (await isKnownUnderOlderKey(person)) return false;
      try {
        await rows.updateOne(
          { _id: personId },
          {
            $setOnInsert: {
              ...(await sealedFields(person)),
              clinicId,
              language,
              noticesBy,
              protectedIdentity,
              smsConsent,
              careHistoryConsent,
              createdAt: now,
              changedAt: null,
              writes: 0,
            },
          },
          { upsert: true },
        );
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
    async find(clinicId, personId) {
      const person = await read(personId);
      return person?.clinicId === clinicId ? person : null;
    },
    async findAll(clinicId, personIds) {
      if (personIds.length === 0) return new Map();
      const found = await rows.find({ _id: { $in: [...new Set(personIds)] } }).lean<PersonRow[]>();
      const people = await Promise.all(found.filter((row) => row.clinicId === clinicId).map(personOf));
      return new Map(people.map((person) => [person.personId, person]));
    },
    async findByIdentity(clinicId, identity) {
      const identityHash = { $in: hashKeys.ids.map((keyId) => hashOf(keyId, clinicId, identity)) };
      const row = await rows.findOne({ identityHash }).lean<PersonRow>();
      return row && personOf(row);
    },
    async ofHuman(identity, clinicIds) {
      const hashes = clinicIds.flatMap((clinicId) =>
        hashKeys.ids.map((keyId) => hashOf(keyId, clinicId, identity)),
      );
      const found = await rows.find({ identityHash: { $in: hashes } }).lean<PersonRow[]>();
      return Promise.all(found.map(personOf));
    },
    change,
    async replaceIdentity(person, changedAt) {
      const row = await rows.findById(person.personId).lean<PersonRow>();
      if (row?.changedAt !== person.changedAt) return 'changed-since';
      if (await isKnownUnderOlderKey(person)) return 'person-known';
      // By itself and first: of two transactions at once the embedded database lets both have one number. Should we
      // stop here, the command is carried out again.
      const hash = newestHash(person.clinicId, person.personal.identity);
      if (!(await takeHash(row, hash))) return 'person-known';
      if (await change(person, changedAt)) return 'replaced';
      await takeHash({ _id: row._id, identityHash: hash }, row.identityHash);
      return 'changed-since';
    },
    async recordSmsConsent(clinicId, personId, smsConsent, seen) {
      const isReplaced = (row: PersonRow): boolean =>
        row.clinicId === clinicId && replaces(smsConsent, row.smsConsent, seen);
      return (await changeIf(rows, personId, isReplaced, { $set: { smsConsent } })) !== null;
    },
    async recordCareHistoryConsent(clinicId, personId, careHistoryConsent, seen) {
      const isReplaced = (row: PersonRow): boolean =>
        row.clinicId === clinicId && replaces(careHistoryConsent, row.careHistoryConsent, seen);
      const isSame = ({ careHistoryConsent: was }: PersonRow): boolean =>
        was?.given === careHistoryConsent.given && was.givenBy === careHistoryConsent.givenBy;
      const changed = await changeIf(rows, personId, isReplaced, (row) => ({
        $set: { careHistoryConsent },
        ...(isSame(row) ? {} : { $inc: { consentChanges: 1 } }),
      }));
      return changed !== null;
    },
    async stopGuardian(clinicId, personId, { reason, ...stop }) {
      // One that was received later may have come first: the first received is the one that stands.
      const other = (row: PersonRow): StopRow | undefined =>
        stopsOf(row).find(
          ({ guardianId, liftedAt }) =>
            guardianId === stop.guardianId && (liftedAt === null || msOf(liftedAt) > msOf(stop.since)),
        );
      const isFirst = (row: PersonRow): boolean => {
        const there = other(row);
        const isLater = there?.liftedAt === null && msOf(there.since) > msOf(stop.since);
        return row.clinicId === clinicId && (there === undefined || isLater);
      };
      const sealed = await personKeys.seal(personId, stopPlace(stop), reason);
      const sealedReason = sealed.toString('base64url');
      const changed = await changeIf(rows, personId, isFirst, (row) => ({
        $set: {
          guardianStops: [...stopsOf(row).filter((each) => each !== other(row)), { ...stop, sealedReason }],
        },
      }));
      return changed !== null;
    },
    async liftStop(clinicId, personId, { guardianId, liftedAt, liftedBy }) {
      const standing = (row: PersonRow): GuardianStop | null =>
        stopOf({ guardianStops: stopsOf(row) }, guardianId, new Date(liftedAt));
      const isStopped = (row: PersonRow): boolean => row.clinicId === clinicId && standing(row) !== null;
      const changed = await changeIf(rows, personId, isStopped, (row) => {
        const lifted = standing(row);
        return {
          $set: {
            guardianStops: stopsOf(row).map((stop) =>
              stop === lifted ? { ...stop, liftedAt, liftedBy } : stop,
            ),
          },
        };
      });
      return changed !== null;
    },
    async stopsWithReasons(clinicId, personId) {
      const row = await rows.findById(personId).lean<PersonRow>();
      if (row?.clinicId !== clinicId) return [];
      const stops = await Promise.all(
        stopsOf(row).map(async ({ sealedReason, ...stop }) => ({
          ...stop,
          reason: await personKeys.unseal<string>(
            personId,
            stopPlace(stop),
            Buffer.from(sealedReason, 'base64url'),
          ),
        })),
      );
      return stops.reverse();
    },
    async hasRefusedCareHistory(personId) {
      const row = await rows
        .findById(personId, { careHistoryConsent: 1 })
        .lean<Pick<PersonRow, 'careHistoryConsent'>>();
      return row?.careHistoryConsent?.given === false;
    },
    async findForHandOver(personId, session) {
      const row = await readForWriting(rows, personId, session);
      return row && personOf(row);
    },
    async rehash(after, limit) {
      const found = await rows
        .find({ identityHash: { $type: 'string' }, ...(after === null ? {} : { _id: { $gt: after } }) })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<PersonRow[]>();
      const failed: string[] = [];
      let rehashed = 0;
      for (const row of found) {
        if (row.identityHash?.startsWith(`${hashKeys.current.id}:`)) continue;
        const person = await personOf(row).catch(() => null);
        const identity = person?.personal.identity ?? null;
        if (identity && (await takeHash(row, newestHash(row.clinicId, identity)))) rehashed += 1;
        else failed.push(row._id);
      }
      return { rehashed, failed, next: found.length < limit ? null : found.at(-1)!._id };
    },
    hashedBy: () => countBy(rows, keyIdOf('$identityHash')),
  };
}

const stopsOf = ({ guardianStops }: Pick<PersonRow, 'guardianStops'>): StopRow[] => guardianStops ?? [];

/**
 * Whether an answer takes the place of the one that stands: none that is later, and none but the one that was
 * seen. The same answer again does.
 */
function replaces<Consent extends { recordedAt: Instant }>(
  answer: Consent,
  standing: Consent | null,
  seen: Instant | null | undefined,
): boolean {
  if (!notLater(standing?.recordedAt, answer.recordedAt)) return false;
  const at = standing?.recordedAt ?? null;
  return seen === undefined || at === seen || isDeepStrictEqual(standing, answer);
}
