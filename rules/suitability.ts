/**
 * The questions that booking staff assess before a digital meeting (R1.2). For everybody they are the four
 * national principles. For a child they are also its needs, whether it can be examined, and its protection.
 * For a child with a disability they are also maturity and ability.
 */
const forEverybody = [
  'physical-meeting-not-required',
  'adapted-to-the-person',
  'enough-known',
  'follow-up-possible',
] as const;
const forChildren = ['child-needs-met', 'child-can-be-examined', 'child-protected'] as const;
const forChildrenWithDisability = ['maturity-assessed', 'able-to-take-part'] as const;

/** Every question there is; which ones are asked is for {@link questionsAsked}. */
export const suitabilityQuestions = [...forEverybody, ...forChildren, ...forChildrenWithDisability] as const;
export type SuitabilityQuestion = (typeof suitabilityQuestions)[number];

/** An assessment as it was made; yes means that a digital meeting suits. */
export interface Suitability {
  /** The clinic's reference to the member of staff who answered. */
  assessedBy: string;
  /** The patient is a child with a disability. Not asked of an adult. */
  disability: boolean;
  answers: Partial<Record<SuitabilityQuestion, boolean>>;
}

/** What is wrong with an assessment, for the question it belongs to. */
export interface SuitabilityProblem {
  question: SuitabilityQuestion;
  reason: 'answer-missing' | 'not-suitable' | 'not-asked-here';
}

/** The questions for this patient. */
export function questionsAsked(isChild: boolean, disability: boolean): SuitabilityQuestion[] {
  return [
    ...forEverybody,
    ...(isChild ? forChildren : []),
    ...(isChild && disability ? forChildrenWithDisability : []),
  ];
}

/**
 * Why the meeting must not be booked; an empty list means that a digital meeting suits. One "no" is enough
 * (R1.2).
 */
export function suitabilityProblems(
  { disability, answers }: Suitability,
  isChild: boolean,
): SuitabilityProblem[] {
  const asked = new Set(questionsAsked(isChild, disability));
  return suitabilityQuestions.flatMap((question) => {
    const reason = problemOf(answers[question], asked.has(question));
    return reason ? [{ question, reason }] : [];
  });
}

function problemOf(answer: boolean | undefined, asked: boolean): SuitabilityProblem['reason'] | null {
  if (!asked) return answer === undefined ? null : 'not-asked-here';
  if (answer === undefined) return 'answer-missing';
  return answer ? null : 'not-suitable';
}
