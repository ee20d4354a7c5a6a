import { setTimeout as pause } from 'node:timers/promises';
import { FEE_CODE, suitable } from '../local/made-up-clinic';
import type { AskedTime, CommandedMeeting } from './checker/evidence';
import type { Answered, ClinicCaller } from './clinic-caller';
import { STAFF_ID } from './clinic';
import type { MeetingAct, MeetingPlan } from './meeting-plans';

/** The API takes whole minutes; nobody waits for the booked end here. */
const DURATION_MINUTES = 1;

/**
 * Lives one meeting by its plan over HTTP, as the clinic's system would.
 *
 * @param zero when the run began
 * @returns what was asked and answered; or why it was never booked, in machine words
 */
export async function liveOneMeeting(
  caller: ClinicCaller,
  plan: MeetingPlan,
  patientId: string,
  zero: number,
): Promise<CommandedMeeting | { notBooked: string }> {
  const at = (ms: number): string => new Date(zero + ms).toISOString();
  await until(zero + plan.bookAtMs);
  const booked = await caller.command('POST', '/clinic/meetings', {
    startAt: at(plan.startAtMs),
    durationMinutes: DURATION_MINUTES,
    patientId,
    participants: [{ role: 'staff', staffId: STAFF_ID }],
    agreed: true,
    toldOfFee: true,
    feeCode: FEE_CODE,
    suitability: suitable(STAFF_ID),
  });
  if (booked.answer !== 'done') return { notBooked: whyNot(booked) };

  const { meetingId, participants } = booked.body as {
    meetingId: string;
    participants: { role: string; participantId: string }[];
  };
  const path = `/clinic/meetings/${meetingId}`;
  const meeting: CommandedMeeting = {
    meetingId,
    number: plan.number,
    language: plan.language,
    durationMs: DURATION_MINUTES * 60_000,
    times: [timeOf(booked, 1, at(plan.startAtMs))],
    cancelled: null,
    withdrawn: null,
    ended: null,
  };

  async function act(planned: MeetingAct): Promise<void> {
    switch (planned.what) {
      case 'rebook': {
        const startAt = at(planned.startAtMs);
        const { by } = planned;
        const moved = await caller.command('POST', `${path}/rebook`, { startAt, by });
        const next = meeting.times.length + 1;
        // One that was refused made no time.
        if (moved.answer !== 'refused') meeting.times.push(timeOf(moved, next, startAt));
        return;
      }
      case 'cancel':
        meeting.cancelled = asked(await caller.command('POST', `${path}/cancel`, { by: planned.by }));
        return;
      case 'withdraw-consent':
        meeting.withdrawn = asked(
          await caller.command('PUT', `/clinic/people/${patientId}/sms-consent`, {
            given: false,
            source: 'asked',
          }),
        );
        return;
      case 'enter': {
        const participantId = participants.find(({ role }) => role === 'patient')?.participantId;
        await caller.tryOnce(`${path}/entry`, { participantId, identityChecked: 'by-telephone' });
        return;
      }
      case 'end':
        // By the back-up routine, which staff can choose at any time (R4.6).
        meeting.ended = asked(
          await caller.command('POST', `${path}/outcome`, { outcome: 'back-up-routine', way: 'telephone' }),
        );
        return;
    }
  }

  for (const planned of plan.acts) {
    await until(zero + planned.atMs);
    await act(planned);
  }
  return meeting;
}

/**
 * A patient with a mobile and a consent to SMS.
 * @throws where that could not be recorded: it is done before anything is disturbed
 */
export async function addPatient(caller: ClinicCaller, plan: MeetingPlan): Promise<string> {
  const added = await caller.command('POST', '/clinic/people', {
    name: 'Tolvan Testperson',
    birthDate: '1980-05-17',
    mobile: plan.number,
    language: plan.language,
  });
  const { personId } = added.body as { personId: string };
  const path = `/clinic/people/${personId}`;
  const consents = await Promise.all([
    caller.command('PUT', `${path}/sms-consent`, { given: true, source: 'asked' }),
    caller.command('PUT', `${path}/care-history-consent`, {
      given: plan.careHistoryConsent,
      givenBy: 'person',
    }),
  ]);
  if ([added, ...consents].some(({ answer }) => answer !== 'done'))
    throw new Error('a patient could not be recorded');
  return personId;
}

const whyNot = ({ body }: Answered): string => {
  const { title, errors } = (body ?? {}) as { title?: string; errors?: { field: string }[] };
  return errors?.[0]?.field ?? title ?? 'no-answer';
};

const asked = ({ sentAt, answeredAt, answer }: Answered) => ({ sentAt, answeredAt, answer });

const timeOf = (answered: Answered, startVersion: number, startAt: string): AskedTime => ({
  ...asked(answered),
  startVersion,
  startAt,
});

async function until(at: number): Promise<void> {
  await pause(Math.max(0, at - Date.now()));
}
