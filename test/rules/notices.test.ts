import { noticeKinds, urgency } from '../../rules/notices';

describe('urgency', () => {
  it('R2.6 what is useless soonest goes first', () => {
    const order = [...noticeKinds].sort((a, b) => urgency(a) - urgency(b));
    expect(order).toEqual(['soon', 'start', 'change', 'cancellation', 'morning', 'booking']);
  });
});
