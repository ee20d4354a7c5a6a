import type { Answer, Command } from '../../records/commands';
import { saveConsentTask } from '../meeting/consent-task';
import type { Person, PersonalData } from '../../records/people';
import { nameOf } from '../../rules/actor';
import { ADULT_AGE } from '../../rules/ages';
import { ageAt, guardianMayAct, outgrown } from '../../rules/calendar/age';
import { msOf, toInstant, type Instant } from '../../rules/instant';
import { stopOf } from '../../rules/calendar/guardian';
import { birthDatesOf, type Identity } from '../../rules/personal-number';
import { isForeign } from '../../rules/phone-number';
import type {
  AddPerson,
  ChangePerson,
  ForSeenPerson,
  RecordCareHistoryConsent,
  RecordSmsConsent,
  ReplaceIdentity,
} from './bodies';
import { notFound, problem, wrongField, type CarryOut, type CommandDeps } from '../command';
import { personView } from './view';
import { tellFactNow } from '../meeting/facts';

/**
 * Records a person at a clinic. The same number twice would be one human with two consents, and is refused.
 */
export const addPerson: CarryOut<AddPerson> = async ({ records, clock }, command) => {
  const { clinicId, body, receivedAt } = command;
  const { name, identity, birthDate, mobile, email, language, noticesBy, unsuitableWays, protectedIdentity } =
    body;
  const refused = await refusedNumber(records, clinicId, mobile);
  if (refused) return refused;
  const bornOn = bornOnOf({ identity, birthDate }, receivedAt);
  if (bornOn === null) return birthDateMissing();
  const person = newPerson(command, {
    personal: {
      name,
      identity,
      birthDate: bornOn,
      mobile: mobileOf(mobile, receivedAt),
      email: emailOf(email, receivedAt),
      unsuitableWays,
    },
    language,
    noticesBy,
    protectedIdentity,
  });
  if (!(await recordPerson({ records, clock }, command, person))) return personKnown();
  return { status: 201, body: personView(person) };
};

const personKnown = (): Answer =>
  problem(409, 'person-known', 'The clinic has a person with this number already.', [
    { field: '/body/personalNumber', reason: 'person-known', message: 'Search for the person instead.' },
  ]);

/** The birth date that is stated or that the number tells; null where somebody has to state it. */
const bornOnOf = (
  { identity, birthDate }: Pick<ReplaceIdentity, 'identity' | 'birthDate'>,
  receivedAt: Instant,
): string | null => birthDate ?? (identity && adultsBirthDate(identity, new Date(receivedAt)));

const birthDateMissing = (): Answer =>
  wrongField('/body/birthDate', 'missing', 'is needed: the number does not tell all of it.');

/**
 * The birth date of somebody whose co-ordination number has 00 for the month or the day. It is the first
 * possible day, if the person is an adult on every possible day (ours). Otherwise it is null, since nobody
 * may guess whether the person is a child (R5.10, R7.1).
 */
function adultsBirthDate(identity: Identity, now: Date): string | null {
  const { first, last } = birthDatesOf(identity);
  return ageAt(last, now) >= ADULT_AGE ? first : null;
}

/** Someone of whom the clinic knows no consent yet. */
export const newPerson = (
  { clinicId, targetId: personId }: Command,
  known: Pick<Person, 'personal' | 'language' | 'noticesBy' | 'protectedIdentity'>,
): Person => ({
  personId,
  clinicId,
  ...known,
  smsConsent: null,
  careHistoryConsent: null,
  guardianStops: [],
  changedAt: null,
});

/**
 * Keeps a new person, in the audit log first: the row of the request could not name one who was not there yet
 * (R8.2). False where the clinic knows the number.
 */
export async function recordPerson(
  { records, clock }: Pick<CommandDeps, 'records' | 'clock'>,
  { clinicId, actor, operation, reason }: Command,
  person: Person,
): Promise<boolean> {
  const { personId } = person;
  const at = toInstant(clock.now());
  await records.audit.write([
    { at, clinicId, actor, operation, subjectId: personId, personId, reason, allowed: true },
  ]);
  return records.people.add(person, clock.now());
}

