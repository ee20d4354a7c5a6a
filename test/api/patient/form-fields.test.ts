import {
  allFields,
  answersOf,
  fieldOf,
  namedFields,
  typedDate,
  typedOf,
} from '../../../api/patient/frame/form-fields';
import { answerProblems, type FormQuestion } from '../../../rules/forms';

const questions: FormQuestion[] = [
  { questionId: 'how', label: 'Hur?', required: true, type: 'scale', from: 0, to: 10 },
  { questionId: 'weight', label: 'Vikt', required: false, type: 'number', min: 0, max: 300 },
  { questionId: 'why', label: 'Varför?', required: false, type: 'text', maxLength: 50 },
  { questionId: 'one', label: 'En', required: false, type: 'choice', choices: ['a', 'b'], many: false },
  { questionId: 'many', label: 'Flera', required: false, type: 'choice', choices: ['a', 'b'], many: true },
  { questionId: 'constructor', label: 'När?', required: false, type: 'date' },
];

/** R3.1: a form as browsers post it becomes answers that the rules check. */
describe('the fields of a form', () => {
  it('become answers of the type that each question asks for', () => {
    const typed = allFields(questions, {
      'q.how': '7',
      'q.weight': '72,5',
      'q.why': 'en rad\r\noch en till',
      'q.one': 'a',
      'q.many': ['a', 'b'],
      'q.constructor': '2026-05-17',
      'q.not-asked': 'x',
      csrf: 'x',
    });
    const answers = answersOf(questions, typed);
    expect(answers).toEqual({
      how: 7,
      weight: 72.5,
      why: 'en rad\noch en till',
      one: 'a',
      many: ['a', 'b'],
      constructor: '2026-05-17',
    });
    expect(answerProblems(questions, answers)).toEqual([]);
    expect(answersOf(questions, typedOf(answers))).toEqual(answers);
  });

  it('a date in three fields is one answer; what is no date stays as it was typed, to be refused', () => {
    const dates: FormQuestion[] = [{ questionId: 'when', label: 'När?', required: false, type: 'date' }];
    const typed = (year: string, month: string, day: string) =>
      allFields(dates, { 'q.when.year': year, 'q.when.month': month, 'q.when.day': day });
    expect(answersOf(dates, typed('2026', '5', '7'))).toEqual({ when: '2026-05-07' });
    expect(answersOf(dates, typed('', '', ''))).toEqual({});
    expect(namedFields(dates, { 'q.when.day': '7' })).toEqual({ when: ['', '', '7'] });
    for (const wrong of [typed('26', '5', '7'), typed('2026', '', '7'), typed('2026', 'maj', '7')])
      expect(answerProblems(dates, answersOf(dates, wrong))).toMatchObject([{ reason: 'out-of-range' }]);
    expect(typedDate(['', 'maj', '7'])).toEqual({ year: '', month: 'maj', day: '7' });
    expect(typedDate(['2026-05-07'])).toEqual({ year: '2026', month: '05', day: '07' });
  });

  it.each([
    ['7', 7],
    [' 7 ', 7],
    ['-2,5', -2.5],
    ['\u22122.5', -2.5],
    ['1 000', 1000],
    ['1\u00a0000', 1000],
    ['0x10', '0x10'],
    ['1e3', '1e3'],
    ['sju', 'sju'],
    ['7,5,1', '7,5,1'],
    ['Infinity', 'Infinity'],
  ])('%j typed as a number is %j', (typed, answer) => {
    expect(answersOf(questions, { weight: [typed] })).toEqual({ weight: answer });
  });

  it('leaves what cannot be read for the rules to refuse', () => {
    const answers = answersOf(questions, { how: ['sju'], weight: ['mycket'] });
    expect(answerProblems(questions, answers).map(({ questionId, reason }) => [questionId, reason])).toEqual([
      ['how', 'wrong-type'],
      ['weight', 'wrong-type'],
    ]);
  });

  it('of a whole form tell of every question, those of a change only of what was changed', () => {
    expect(allFields(questions, { 'q.how': '' })).toEqual({
      how: [],
      weight: [],
      why: [],
      one: [],
      many: [],
      constructor: [],
    });
    expect(namedFields(questions, { 'q.many': '', 'q.how': '3', formKey: 'x' })).toEqual({
      how: ['3'],
      many: [],
    });
    expect(answersOf(questions, {})).toEqual({});
    expect(fieldOf('how')).toBe('q.how');
  });
});
