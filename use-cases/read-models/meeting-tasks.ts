import type { MeetingSnapshot, Registration } from '../../workflows/meeting/messages';
import { minutesLater } from '../../rules/instant';
import { desiredTask, type TaskState, type DesiredTask } from '../../rules/tasks';

/** The tasks that the course of a meeting calls for, as they stand with this read model. */
export function meetingTasks(course: MeetingSnapshot): DesiredTask[] {
  return [
    ...unclearOutcome(course),
    ...nobodyReached(course),
    ...clinicNotReady(course),
    ...clinicAbsent(course),
    ...registerVisit(course),
    ...consentRefused(course),
  ];
}

/** R5.6: staff decide what the evidence does not show. */
function unclearOutcome({ outcome, happenings, time }: MeetingSnapshot): DesiredTask[] {
  const wasUnclear = happenings.some(({ what, detail }) => what === 'outcome' && detail === 'unclear');
  if (!wasUnclear || !outcome) return [];
  const isOpen = outcome.outcome === 'unclear';
  return [
    desiredTask('unclear-outcome', String(time.startVersion), isOpen ? 'open' : 'done', {
      because: isOpen ? outcome.because : [],
    }),
  ];
}

/** R2.10: nobody has to be told of a time that the meeting has no more, or that is over. */
function nobodyReached({ happenings, time, state }: MeetingSnapshot): DesiredTask[] {
  const versions = new Set(happenings.map(({ startVersion }) => startVersion));
  return [...versions]
    .filter((startVersion) => startVersion !== time.startVersion || state === 'ended')
    .flatMap((startVersion) =>
      [String(startVersion), `${startVersion}:reminders`].map((occasion) =>
        desiredTask('nobody-reached', occasion, 'withdrawn'),
      ),
    );
}

/** R4.7: the meeting is about to begin, and nobody has confirmed that the clinic is ready. */
function clinicNotReady({ happenings, time, clinicReady, state }: MeetingSnapshot): DesiredTask[] {
  return happenings
    .filter(({ what }) => what === 'clinic-not-ready')
    .map(({ startVersion }) => {
      const isNow = startVersion === time.startVersion;
      let taskState: TaskState = 'withdrawn';
      if (isNow && clinicReady) taskState = 'done';
      else if (isNow && (state === 'booked' || state === 'ready' || state === 'door-open'))
        taskState = 'open';
      return desiredTask('clinic-not-ready', String(startVersion), taskState, {
        dueAt: isNow ? time.startAt : null,
      });
    });
}

/** So long after the booked end somebody should have called (ours). */
const CALL_WITHIN_MINUTES = 120;

/**
 * R5.6: the clinic never came. It is not over with the meeting: the patient waits for a word, and for a new
 * time.
 */
function clinicAbsent({ outcome, time }: MeetingSnapshot): DesiredTask[] {
  if (outcome?.outcome !== 'clinic-absent') return [];
  return [
    desiredTask('clinic-absent', String(time.startVersion), 'open', {
      dueAt: minutesLater(time.endAt, CALL_WITHIN_MINUTES),
      because: outcome.because,
    }),
  ];
}

const registrationTask: Record<Registration['state'], TaskState> = {
  waiting: 'open',
  'given-up': 'open',
  registered: 'done',
  'not-needed': 'withdrawn',
};

/** R5.11: staff are reminded until they say that the visit is registered. */
function registerVisit({ registration, time }: MeetingSnapshot): DesiredTask[] {
  if (!registration) return [];
  return [
    desiredTask('register-visit', String(time.startVersion), registrationTask[registration.state], {
      reminders: registration.reminders,
      overdue: registration.state === 'given-up',
    }),
  ];
}

/** R3.2: once the meeting is over there is nothing to offer other care in place of. */
function consentRefused({ state }: MeetingSnapshot): DesiredTask[] {
  return state === 'ended' ? [desiredTask('consent-refused', 'answer', 'withdrawn')] : [];
}
