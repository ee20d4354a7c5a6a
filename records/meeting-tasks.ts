import type { MeetingSnapshot, Registration } from '../workflows/meeting/messages';
import type { TaskState, TaskWish } from '../rules/tasks';

/** The tasks that the course of a meeting calls for, as they stand with this read model. */
export function meetingTasks(course: MeetingSnapshot): TaskWish[] {
  return [...unclearOutcome(course), ...clinicNotReady(course), ...registerVisit(course), ...gone(course)];
}

const base = { invoiceId: null, because: [], dueAt: null, reminders: 0, overdue: false };

/** R5.6: staff decide what the evidence does not show. */
function unclearOutcome({ outcome, happenings, time }: MeetingSnapshot): TaskWish[] {
  const wasUnclear = happenings.some(({ what, detail }) => what === 'outcome' && detail === 'unclear');
  if (!wasUnclear || !outcome) return [];
  const isOpen = outcome.outcome === 'unclear';
  return [
    {
      ...base,
      kind: 'unclear-outcome',
      occasion: String(time.startVersion),
      state: isOpen ? 'open' : 'done',
      because: isOpen ? outcome.because : [],
    },
  ];
}

/** R4.7: the meeting is about to begin, and nobody has confirmed that the clinic is ready. */
function clinicNotReady({ happenings, time, clinicReady, state }: MeetingSnapshot): TaskWish[] {
  return happenings
    .filter(({ what }) => what === 'clinic-not-ready')
    .map(({ startVersion }) => {
      const isNow = startVersion === time.startVersion;
      let taskState: TaskState = 'withdrawn';
      if (isNow && clinicReady) taskState = 'done';
      else if (isNow && (state === 'booked' || state === 'ready' || state === 'door-open'))
        taskState = 'open';
      return {
        ...base,
        kind: 'clinic-not-ready' as const,
        occasion: String(startVersion),
        state: taskState,
        dueAt: isNow ? time.startAt : null,
      };
    });
}

const registrationTask: Record<Registration['state'], TaskState> = {
  waiting: 'open',
  'given-up': 'open',
  registered: 'done',
  'not-needed': 'withdrawn',
};

/** R5.11: staff are reminded until they say that the visit is registered. */
function registerVisit({ registration, time }: MeetingSnapshot): TaskWish[] {
  if (!registration) return [];
  return [
    {
      ...base,
      kind: 'register-visit',
      occasion: String(time.startVersion),
      state: registrationTask[registration.state],
      reminders: registration.reminders,
      overdue: registration.state === 'given-up',
    },
  ];
}

/** Tasks that other causes have opened and that help nobody now: about a time that is no more, or a meeting that is over. */
function gone({ time, state }: MeetingSnapshot): TaskWish[] {
  const isOver = state === 'ended';
  const times = Array.from({ length: time.startVersion - (isOver ? 0 : 1) }, (_, index) => index + 1);
  return [
    ...times.map((startVersion) => ({
      ...base,
      kind: 'nobody-reached' as const,
      occasion: String(startVersion),
      state: 'withdrawn' as const,
    })),
    ...(isOver
      ? [{ ...base, kind: 'consent-refused' as const, occasion: 'answer', state: 'withdrawn' as const }]
      : []),
  ];
}
