import type { Meeting } from '../../../records/meetings';
import type { StaffMember } from '../../../records/staff';
import type { Language } from '../../../rules/notices';
import { outcomes, type Outcome, type ParticipantRole } from '../../../rules/meeting';
import type { TimelineEntry } from '../../../use-cases/meeting/timeline';
import { TimeLine } from '../../frame/parts';
import { wording } from '../../frame/wording';
import { deskWords } from '../frame/words';
import { pastMoment, Section } from './parts';
import type { Sight } from './sight';
import { stateWords } from './state-words';

/** More of what happened makes the page heavy; the oldest is left out. */
const MOST_MOMENTS = 80;

/** What the meeting's outcome rests on: stays, confirmations, gaps and all that happened, as a time line. */
export function EvidenceLine({
  sight,
  happenings,
  staff,
  language,
}: {
  sight: Sight;
  happenings: TimelineEntry[];
  staff: Map<string, StaffMember>;
  language: Language;
}) {
  const words = texts[language];
  const left = Math.max(happenings.length - MOST_MOMENTS, 0);
  return (
    <Section id="evidence" title={words.title}>
      {left > 0 && <p>{words.before(left)}</p>}
      <TimeLine
        moments={happenings
          .slice(left)
          .map((entry) =>
            pastMoment(sight, language, entry.at, momentText(sight.meeting, staff, entry, language)),
          )}
      />
    </Section>
  );
}

function momentText(
  meeting: Meeting,
  staff: Map<string, StaffMember>,
  { what, detail, startVersion, points, inRoom }: TimelineEntry,
  language: Language,
): string {
  const { happenings } = stateWords[language];
  const text = Object.hasOwn(happenings, what) ? happenings[what as keyof typeof happenings] : what;
  const about = detail === null ? null : detailText(meeting, staff, what, detail, language);
  const which = startVersion === meeting.course.time.startVersion ? '' : ` (${texts[language].earlierTime})`;
  const { points: pointWords } = stateWords[language];
  const more = points
    ? ` (${[inRoom, ...points.map((point) => pointWords[point])].filter(Boolean).join(', ')})`
    : '';
  return `${text}${about === null ? '' : `: ${about}`}${more}${which}`;
}

/** Null where the detail tells nobody anything. */
function detailText(
  meeting: Meeting,
  staff: Map<string, StaffMember>,
  what: string,
  detail: string,
  language: Language,
): string | null {
  const words = stateWords[language];
  switch (what) {
    case 'entered': {
      const who = meeting.participants.find(({ participantId }) => participantId === detail);
      if (!who) return null;
      const role = deskWords[language].participants[who.role];
      const member = who.staffId === null ? null : staff.get(who.staffId);
      return member ? `${role}, ${member.name}` : role;
    }
    case 'joined-room':
    case 'left-room':
      return deskWords[language].participants[detail as ParticipantRole];
    case 'entry-refused':
      return detail
        .split(' ')
        .map((reason) => (words.refusals as Record<string, { what: string }>)[reason]?.what ?? reason)
        .join(' ');
    case 'gap-began':
    case 'gap-ended':
      return (words.gaps as Record<string, string>)[detail] ?? detail;
    case 'clinic-confirmed':
      return (words.moments as Record<string, string>)[detail] ?? detail;
    case 'cancelled':
    case 'outcome':
      return outcomeName(detail, language);
    case 'outcome-corrected': {
      const [outcome = '', reason = ''] = detail.split(' ');
      return `${outcomeName(outcome, language)}. ${(words.corrections as Record<string, string>)[reason] ?? reason}`;
    }
    case 'rebooked':
      return detail === 'patient' ? texts[language].byPatient : texts[language].byClinic;
    default:
      return null;
  }
}

const outcomeName = (outcome: string, language: Language): string =>
  (outcomes as readonly string[]).includes(outcome)
    ? deskWords[language].outcomes[outcome as Outcome]
    : outcome;

const texts = wording({
  sv: {
    title: 'Vad som har hänt',
    before: (count: number) => `${count} tidigare händelser visas inte.`,
    earlierTime: 'en tidigare tid',
    byPatient: 'på patientens begäran',
    byClinic: 'av mottagningen',
  },
  en: {
    title: 'What has happened',
    before: (count) => `${count} earlier things are not shown.`,
    earlierTime: 'an earlier time',
    byPatient: 'as the patient asked',
    byClinic: 'by the clinic',
  },
});
