import type { Person, PersonalData } from '../records/people';
import type { Instant } from '../rules/instant';
import type { AddPerson, ChangePerson, RecordCareHistoryConsent, RecordSmsConsent } from './bodies';
import { notFound, problem, type CarryOut, type CommandDeps } from './command';
import { personView } from './person-view';

/** Records a person at a clinic. The same number twice would be one human with two consents, and is refused. */
export const addPerson: CarryOut<AddPerson> = async ({ records, clock }, command) => {
  const { clinicId, targetId: personId, body, receivedAt } = command;
  const { name, identity, birthDate, mobile, email, language, protectedIdentity } = body;
  const person: Person = {
    personId,
    clinicId,
    personal: {
      name,
      identity,
      birthDate,
      mobile: mobileOf(mobile, receivedAt),
      email,
    },
    language,
    protectedIdentity,
    smsConsent: null,
    careHistoryConsent: null,
  };
  // The row of the request could not name one who was not there yet (R8.2).
  await records.audit.write([
    {
      at: receivedAt,
      clinicId,
      staffId: command.staffId,
      role: command.role,
      operation: command.operation,
      subjectId: personId,
      personId,
      reason: null,
      allowed: true,
    },
  ]);
  if (!(await records.people.add(person, clock.now()))) {
    return problem(409, 'person-known', 'The clinic has a person with this number already.', [
      { field: '/body/personalNumber', reason: 'person-known', message: 'Search for the person instead.' },
    ]);
  }
  return { status: 201, body: personView(person) };
};

/** Changes a person's name, contact ways or language. A new number is the person's own from now (R7.2). */
export const changePerson: CarryOut<ChangePerson> = (deps, command) =>
  withPerson(deps, command, async (person) => {
    const { name, mobile, email, language, protectedIdentity } = command.body;
    const { personal } = person;
    await deps.records.people.change(
      {
        ...person,
        personal: {
          ...personal,
          name: name ?? personal.name,
          email: email === undefined ? personal.email : email,
          mobile: mobile === undefined ? personal.mobile : mobileOf(mobile, command.receivedAt),
        },
        language: language ?? person.language,
        protectedIdentity: protectedIdentity ?? person.protectedIdentity,
      },
      command.receivedAt,
    );
  });

/** Records a yes or a no to SMS, from whom and by whom (R2.2). */
export const recordSmsConsent: CarryOut<RecordSmsConsent> = (deps, command) =>
  withPerson(deps, command, ({ clinicId, personId }) =>
    deps.records.people.recordSmsConsent(clinicId, personId, {
      ...command.body,
      recordedBy: command.staffId,
      recordedAt: command.receivedAt,
    }),
  );

/** Records the answer to R3.2's question, and tells the person's open meetings to look again. */
export const recordCareHistoryConsent: CarryOut<RecordCareHistoryConsent> = (deps, command) =>
  withPerson(deps, command, async ({ clinicId, personId }) => {
    const { records, temporal } = deps;
    await records.people.recordCareHistoryConsent(clinicId, personId, {
      ...command.body,
      recordedBy: command.staffId,
      recordedAt: command.receivedAt,
    });
    for (const meetingId of await records.meetings.openOf(clinicId, personId)) {
      await temporal.nudgeMeeting(meetingId, 'gates');
    }
  });

const mobileOf = (number: string | null, recordedAt: Instant): PersonalData['mobile'] =>
  number === null ? null : { number, recordedAt };

async function withPerson(
  { records }: CommandDeps,
  { clinicId, params }: Parameters<CarryOut>[1],
  change: (person: Person) => Promise<void>,
): ReturnType<CarryOut> {
  const personId = params.personId ?? '';
  const person = await records.people.find(clinicId, personId);
  if (!person) return notFound('person');
  await change(person);
  const changed = await records.people.find(clinicId, personId);
  return changed ? { status: 200, body: personView(changed) } : notFound('person');
}
