import {
  questionsAsked,
  suitabilityProblems,
  suitabilityQuestions,
  type SuitabilityQuestion,
} from '../../rules/suitability';
import { booleans, combinations } from './builders';

const national = [
  'physical-meeting-not-required',
  'adapted-to-the-person',
  'enough-known',
  'follow-up-possible',
] as const;
const children = ['child-needs-met', 'child-can-be-examined', 'child-protected'] as const;
const withDisability = ['maturity-assessed', 'able-to-take-part'] as const;

const assessed = (
  questions: readonly SuitabilityQuestion[],
  disability = false,
  changed: Partial<Record<SuitabilityQuestion, boolean>> = {},
) => ({
  assessedBy: 'nurse-1',
  disability,
  answers: { ...Object.fromEntries(questions.map((question) => [question, true])), ...changed },
});

/** Who is asked what, written out. */
const patients: [string, { isChild: boolean; disability: boolean }, readonly SuitabilityQuestion[]][] = [
  ['an adult', { isChild: false, disability: false }, national],
  ['a child', { isChild: true, disability: false }, [...national, ...children]],
  [
    'a child with a disability',
    { isChild: true, disability: true },
    [...national, ...children, ...withDisability],
  ],
];

describe('suitability', () => {
  it.each(patients)('R1.2 %s: yes to all that is asked suits', (_who, { isChild, disability }, asked) => {
    expect(questionsAsked(isChild, disability)).toEqual(asked);
    expect(suitabilityProblems(assessed(asked, disability), isChild)).toEqual([]);
  });

  it.each(patients)('R1.2 %s: one no refuses, whichever it is', (_who, { isChild, disability }, asked) => {
    for (const question of asked) {
      expect(suitabilityProblems(assessed(asked, disability, { [question]: false }), isChild)).toEqual([
        { question, reason: 'not-suitable' },
      ]);
    }
  });

  it.each(patients)('R1.2 %s: one answer missing refuses', (_who, { isChild, disability }, asked) => {
    for (const question of asked) {
      const others = asked.filter((each) => each !== question);
      expect(suitabilityProblems(assessed(others, disability), isChild)).toEqual([
        { question, reason: 'answer-missing' },
      ]);
    }
  });

  it.each(patients)(
    'R1.2 %s: an answer that does not belong refuses, a yes as well as a no',
    (_who, { isChild, disability }, asked) => {
      for (const question of suitabilityQuestions.filter((each) => !asked.includes(each))) {
        for (const answer of booleans) {
          const given = assessed(asked, disability, { [question]: answer });
          expect(suitabilityProblems(given, isChild)).toEqual([{ question, reason: 'not-asked-here' }]);
        }
      }
    },
  );

  it('R1.2 tells all that is wrong at once, and an adult is never asked about a child', () => {
    const given = assessed(['enough-known', 'child-protected'], false, { 'follow-up-possible': false });
    expect(suitabilityProblems(given, false)).toEqual([
      { question: 'physical-meeting-not-required', reason: 'answer-missing' },
      { question: 'adapted-to-the-person', reason: 'answer-missing' },
      { question: 'follow-up-possible', reason: 'not-suitable' },
      { question: 'child-protected', reason: 'not-asked-here' },
    ]);
    expect(questionsAsked(false, true)).toEqual(national);
  });

  it('R1.2 suits exactly where all that is asked is yes and nothing else is answered', () => {
    const answer = [true, false, undefined] as const;
    const some = combinations({ isChild: booleans, disability: booleans, first: answer, child: answer });
    for (const { isChild, disability, first, child } of some) {
      const answers = {
        ...assessed(questionsAsked(isChild, disability)).answers,
        'physical-meeting-not-required': first,
        'child-protected': child,
      };
      const problems = suitabilityProblems({ assessedBy: 'nurse-1', disability, answers }, isChild);
      expect(problems.length === 0).toBe(first === true && child === (isChild ? true : undefined));
    }
  });
});
