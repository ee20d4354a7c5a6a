import {
  answersMessage,
  beginsBurst,
  caseStates,
  caseWriteRefusal,
  repliedInTime,
  type CaseState,
} from '../../rules/case';
import { minutesAfter, START } from './builders';

const secondsAfter = (instant: string, seconds: number): string => minutesAfter(instant, seconds / 60);

it('R6.2 a reply is in time by the second before the deadline, and late at it', () => {
  const clock = { deadlineAt: START };
  expect([-1, -0.001, 0, 1].map((seconds) => repliedInTime(secondsAfter(START, seconds), clock))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('R6.3 what came before the message is no reply to it', () => {
  const clock = { arrivedAt: START };
  expect([-1, 0, 1].map((seconds) => answersMessage(secondsAfter(START, seconds), clock))).toEqual([
    false,
    true,
    true,
  ]);
});

describe('R6.6 who may write', () => {
  const ongoing: CaseState[] = ['opened', 'waiting-for-reply', 'answered'];
  it.each(caseStates)('patients, in a case that is %s', (state) => {
    for (const clockRuns of [false, true]) {
      expect(caseWriteRefusal('patient-side', { state, clockRuns })).toBe(
        ongoing.includes(state) ? null : 'no-ongoing-matter',
      );
    }
  });

  it.each(caseStates)(
    'R6.3 staff, in a case that is %s: also in a closed one that has left a message unanswered',
    (state) => {
      const isOver = state === 'closed' || state === 'documented';
      expect(caseWriteRefusal('staff', { state, clockRuns: true })).toBe(state === 'ended' ? 'ended' : null);
      expect(caseWriteRefusal('staff', { state, clockRuns: false })).toBe(
        state === 'ended' ? 'ended' : isOver ? 'closed' : null,
      );
    },
  );
});

it('R6.8 a burst begins with the first message, after its time, and once it was read', () => {
  const burst = { beganAt: START, over: false };
  expect(beginsBurst(START, null, 30)).toBe(true);
  expect([0, 29.99, 30, 31].map((minutes) => beginsBurst(minutesAfter(START, minutes), burst, 30))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect(beginsBurst(minutesAfter(START, 1), { ...burst, over: true }, 30)).toBe(true);
});
