import { hearsOfMeeting, smsObstacle } from '../../../rules/calendar/who-hears';
import { participantRoles } from '../../../rules/meeting';
import { after, booleans, combinations } from '../builders';

const birthDate = '2013-11-23';
const thirteen = new Date('2026-11-22T23:00:00.000Z');
const twelve = after(thirteen, -1);

describe('hearsOfMeeting', () => {
  const hearing = (at: Date) => participantRoles.filter((role) => hearsOfMeeting(role, birthDate, at));

  it('R7.1 up to 12 the guardian and the child hear of a meeting', () => {
    expect(hearing(twelve)).toEqual(['patient', 'guardian']);
  });

  it("R7.2 the guardian's SMS end at the midnight of 13", () => {
    expect(hearing(thirteen)).toEqual(['patient']);
    expect(hearing(new Date('2050-01-01'))).toEqual(['patient']);
  });
});

describe('smsObstacle', () => {
  const earlier = '2025-01-01T12:00:00.000Z';
  const consent = { given: true, source: 'asked', recordedBy: 'staff-1', recordedAt: earlier } as const;
  const mobile = { number: '+46701740605', recordedAt: earlier };
  const person = { birthDate, protectedIdentity: false, mobile, smsConsent: consent };

  it('R2.2 lets an SMS go with a number and a consent', () => {
    expect(smsObstacle(person, twelve)).toBeNull();
  });

  it('R2.2 none recorded means no, and so does a consent withdrawn', () => {
    expect(smsObstacle({ ...person, smsConsent: null }, twelve)).toBe('no-consent');
    expect(smsObstacle({ ...person, smsConsent: { ...consent, given: false } }, twelve)).toBe('no-consent');
  });

  it('R7.2 a number and a consent from before 13 do not speak for the child, until it gives its own', () => {
    expect(smsObstacle(person, thirteen)).toBe('guardians-number');
    const own = { ...mobile, recordedAt: thirteen.toISOString() };
    expect(smsObstacle({ ...person, mobile: own }, thirteen)).toBe('consent-for-another-number');
    const ownConsent = { ...consent, recordedAt: thirteen.toISOString() };
    expect(smsObstacle({ ...person, smsConsent: ownConsent }, thirteen)).toBe('guardians-number');
    expect(smsObstacle({ ...person, mobile: own, smsConsent: ownConsent }, thirteen)).toBeNull();
  });

  it("R7.2 an adult's number and consent stand for ever", () => {
    expect(smsObstacle({ ...person, birthDate: '1981-12-18' }, new Date('2090-01-01'))).toBeNull();
  });

  it('R2.2 R7.2 R7.5 only with everything in order there is no obstacle, and protected identity stands first', () => {
    for (const { protectedIdentity, mobileOf, consentOf, at } of combinations({
      protectedIdentity: booleans,
      mobileOf: [null, mobile, { ...mobile, recordedAt: thirteen.toISOString() }],
      consentOf: [
        null,
        consent,
        { ...consent, given: false },
        { ...consent, recordedAt: thirteen.toISOString() },
      ],
      at: [twelve, thirteen],
    })) {
      const obstacle = smsObstacle(
        { birthDate, protectedIdentity, mobile: mobileOf, smsConsent: consentOf },
        at,
      );
      const current = (recordedAt: string) => at < thirteen || recordedAt === thirteen.toISOString();
      const inOrder =
        !protectedIdentity &&
        mobileOf !== null &&
        current(mobileOf.recordedAt) &&
        consentOf?.given === true &&
        consentOf.recordedAt >= mobileOf.recordedAt;
      expect(obstacle === null).toBe(inOrder);
      expect(obstacle === 'protected-identity').toBe(protectedIdentity);
      expect(obstacle === 'no-phone-number').toBe(!protectedIdentity && mobileOf === null);
    }
  });
});
