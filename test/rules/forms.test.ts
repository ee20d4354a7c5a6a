import fc from 'fast-check';
import { isCalendarDate } from '../../rules/calendar-date';
import { answerProblems, type FormAnswers, type FormQuestion } from '../../rules/forms';

const base = { label: 'Fråga', required: true };
const text: FormQuestion = { ...base, questionId: 'text', type: 'text', maxLength: 10 };
const number: FormQuestion = { ...base, questionId: 'number', type: 'number', min: 0, max: 250 };
const one: FormQuestion = { ...base, questionId: 'one', type: 'choice', choices: ['ja', 'nej'], many: false };
const many: FormQuestion = {
  ...base,
  questionId: 'many',
  type: 'choice',
  choices: ['a', 'b', 'c'],
  many: true,
};
const scale: FormQuestion = { ...base, questionId: 'scale', type: 'scale', from: 0, to: 10 };
const date: FormQuestion = { ...base, questionId: 'date', type: 'date' };
const form = [text, number, one, many, scale, date];
const filledIn: FormAnswers = {
  text: 'Feber',
  number: 38.5,
  one: 'ja',
  many: ['a', 'c'],
  scale: 7,
  date: '2026-02-28',
};

const problem = (question: FormQuestion, answer: FormAnswers[string]) =>
  answerProblems([question], { [question.questionId]: answer })[0]?.reason ?? null;

describe('answerProblems', () => {
  it('R3.1 finds nothing wrong with a form that is filled in', () => {
    expect(answerProblems(form, filledIn)).toEqual([]);
  });

  it('R3.1 a form that is not filled in misses every required answer', () => {
    expect(answerProblems(form, {})).toEqual(
      form.map(({ questionId }) => ({ questionId, reason: 'answer-missing' })),
    );
    expect(
      answerProblems(
        form.map((each) => ({ ...each, required: false })),
        {},
      ),
    ).toEqual([]);
  });

  it('R3.1 blanks are no answer to a question, and none is needed where it is not required', () => {
    for (const question of form) {
      for (const blank of ['', ' \n\t', []]) {
        expect(problem(question, blank)).toBe('answer-missing');
        expect(problem({ ...question, required: false }, blank)).toBeNull();
      }
    }
  });

  it('R3.1 an answer that is given is checked also where none is required', () => {
    for (const question of form) {
      const wrong = question.type === 'text' ? 'far too long an answer' : 'no';
      expect(problem({ ...question, required: false }, wrong)).not.toBeNull();
    }
  });

  it('R3.1 a zero is an answer', () => {
    expect(problem(number, 0)).toBeNull();
    expect(problem(scale, 0)).toBeNull();
  });

  it('R3.1 names answers to questions that the form does not have', () => {
    expect(answerProblems([text], { text: 'Feber', other: 'x' })).toEqual([
      { questionId: 'other', reason: 'unknown-question' },
    ]);
  });

  it('R3.1 a question may have a name that every object has', () => {
    for (const questionId of ['constructor', 'valueof', 'tostring']) {
      expect(answerProblems([{ ...text, questionId }], {})).toEqual([
        { questionId, reason: 'answer-missing' },
      ]);
      expect(answerProblems([{ ...text, questionId, required: false }], {})).toEqual([]);
      expect(answerProblems([{ ...text, questionId }], { [questionId]: 'Feber' })).toEqual([]);
    }
  });

  it.each<[string, FormQuestion, FormAnswers[string], string | null]>([
    ['text of the longest length', text, 'a'.repeat(10), null],
    ['text too long', text, 'a'.repeat(11), 'too-long'],
    ['a number for text', text, 5, 'wrong-type'],
    ['many texts for text', text, ['a'], 'wrong-type'],
    ['the least number', number, 0, null],
    ['too small a number', number, -0.1, 'out-of-range'],
    ['the most', number, 250, null],
    ['too large a number', number, 250.1, 'out-of-range'],
    ['a number as text', number, '38', 'wrong-type'],
    ['a number of any size', { ...number, min: null, max: null }, -1e9, null],
    ['a choice of the list', one, 'nej', null],
    ['a choice not of the list', one, 'kanske', 'not-a-choice'],
    ['two choices where one is asked for', one, ['ja', 'nej'], 'not-a-choice'],
    ['several choices of the list', many, ['c', 'a'], null],
    ['one choice not of the list', many, ['a', 'd'], 'not-a-choice'],
    ['a text where a list is asked for', many, 'a', 'wrong-type'],
    ['the top of a scale', scale, 10, null],
    ['above a scale', scale, 11, 'out-of-range'],
    ['below a scale', scale, -1, 'out-of-range'],
    ['between the steps of a scale', scale, 5.5, 'out-of-range'],
    ['text for a scale', scale, '5', 'wrong-type'],
    ['a leap day', date, '2028-02-29', null],
    ['a day that does not exist', date, '2026-02-29', 'out-of-range'],
    ['a date with a time', date, '2026-02-28T10:00', 'out-of-range'],
    ['a number for a date', date, 20260228, 'wrong-type'],
  ])('R3.1 checks %s', (_, question, answer, expected) => {
    expect(problem(question, answer)).toBe(expected);
  });

  it('R3.1 takes exactly the whole steps of any scale', () => {
    const anyNumber = fc.oneof(
      fc.integer({ min: -20, max: 120 }),
      fc.double({ min: -20, max: 120, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.nat(50), fc.integer({ min: 1, max: 50 }), anyNumber, (from, length, answer) => {
        const steps = Array.from({ length: length + 1 }, (_, step) => from + step);
        const asked: FormQuestion = { ...base, questionId: 'scale', type: 'scale', from, to: from + length };
        expect(problem(asked, answer) === null).toBe(steps.includes(answer));
      }),
    );
  });
});

describe('isCalendarDate', () => {
  it('takes every day that exists and no other', () => {
    const two = (n: number): string => String(n).padStart(2, '0');
    for (const year of [1900, 2000, 2026, 2028]) {
      const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
      const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
      for (let month = 0; month <= 13; month += 1) {
        for (let day = 0; day <= 32; day += 1) {
          const exists = day >= 1 && day <= (lengths[month - 1] ?? 0);
          expect(isCalendarDate(`${year}-${two(month)}-${two(day)}`)).toBe(exists);
        }
      }
    }
  });

  it.each(['20260228', '2026-2-28', '26-02-28', '2026-02-28 ', '2026-02-28T00:00:00Z', ''])(
    'refuses "%s"',
    (other) => {
      expect(isCalendarDate(other)).toBe(false);
    },
  );
});