/** Changes a person's name, contact ways or language. A new number is the person's own from now (R7.2). */
export const changePerson: CarryOut<ChangePerson> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, params, body, receivedAt } = command;
  // Read, change and write where nobody else has written meanwhile: of two changes at once neither is lost.
  for (;;) {
    const person = await records.people.find(clinicId, params.personId ?? '');
    if (!person) return notFound('person');
    if (person.changedAt !== null && msOf(person.changedAt) > msOf(receivedAt)) return overtaken();
    if (isOvertaken(person, command, deps.readBefore !== undefined)) return overtaken();
    if (isNewNumber(person, body)) {
      const refused = await refusedNumber(records, clinicId, body.mobile ?? null);
      if (refused) return refused;
    }
    if (await records.people.change(changed(person, command), receivedAt)) {
      const read = await records.people.find(clinicId, person.personId);
      return read ? { status: 200, body: personView(read) } : notFound('person');
    }
  }
};

function changed(person: Person, command: Command & { body: ChangePerson }): Person {
  const { body, receivedAt } = command;
  const { personal } = person;
  const { name, mobile, email, language, noticesBy, unsuitableWays, protectedIdentity } = body;
  return {
    ...person,
    personal: {
      ...personal,
      name: name ?? personal.name,
      email:
        email === undefined ||
        (email === (personal.email?.address ?? null) &&
          !(personal.email && confirmsOwn(person, personal.email.recordedAt, command)))
          ? personal.email
          : emailOf(email, receivedAt),
      unsuitableWays: unsuitableWays ?? personal.unsuitableWays,
      // The same number again keeps its date, and with it the consent that was given for it.
      mobile:
        isNewNumber(person, body) ||
        (mobile && personal.mobile && confirmsOwn(person, personal.mobile.recordedAt, command))
          ? mobileOf(mobile ?? null, receivedAt)
          : personal.mobile,
    },
    language: language ?? person.language,
    noticesBy: noticesBy ?? person.noticesBy,
    protectedIdentity: protectedIdentity ?? person.protectedIdentity,
  };
}

/**
 * Puts another number or birth date in the place of what stands (R7.8): of a newborn, of one who has got a personal
 * number, or of one whose number was wrong. Who logs in with the new number reaches what was booked under the old one,
 * and who logs in with the old one does not. Ages are counted from the new date from now on. An invoice that is
 * proposed already keeps its amount: staff who decide about it are shown the age.
 */
export const replaceIdentity: CarryOut<ReplaceIdentity> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, params, body, receivedAt } = command;
  const { identity } = body;
  const birthDate = bornOnOf(body, receivedAt);
  if (birthDate === null) return birthDateMissing();
  for (;;) {
    const person = await records.people.find(clinicId, params.personId ?? '');
    if (!person) return notFound('person');
    const { personId, personal, changedAt } = person;
    const isThere = personal.identity?.number === identity?.number && personal.birthDate === birthDate;
    if (isThere && changedAt !== receivedAt) return { status: 200, body: personView(person) };
    if (!isThere) {
      if (changedAt !== null && msOf(changedAt) > msOf(receivedAt)) return overtaken();
      if (isOvertaken(person, command, deps.readBefore !== undefined)) return overtaken();
      const became = await records.people.replaceIdentity(
        { ...person, personal: { ...personal, identity, birthDate } },
        receivedAt,
      );
      if (became === 'person-known') return personKnown();
      if (became === 'changed-since') continue;
    }
    // Whose answers open the gates follows the age (R7.2).
    for (const meetingId of await records.meetings.openOf(clinicId, personId))
      await tellFactNow(deps, meetingId, 'gates');
    const read = await records.people.find(clinicId, personId);
    return read ? { status: 200, body: personView(read) } : notFound('person');
  }
};

/** Records a yes or a no to SMS, from whom and by whom (R2.2). */
export const recordSmsConsent: CarryOut<RecordSmsConsent> = (deps, command) =>
  withPerson(deps, command, async ({ clinicId, personId }) => {
    const { seenRecordedAt, ...answer } = command.body;
    const consent = { ...answer, recordedBy: nameOf(command.actor), recordedAt: command.receivedAt };
    const isRecorded = await deps.records.people.recordSmsConsent(
      clinicId,
      personId,
      consent,
      seenRecordedAt,
    );
    return isRecorded || seenRecordedAt === undefined ? null : overtaken();
  });

