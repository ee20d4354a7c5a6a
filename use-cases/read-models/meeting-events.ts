import type { Happening } from '../../workflows/meeting/messages';
import type { ClinicEvent, EventBody } from '../../rules/events';
import type { Outcome } from '../../rules/meeting';
import { happeningKey, type Meeting } from '../../records/meetings';

/**
 * The events for the clinic's system about a meeting (design, decision 11). Entries and reminders make none.
 */
export function meetingEvents(meeting: Meeting, newHappenings: Happening[]): ClinicEvent[] {
  const { meetingId, course, workflow } = meeting;
  const first = course.happenings.length - newHappenings.length;
  return newHappenings.flatMap((happening, index): ClinicEvent[] => {
    const event = eventOf(meeting, happening);
    // A meeting of 0.1.0 has told some by their place.
    const name = workflow ? happeningKey(happening) : String(first + index);
    return event ? [{ eventId: `${meetingId}:${name}`, at: happening.at, ...event }] : [];
  });
}

function eventOf(meeting: Meeting, { what, startVersion, detail }: Happening): EventBody | null {
  const { meetingId, reference, course } = meeting;
  // What happened to an earlier time is told with that time, also when it is told late.
  const time = meeting.times.find((each) => each.startVersion === startVersion) ?? course.time;
  const { startAt, endAt } = time;
  const data = { meetingId, startVersion, reference, startAt, endAt, state: course.state };
  switch (what) {
    case 'booked':
    case 'rebooked':
    case 'duration-changed':
    case 'cancelled':
    case 'gates-opened':
    case 'gates-closed':
    case 'door-opened':
    case 'under-way':
    case 'visit-registered':
      return { type: `meeting.${what}`, data };
    case 'outcome': {
      const outcome = detail as Outcome;
      const isNow = course.outcome?.outcome === outcome ? course.outcome : null;
      const { decidedBy, because } = isNow ?? { decidedBy: 'evidence' as const, because: [] };
      return { type: 'meeting.outcome', data: { ...data, outcome, decidedBy, because } };
    }
    case 'entered':
    case 'clinic-ready':
    case 'clinic-not-ready':
    case 'invoice-proposed':
    case 'registration-reminder':
    case 'registration-overdue':
    case 'registration-not-needed':
    case 'notice-again':
      return null;
  }
}
