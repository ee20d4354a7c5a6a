import { noticeKinds, urgency } from '../../rules/notices';

describe('urgency', () => {
  it('R2.6 B15 cancellations go first, then what is useless soonest', () => {
    const order = [...noticeKinds].sort((a, b) => urgency(a) - urgency(b));
    expect(order).toEqual(['cancellation', 'soon', 'start', 'change', 'morning', 'booking']);
  });
});
