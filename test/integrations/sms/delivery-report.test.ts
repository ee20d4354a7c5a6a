import { parseDeliveryReport } from '../../../integrations/sms/delivery-report';

describe('parseDeliveryReport', () => {
  it.each([
    ['2026-11-20T09:00:03.741000', '2026-11-20T09:00:03.741Z'],
    ['2026-11-20T09:00:03Z', '2026-11-20T09:00:03.000Z'],
    ['2026-11-20T10:00:03+01:00', '2026-11-20T09:00:03.000Z'],
  ])('R2.7 reads the time %s', (delivered, expected) => {
    expect(parseDeliveryReport({ id: 's70df59406a1b', status: 'delivered', delivered })).toEqual({
      providerId: 's70df59406a1b',
      status: 'delivered',
      deliveredAt: new Date(expected),
    });
  });

  it.each(['sent', 'failed'])('R2.7 reads %s without a time, among fields it does not know', (status) => {
    expect(parseDeliveryReport({ id: 's70df59406a1b', status, to: '+46701740605' })).toEqual({
      providerId: 's70df59406a1b',
      status,
      deliveredAt: null,
    });
  });

  it('R2.7 keeps the status of a report whose time is odd', () => {
    const report = parseDeliveryReport({ id: 's70df59406a1b', status: 'delivered', delivered: 'yesterday' });
    expect(report).toEqual({ providerId: 's70df59406a1b', status: 'delivered', deliveredAt: null });
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'id=s70df59406a1b'],
    ['no id', { status: 'delivered' }],
    ['a list of ids', { id: ['s70df59406a1b', 's70df59406a1c'], status: 'delivered' }],
    ['an object as id', { id: { $ne: '' }, status: 'delivered' }],
    ['an id with bytes that no id has', { id: 's70df59406\u0000\ufffd', status: 'delivered' }],
    ['a number as id', { id: '46701740605', status: 'delivered' }],
    ['an unknown status', { id: 's70df59406a1b', status: 'read' }],
  ])('R2.7 refuses %s', (_, form) => {
    expect(parseDeliveryReport(form)).toBeNull();
  });
});