/**
 * Records the answer to R3.2's question, and tells the person's open meetings whose gates it moves; the same
 * answer again moves none.
 */
export const recordCareHistoryConsent: CarryOut<RecordCareHistoryConsent> = (deps, command) =>
  withPerson(deps, command, async (person) => {
    const { clinicId, personId, personal } = person;
    const { records, clock } = deps;
    const { actor } = command;
    const { seenRecordedAt, ...answer } = command.body;
    const receivedAt = new Date(command.receivedAt);
    if (actor.kind !== 'staff' && stopOf(person, actor.personId, receivedAt)) return notFound('person');
    if (answer.givenBy === 'guardian' && !guardianMayAct(personal.birthDate, receivedAt)) {
      return wrongField(
        '/body/givenBy',
        'not-entitled',
        'From the age of 13 the person answers alone (R7.1).',
      );
    }
    const consent = { ...answer, recordedBy: nameOf(command.actor), recordedAt: command.receivedAt };
    const isRecorded = await records.people.recordCareHistoryConsent(
      clinicId,
      personId,
      consent,
      seenRecordedAt,
    );
    if (!isRecorded && seenRecordedAt !== undefined) return overtaken();
    for (const meetingId of await records.meetings.openOf(clinicId, personId)) {
      await saveConsentTask(records, meetingId, clock.now());
      await tellFactNow(deps, meetingId, 'gates');
    }
    return null;
  });

/**
 * Whether the person was changed since the page that this comes from. What this very command wrote in an
 * earlier run is no other change.
 */
const isOvertaken = (
  { changedAt }: Person,
  { body: { seenChangedAt: seen }, receivedAt }: Command & { body: ForSeenPerson },
  isFirstRun: boolean,
): boolean => seen !== undefined && changedAt !== seen && (isFirstRun || changedAt !== receivedAt);

const overtaken = (): Answer =>
  problem(409, 'overtaken', 'Another change of the person came meanwhile. Read it again.');

const isNewNumber = ({ personal }: Person, { mobile }: ChangePerson): boolean =>
  mobile !== undefined && mobile !== (personal.mobile?.number ?? null);

/**
 * A child that says itself, at 13 or later, that a number or an address known from its guardian is its own
 * (R7.2).
 */
function confirmsOwn(
  { personId, personal }: Person,
  recordedAt: Instant,
  { actor, receivedAt }: Command,
): boolean {
  return (
    actor.kind !== 'staff' &&
    actor.personId === personId &&
    outgrown(personal.birthDate, new Date(recordedAt), new Date(receivedAt))
  );
}

/**
 * A clinic takes other countries' numbers only where it has said so: SMS there cost more, and are what abuse
 * is after.
 */
async function refusedNumber(
  { clinics }: CommandDeps['records'],
  clinicId: string,
  mobile: string | null,
): Promise<Answer | null> {
  if (mobile === null || !isForeign(mobile)) return null;
  const { settings } = await clinics.byId(clinicId);
  return settings.foreignNumbers
    ? null
    : wrongField(
        '/body/mobile',
        'foreign-number',
        'The clinic takes Swedish mobile numbers only. To take those of other countries, set foreignNumbers in PUT /clinic/settings.',
      );
}

const mobileOf = (number: string | null, recordedAt: Instant): PersonalData['mobile'] =>
  number === null ? null : { number, recordedAt };

const emailOf = (address: string | null, recordedAt: Instant): PersonalData['email'] =>
  address === null ? null : { address, recordedAt };

async function withPerson(
  { records }: CommandDeps,
  { clinicId, params }: Parameters<CarryOut>[1],
  change: (person: Person) => Promise<Answer | null>,
): ReturnType<CarryOut> {
  const personId = params.personId ?? '';
  const person = await records.people.find(clinicId, personId);
  if (!person) return notFound('person');
  const refused = await change(person);
  if (refused) return refused;
  const read = await records.people.find(clinicId, personId);
  return read ? { status: 200, body: personView(read) } : notFound('person');
}
