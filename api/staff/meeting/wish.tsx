import type { Meeting } from '../../../records/meetings';
import { insideCancellationNotice } from '../../../rules/cancellation';
import { minutesLater, toInstant, type Instant } from '../../../rules/instant';
import { changers, type Changer } from '../../../rules/meeting';
import type { Language } from '../../../rules/notices';
import { costsOf, type Alternative, type Cost } from '../../../use-cases/invoice/costs';
import { receivedProblems } from '../../../use-cases/meeting/stated-times';
import { Choices } from '../../frame/fields';
import { Banner, TimeLine, type Moment } from '../../frame/parts';
import { capital, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { amount } from '../../patient/frame/money';
import type { DeskRouteDeps } from '../frame/route';
import type { Sight } from './sight';
import { feeReason } from './state-words';
import {
  TimeFields,
  timeInAddress,
  timeProblemAt,
  typedTime,
  type Fields,
  type TypedTime,
} from './typed-time';

/** Somebody's wish to cancel or move: whose it is, when it came in, and what it costs by that (R1.5, R5.3). */
export interface Wish {
  by: Changer | null;
  isEarlier: boolean;
  at: TypedTime;
  /** As staff state it for a telephone call; null for now. */
  receivedAt: Instant | null;
  problems: { field: string; text: string }[];
}

/** What was filled in of {@link WishFields}. */
export function wishIn(fields: Fields, now: Date, language: Language): Wish {
  const words = texts[language];
  const by = changers.find((each) => each === fields.by) ?? null;
  const isEarlier = by === 'patient' && fields.when === 'earlier';
  const at = typedTime(fields, 'at');
  const receivedAt = isEarlier ? at.at : null;
  return {
    by,
    isEarlier,
    at,
    receivedAt,
    problems: [
      ...(by === null ? [{ field: 'by', text: words.chooseWho }] : []),
      ...(isEarlier && at.problem ? [timeProblemAt('at', at.problem, language)] : []),
      ...receivedProblems(receivedAt, now).map(() => ({ field: 'at', text: words.inTheFuture })),
    ],
  };
}

/** The same as parts of an address. */
export const wishInAddress = ({ by, isEarlier, at }: Wish): Record<string, string> => ({
  ...(by ? { by } : {}),
  ...(isEarlier ? { when: 'earlier', ...timeInAddress('at', at) } : {}),
});

/** Who wants it, and when they said so. */
export function WishFields({
  wish,
  language,
  what,
}: {
  wish: Wish | null;
  language: Language;
  what: 'cancel' | 'move';
}) {
  const words = texts[language];
  const problemOf = (field: string): string | null =>
    wish?.problems.find((each) => each.field === field)?.text ?? null;
  return (
    <>
      <Choices
        id="by"
        name="by"
        label={words.who[what]}
        language={language}
        problem={problemOf('by')}
        chosen={wish?.by ? [wish.by] : []}
        choices={[
          { value: 'patient', text: words.patient, hint: words.patientHint[what] },
          { value: 'clinic', text: words.clinic, hint: words.clinicHint[what] },
        ]}
      />
      <Choices
        id="when"
        name="when"
        label={words.whenSaid}
        language={language}
        chosen={[wish?.isEarlier ? 'earlier' : 'now']}
        choices={[
          { value: 'now', text: words.now },
          { value: 'earlier', text: words.earlier, hint: words.earlierHint },
        ]}
      />
      <TimeFields
        id="at"
        name="at"
        label={words.earlierAt}
        language={language}
        typed={wish?.at ?? null}
        problemOf={problemOf}
      />
    </>
  );
}

/**
 * What a wish would come to, received at the instant: by the same rules as the real proposal. Null in the
 * moment when the meeting is moved.
 */
export async function costIf(
  { records }: Pick<DeskRouteDeps, 'records'>,
  { meeting }: Pick<Sight, 'meeting'>,
  alternative: Alternative,
  receivedAt: Instant,
  now: Date,
): Promise<Cost | null> {
  const costs = await costsOf(records, meeting, receivedAt, now);
  return costs?.items.find((item) => item.if === alternative) ?? null;
}

/** What a page has shown before the click: for which time of the meeting, and what it costs. */
export const seenOf = ({ course }: Meeting, { kind, amountOre }: Cost): string =>
  `${course.time.startVersion} ${kind} ${amountOre ?? ''}`;

/** The start version of it; null where it is none of ours. */
export function startVersionIn(seen: string | undefined): number | null {
  const [, version] = /^(\d{1,6}) /.exec(seen ?? '') ?? [];
  return version === undefined ? null : Number(version);
}

/** What it costs, and by which reasons; the words stand before the button. */
export function CostOf({ cost, language }: { cost: Cost; language: Language }) {
  const words = texts[language];
  const reasons = cost.because.map(({ reason }) => feeReason(reason, language)).join(' ');
  return cost.kind === 'none' ? (
    <Banner kind="success" title={words.free}>
      {reasons}
    </Banner>
  ) : (
    <Banner kind="warning" title={costsText(cost, language)}>
      {`${reasons} ${words.proposed}`}
    </Banner>
  );
}

/** Until when a patient's wish costs nothing, and what after that (R5.3). */
export function CostLine({ sight, late, language }: { sight: Sight; late: Cost; language: Language }) {
  const words = texts[language];
  const { meeting, now } = sight;
  const { startAt } = meeting.course.time;
  const { cancellationNoticeHours } = meeting.terms;
  if (late.kind === 'none')
    return (
      <p>
        {words.never} {late.because.map(({ reason }) => feeReason(reason, language)).join(' ')}
      </p>
    );
  const isLate = insideCancellationNotice(toInstant(now), startAt, cancellationNoticeHours);
  const lastInTime = dayAndTime(minutesLater(startAt, -cancellationNoticeHours * 60), language);
  const moments: Moment[] = [
    { at: words.until(lastInTime), text: words.free, state: isLate ? 'past' : 'now' },
    { at: words.after, text: costsText(late, language), state: isLate ? 'now' : 'ahead' },
    { at: capital(dayAndTime(startAt, language)), text: words.starts },
  ];
  return (
    <section aria-labelledby="cost-line">
      <h2 id="cost-line">{words.lineTitle}</h2>
      <TimeLine moments={moments} />
    </section>
  );
}

const costsText = ({ amountOre }: Cost, language: Language): string =>
  amountOre === null
    ? texts[language].costsSomething
    : `${texts[language].costs} ${amount(amountOre, language)}.`;

const texts = wording({
  sv: {
    chooseWho: 'Välj vem som vill.',
    inTheFuture: 'Tiden har inte varit än. Skriv när patienten hörde av sig.',
    who: { cancel: 'Vem avbokar?', move: 'Vem vill flytta mötet?' },
    patient: 'Patienten',
    patientHint: {
      cancel: 'Sen avbokning kan kosta.',
      move: 'Räknas som avbokning om det är sent.',
    },
    clinic: 'Mottagningen',
    clinicHint: { cancel: 'Kostar aldrig patienten något.', move: 'Kostar aldrig patienten något.' },
    whenSaid: 'När hörde patienten av sig?',
    now: 'Nu',
    earlier: 'Tidigare',
    earlierHint: 'Till exempel på telefonsvararen.',
    earlierAt: 'Om tidigare: vilken dag?',
    free: 'Det kostar patienten inget.',
    costs: 'Det kostar patienten',
    costsSomething: 'Det kan kosta patienten en avgift.',
    proposed: 'Avgiften blir ett förslag, som ni godkänner eller avstår från.',
    never: 'Det kostar patienten inget att avboka eller flytta.',
    until: (time: string) => `Till ${time}`,
    after: 'Efter det',
    starts: 'Mötet börjar.',
    lineTitle: 'Om patienten avbokar eller flyttar',
  },
  en: {
    chooseWho: 'Choose who wants it.',
    inTheFuture: 'That time has not been yet. Write when the patient got in touch.',
    who: { cancel: 'Who cancels?', move: 'Who wants to move the meeting?' },
    patient: 'The patient',
    patientHint: { cancel: 'A late cancellation can cost.', move: 'Counts as a cancellation if it is late.' },
    clinic: 'The clinic',
    clinicHint: { cancel: 'Never costs the patient anything.', move: 'Never costs the patient anything.' },
    whenSaid: 'When did the patient get in touch?',
    now: 'Now',
    earlier: 'Earlier',
    earlierHint: 'For example on the answering machine.',
    earlierAt: 'If earlier: which day?',
    free: 'It costs the patient nothing.',
    costs: 'It costs the patient',
    costsSomething: 'It can cost the patient a fee.',
    proposed: 'The fee becomes a proposal, which you approve or waive.',
    never: 'It costs the patient nothing to cancel or move.',
    until: (time) => `Until ${time}`,
    after: 'After that',
    starts: 'The meeting begins.',
    lineTitle: 'If the patient cancels or moves it',
  },
});
