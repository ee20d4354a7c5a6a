import { chatWriteRefusal, mayUseChat } from '../../rules/chat';
import { participantRoles } from '../../rules/meeting';
import { minutesAfter, START, timeAt } from './builders';

const time = timeAt();
const refusalAt = (minutes: number, cancelled = false) =>
  chatWriteRefusal(minutesAfter(START, minutes), { cancelled, time });

it('R4.4 one writes from when the door opens until it closes', () => {
  expect([-15.01, -15, 0, 59.99, 60].map((minutes) => refusalAt(minutes))).toEqual([
    'too-early',
    null,
    null,
    null,
    'ended',
  ]);
  expect(refusalAt(0, true)).toBe('cancelled');
});

it.each(participantRoles)('R4.4, R7.1 %s reads', (role) => {
  const may = (isIn: boolean, guardianActs: boolean): boolean => mayUseChat(role, { isIn, guardianActs });
  const always = role === 'patient' || role === 'staff';
  // In and out, of a child up to 12 and of one who is older.
  expect([may(true, true), may(true, false), may(false, true), may(false, false)]).toEqual(
    role === 'guardian' ? [true, false, true, false] : [true, true, always, always],
  );
});
