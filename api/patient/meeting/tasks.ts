import type { TaskItem } from '../../frame/parts';
import { gatesOf } from '../../../use-cases/meeting/gates';
import type { Records } from '../../../records';
import { msOf } from '../../../rules/instant';
import { meetingPath } from '../frame/paths';
import type { ParticipantRequest } from '../frame/route';
import { sinceWhen } from './door';
import { wording } from '../../frame/wording';

/** The next thing to do, as the label and the goal of a button. */
export interface NextStep {
  href: string;
  label: string;
}

/** What has to be done before the meeting can be held, in its order. What is done stays. */
export interface ThingsToDo {
  tasks: TaskItem[];
  /** The next one that can be done now; null where all that can be done is done. */
  next: NextStep | null;
  /** The patient has answered no: the meeting cannot be held (R3.2). */
  consentRefused: boolean;
}

/** Both gates of the meeting as things to do, and at last to go in (R3.1–R3.3). */
export async function thingsToDo(
  { forms }: Pick<Records, 'forms'>,
  request: ParticipantRequest,
  now: Date,
): Promise<ThingsToDo> {
  const { language, meeting, participant, patient } = request;
  const words = texts[language];
  const { consentGiven, consentRefused = false, formsMissing } = await gatesOf(forms, meeting, patient, now);
  const to = (page: string): string => meetingPath(participant.participantId, page);
  const titles =
    meeting.formIds.length < 2
      ? []
      : await Promise.all(
          meeting.formIds.map(async (formId) => (await forms.find(meeting.clinicId, formId))?.title ?? ''),
        );
  const steps: (TaskItem & { href: string; label: string })[] = [
    {
      title: words.consent,
      label: words.consentNow,
      state: consentGiven || consentRefused ? 'done' : 'to-do',
      href: to('consent'),
      ...(consentRefused ? { hint: words.saidNo } : {}),
    },
    ...meeting.formIds.map((formId, index) => ({
      title: titles[index] ? `${words.form}: ${titles[index]}` : words.form,
      label: words.form,
      state: formsMissing.includes(formId) ? ('to-do' as const) : ('done' as const),
      href: to(`forms/${formId}`),
    })),
  ];
  const next = steps.find(({ state }) => state === 'to-do') ?? null;
  const isOpen = msOf(meeting.course.time.doorOpensAt) <= now.getTime();
  const enter: TaskItem = {
    title: words.enter,
    state: isOpen && !next && !consentRefused ? 'to-do' : 'not-yet',
    href: to('room'),
    ...(isOpen ? {} : { hint: sinceWhen(meeting, now, language) }),
  };
  return { tasks: [...steps, enter], next, consentRefused };
}

const texts = wording({
  sv: {
    consent: 'Svara på om mottagningen får se uppgifter om tidigare vård',
    consentNow: 'Svara på frågan om tidigare vård',
    saidNo: 'Du har svarat nej',
    form: 'Fyll i formuläret',
    enter: 'Gå in i mötet',
  },
  en: {
    consent: 'Answer whether the clinic may see your care history',
    consentNow: 'Answer about your care history',
    saidNo: 'You have answered no',
    form: 'Fill in the form',
    enter: 'Go into the meeting',
  },
});
