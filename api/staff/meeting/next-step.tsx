import type { ComponentChildren } from 'preact';
import { outcomeOf } from '../../../records/meetings';
import type { Task } from '../../../records/tasks';
import type { Language } from '../../../rules/notices';
import type { RememberedRoom } from '../../../use-cases/meeting/remembered-room';
import { Banner, Button, ButtonLink, ButtonRow, Card } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { clockTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import type { DeskRequest } from '../frame/route';
import { pathOf } from './parts';
import type { MeetingPageView } from './read-meeting';
import { RoomChecklist } from './room-checklist';
import { isDoorOpen, isOver, isPast, isSameDay, takesPart, type Sight } from './sight';

/** The step that the meeting's page puts first: confirm the room, go in, state the outcome, register. */
export type Step =
  'confirm' | 'go-in' | 'wait' | 'others-do' | 'state-outcome' | 'register' | 'other-day' | 'nothing';

/**
 * Which step comes next; only those who take part go in (R4.1).
 * @param tasks of the meeting: a correction can have made it a visit to be registered (R5.1, R5.11)
 */
export function stepOf(
  sight: Sight,
  isParticipant: boolean,
  tasks: readonly Pick<Task, 'kind' | 'state'>[],
): Step {
  const { meeting, now } = sight;
  const { course } = meeting;
  const { time } = course;
  if (isOver(sight)) {
    if (outcomeOf(meeting)?.outcome === 'unclear' && !course.closed) return 'state-outcome';
    const isAsked = tasks.some(({ kind, state }) => kind === 'register-visit' && state === 'open');
    return course.registration?.state === 'waiting' || isAsked ? 'register' : 'nothing';
  }
  // One that runs over goes on: who is in the room ends it there.
  if (isPast(time.endAt, now) && course.state !== 'under-way') return 'state-outcome';
  if (!isParticipant) return 'others-do';
  if (!course.clinicReady && course.state !== 'under-way')
    return isSameDay(time.startAt, now) || isDoorOpen(sight) ? 'confirm' : 'other-day';
  return isDoorOpen(sight) ? 'go-in' : 'wait';
}

/** The next step, with the page's one primary button. */
export function NextStep({
  request,
  sight,
  view: { tasks, remembered },
}: {
  request: DeskRequest;
  sight: Sight;
  view: Pick<MeetingPageView, 'tasks' | 'remembered'>;
}) {
  const { language, member, roles } = request;
  const words = texts[language];
  const { time } = sight.meeting.course;
  const from = words.from(clockTime(time.doorOpensAt, language));
  switch (stepOf(sight, takesPart(sight, member), tasks)) {
    case 'confirm':
      return (
        <StepCard title={words.confirm}>
          <ConfirmRoom request={request} sight={sight} remembered={remembered} />
          <p>{isDoorOpen(sight) ? <a href={pathOf(sight, 'room')}>{words.goIn}</a> : from}</p>
        </StepCard>
      );
    case 'go-in':
      return (
        <StepCard title={words.open}>
          <ButtonRow>
            <ButtonLink href={pathOf(sight, 'room')} icon="video">
              {words.goIn}
            </ButtonLink>
          </ButtonRow>
        </StepCard>
      );
    case 'wait':
      return (
        <Banner kind="info" title={words.next}>
          {`${words.isReady} ${from}`}
        </Banner>
      );
    case 'others-do':
      return (
        <Banner kind="info" title={words.next}>
          <p>
            {sight.meeting.course.clinicReady ? words.othersGoIn : words.othersConfirm}{' '}
            {!sight.meeting.course.clinicReady && (
              <a href={pathOf(sight, 'readiness')}>{words.confirmForThem}</a>
            )}
          </p>
          {roles.includes('clinician') && (
            <p>
              <a href={pathOf(sight, 'take-over')}>{words.takeOver}</a>
            </p>
          )}
        </Banner>
      );
    case 'other-day':
      return <Banner kind="info">{`${words.otherDay} ${from}`}</Banner>;
    case 'state-outcome':
      return (
        <StepCard title={words.outcome}>
          <p>{isOver(sight) ? words.unclear : words.timeIsUp}</p>
          <ButtonRow>
            <ButtonLink href={pathOf(sight, 'outcome')}>{words.state}</ButtonLink>
          </ButtonRow>
        </StepCard>
      );
    case 'register':
      return (
        <StepCard title={words.register}>
          <RegisterForm request={request} sight={sight} />
        </StepCard>
      );
    case 'nothing':
      return null;
  }
}

const StepCard = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <Card>
    <h2>{title}</h2>
    {children}
  </Card>
);

