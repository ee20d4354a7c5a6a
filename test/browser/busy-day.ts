import type { StaffMember } from '../../records/staff';
import { inStockholm } from '../../rules/calendar/stockholm';
import { systemClock } from '../../rules/clock';
import { deskRoles } from '../../rules/staff';
import { openCase, patientWrites } from '../support/cases';
import { createClinic, nextMobile, type TestClinic, type TestMeeting } from '../support/clinic';
import { roomOf } from '../support/room';
import type { Service } from '../support/service';
import { addStaff } from '../support/staff';
import { waitUntil } from '../support/wait-until';
import { giveConsent, mustCall } from './patients';

/** A clinic in the middle of a full day, as staff meet it: all of it made up. */
export interface BusyDay {
  clinic: TestClinic;
  /** Performs, and answers for the clinic too. */
  anna: StaffMember;
  /** Her next meeting: the patient waits at its door, and the room is not confirmed. */
  next: TestMeeting;
  /** The day of it, `YYYY-MM-DD`: near midnight that is tomorrow. */
  date: string;
  /** A patient who can be booked again. */
  patientId: string;
  /** A case that a patient has answered. */
  caseId: string;
  /** Lets the patient of the next meeting stand at the door, for a little while. */
  patientWaits(): Promise<void>;
}

export const MEETINGS = 60;
export const CASES = 40;

const MINUTE_MS = 60_000;
/** So many are booked at once. */
const AT_ONCE = 6;

const firstNames = ['Ada', 'Bo', 'Cleo', 'Dan', 'Edla', 'Frej', 'Gry', 'Hugo', 'Ines', 'Jon', 'Kim', 'Liv'];
const lastNames = ['Testberg', 'Testlund', 'Testsson', 'Teststrand', 'Testvik'];
const nameOf = (index: number): string =>
  `${firstNames[index % firstNames.length]!} ${lastNames[Math.floor(index / firstNames.length) % lastNames.length]!}`;
const subjects = ['Förnya recept', 'Svar på prov', 'Frågor efter besöket', 'Intyg', 'Utslag på armen'];

/** Does it for each, some at a time. */
async function forEach<T>(items: T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE)
    await Promise.all(items.slice(from, from + AT_ONCE).map((item, at) => work(item, from + at)));
}

/** Fills the day: 60 meetings that begin five minutes apart, two at a time, and 40 cases. */
export async function makeBusyDay(service: Service): Promise<BusyDay> {
  const clinic = await createClinic(service, { doorOpensMinutesBefore: 60, name: 'Testmottagningen' });
  const colleagues = [
    { id: 'S001', name: 'Anna Ek', title: 'sjuksköterska', staffIds: ['clinician-1'], roles: [...deskRoles] },
    { id: 'S002', name: 'Bo Berg', title: 'läkare', staffIds: ['clinician-2'] },
    { id: 'S003', name: 'Cia Dal', title: 'fysioterapeut', staffIds: ['clinician-3'] },
  ];
  const [anna] = await Promise.all(
    colleagues.map((each) => addStaff(service, clinic, { shownName: each.name, ...each })),
  );
  const formId = await clinic.addForm();
  const begin = Date.now() + 2 * MINUTE_MS;
  const startOf = (index: number): string =>
    new Date(begin + Math.floor(index / 2) * 5 * MINUTE_MS).toISOString();
  const meetings: TestMeeting[] = [];
  const patients: string[] = [];
  await forEach(Array.from({ length: MEETINGS }), async (_, index) => {
    const withMobile = index % 20 !== 19;
    const patientId = await clinic.addPatient(
      {
        name: nameOf(index),
        birthDate: `19${50 + (index % 45)}-0${1 + (index % 9)}-17`,
        mobile: withMobile ? nextMobile() : undefined,
        ...(index === 7 ? { protectedIdentity: true } : {}),
      },
      withMobile,
    );
    patients[index] = patientId;
    const withForm = index % 3 !== 1;
    const meeting = await clinic.book({
      patientId,
      startAt: startOf(index),
      participants: [{ role: 'staff', staffId: `clinician-${1 + (index % 3)}` }],
      ...(withForm ? { formIds: [formId] } : {}),
    });
    meetings[index] = meeting;
    if (index % 5 !== 4) await giveConsent(clinic, patientId);
    if (withForm && index % 4 !== 2)
      await mustCall(clinic, 'PUT', `${meeting.path}/forms/${formId}/answers`, {
        answers: { how: 7 },
        answeredBy: 'patient',
      });
    const camera = index % 7 === 6 ? ('fails' as const) : ('works' as const);
    if (index % 4 !== 3)
      await service.records.meetings.noteDeviceTest(meeting.meetingId, meeting.patientParticipantId, {
        camera,
        microphone: 'works',
        sound: 'works',
        testedAt: new Date().toISOString(),
      });
  });
  // One of hers is over, and one goes on.
  await mustCall(clinic, 'POST', `${meetings[0]!.path}/confirmations`, confirmed);
  const goesOn = meetings[3]!;
  await mustCall(clinic, 'POST', `${goesOn.path}/confirmations`, confirmed);
  for (const meeting of [meetings[0]!, goesOn]) {
    const room = await roomOf(service, meeting.meetingId);
    await room.joined(meeting.staffParticipantId, new Date(), `staff-${meeting.meetingId}`);
    await room.joined(meeting.patientParticipantId, new Date());
  }
  await mustCall(clinic, 'POST', `${meetings[0]!.path}/outcome`, { outcome: 'completed' });
  await waitUntil(
    () => service.records.meetings.get(goesOn.meetingId),
    ({ course }) => course.state === 'under-way',
  );
  let caseId = '';
  await forEach(Array.from({ length: CASES }), async (_, index) => {
    const opened = await openCase(clinic, patients[index]!, {
      subject: subjects[index % subjects.length]!,
      text: 'Hej! Hur har det gått sedan sist? Skriv gärna hit.',
      assignTo: index % 2 === 0 ? 'clinician-1' : index % 5 === 0 ? null : 'clinician-2',
    });
    if (index % 3 === 0)
      await patientWrites(
        service,
        systemClock,
        clinic,
        opened,
        'Tack, det går bättre. Ska jag fortsätta med medicinen veckan ut?',
      );
    if (index === 0) ({ caseId } = opened);
  });
  const next = meetings[6]!;
  return {
    clinic,
    anna: anna!,
    next,
    date: inStockholm(new Date(startOf(6))).toISODate(),
    patientId: patients[0]!,
    caseId,
    async patientWaits() {
      const { clinicId } = clinic;
      const { meetingId, patientParticipantId: participantId } = next;
      const who = { participantId, clinicId, meetingId, startVersion: 1, role: 'patient' } as const;
      // Since four minutes, without a break.
      for (let ago = 240_000; ago >= 0; ago -= 40_000)
        await service.records.waits.seen(who, new Date(Date.now() - ago));
    },
  };
}

const confirmed = {
  moment: 'before-opening',
  room: true,
  background: true,
  clothing: true,
  nameBadge: true,
  faceLit: true,
  upperBody: true,
  markedOccupied: true,
  inRoom: 'Rum 3',
};