/** The room's checklist, for the time that is shown (R4.7). */
export function ConfirmRoom({
  request: { language, guard },
  sight,
  remembered,
}: {
  request: DeskRequest;
  sight: Sight;
  remembered: RememberedRoom | null;
}) {
  return (
    <RoomChecklist
      language={language}
      action={pathOf(sight, 'readiness')}
      guard={guard}
      meeting={sight.meeting}
      remembered={remembered}
      button={texts[language].allHolds}
      isPrimary
    />
  );
}

/** Says that the visit is registered (R5.11). */
export function RegisterForm({ request, sight }: { request: DeskRequest; sight: Sight }) {
  const words = texts[request.language];
  return (
    <>
      <p>{words.registerMore}</p>
      <PostForm action={pathOf(sight, 'registered')} guard={request.guard}>
        <ButtonRow>
          <Button icon="check">{words.registered}</Button>
        </ButtonRow>
      </PostForm>
    </>
  );
}

/** The heading of {@link ConfirmRoom} where it is a page of its own. */
export const confirmTitle = (language: Language): string => texts[language].confirm;
/** The heading of {@link RegisterForm} where it is a page of its own. */
export const registerTitle = (language: Language): string => texts[language].register;

const texts = wording({
  sv: {
    confirm: 'Bekräfta rummet',
    allHolds: 'Ja, allt stämmer',
    open: 'Mötet är öppet för insläpp',
    goIn: 'Gå in i mötet',
    next: 'Nästa steg',
    isReady: 'Rummet är bekräftat.',
    from: (time: string) => `Du kan gå in från kl. ${time}.`,
    othersGoIn: 'Rummet är bekräftat. De som deltar går in i mötet.',
    othersConfirm: 'Rummet är inte bekräftat. Det gör de som deltar, samma dag.',
    confirmForThem: 'Bekräfta åt dem',
    takeOver: 'Ta över mötet',
    otherDay: 'Du bekräftar rummet samma dag som mötet.',
    outcome: 'Vad blev mötet?',
    unclear: 'Uppgifterna från mötet räcker inte för att avgöra det.',
    timeIsUp: 'Mötets tid har gått ut.',
    state: 'Ange vad mötet blev',
    register: 'Är besöket registrerat?',
    registerMore: 'Registrera besöket i PAS och skriv i journalen. Du påminns tills det är gjort.',
    registered: 'Ja, i PAS och journalen',
  },
  en: {
    confirm: 'Confirm the room',
    allHolds: 'Yes, all of it holds',
    open: 'The meeting is open for entry',
    goIn: 'Go into the meeting',
    next: 'Next step',
    isReady: 'The room is confirmed.',
    from: (time) => `You can go in from ${time}.`,
    othersGoIn: 'The room is confirmed. Those who take part go into the meeting.',
    othersConfirm: 'The room is not confirmed. Those who take part do that, on the day.',
    confirmForThem: 'Confirm for them',
    takeOver: 'Take over the meeting',
    otherDay: 'You confirm the room on the day of the meeting.',
    outcome: 'What did the meeting come to?',
    unclear: 'The evidence of the meeting is not enough to decide it.',
    timeIsUp: 'The time of the meeting is up.',
    state: 'State what the meeting came to',
    register: 'Is the visit registered?',
    registerMore: 'Register the visit in PAS and write in the journal. You are reminded until it is done.',
    registered: 'Yes, in PAS and journal',
  },
});
