import { hearsOfMeeting, smsObstacle, wayTo, type Reachable } from '../../../rules/calendar/who-hears';
import { channels } from '../../../rules/consents';
import { participantRoles } from '../../../rules/meeting';
import { after, booleans, combinations } from '../builders';

const birthDate = '2013-11-23';
/** Takes Swedish numbers only. */
const clinic = { foreignNumbers: false };
const thirteen = new Date('2026-11-22T23:00:00.000Z');
const twelve = after(thirteen, -1);

describe('hearsOfMeeting', () => {
  const child = { personal: { birthDate }, guardianStops: [] };
  const hearing = (at: Date) =>
    participantRoles.filter((role) => hearsOfMeeting({ role, personId: 'somebody' }, child, at));

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
    expect(smsObstacle(person, clinic, twelve)).toBeNull();
  });

  it('R2.2 none recorded means no, and so does a consent withdrawn', () => {
    expect(smsObstacle({ ...person, smsConsent: null }, clinic, twelve)).toBe('no-consent');
    expect(smsObstacle({ ...person, smsConsent: { ...consent, given: false } }, clinic, twelve)).toBe(
      'no-consent',
    );
  });

  it('R7.2 a number and a consent from before 13 do not speak for the child, until it gives its own', () => {
    expect(smsObstacle(person, clinic, thirteen)).toBe('guardians-number');
    const own = { ...mobile, recordedAt: thirteen.toISOString() };
    expect(smsObstacle({ ...person, mobile: own }, clinic, thirteen)).toBe('consent-for-another-number');
    const ownConsent = { ...consent, recordedAt: thirteen.toISOString() };
    expect(smsObstacle({ ...person, smsConsent: ownConsent }, clinic, thirteen)).toBe('guardians-number');
    expect(smsObstacle({ ...person, mobile: own, smsConsent: ownConsent }, clinic, thirteen)).toBeNull();
  });

  it("R7.2 an adult's number and consent stand for ever", () => {
    expect(smsObstacle({ ...person, birthDate: '1981-12-18' }, clinic, new Date('2090-01-01'))).toBeNull();
  });

  it.each(['+447911123456', '+12025550143', '+4740612345'])(
    'R2.7 lets an SMS go to another country, %s, only where the clinic sends there, and with a consent',
    (number) => {
      const abroad = { ...person, mobile: { ...mobile, number } };
      expect(smsObstacle(abroad, clinic, twelve)).toBe('foreign-number');
      expect(smsObstacle(abroad, { foreignNumbers: true }, twelve)).toBeNull();
      expect(smsObstacle({ ...abroad, smsConsent: null }, { foreignNumbers: true }, twelve)).toBe(
        'no-consent',
      );
    },
  );

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
        clinic,
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

describe('wayTo', () => {
  const earlier = '2025-01-01T12:00:00.000Z';
  const own = thirteen.toISOString();
  const consent = { given: true, source: 'asked', recordedBy: 'staff-1', recordedAt: earlier } as const;
  const mobile = { number: '+46701740605', recordedAt: earlier };
  const email = { address: 'somebody@example.com', recordedAt: earlier };
  const person: Reachable = {
    birthDate,
    protectedIdentity: false,
    mobile,
    email,
    smsConsent: consent,
    noticesBy: 'sms',
  };
  const bySms = { channel: 'sms', to: mobile.number, obstacle: null };
  const byEmail = { channel: 'email', to: email.address, obstacle: null };

  it('R2.11 goes by SMS where that may be, and by e-mail where the person prefers it', () => {
    expect(wayTo(person, clinic, twelve)).toEqual(bySms);
    expect(wayTo({ ...person, noticesBy: 'email' }, clinic, twelve)).toEqual(byEmail);
  });

  it.each([
    ['no consent', { smsConsent: null }],
    ['a consent withdrawn', { smsConsent: { ...consent, given: false } }],
    ['no number', { mobile: null }],
    ['a number that the clinic does not send to', { mobile: { ...mobile, number: '+12025550143' } }],
    ['a consent for another number', { mobile: { ...mobile, recordedAt: '2026-01-01T12:00:00.000Z' } }],
  ])('R2.11 with %s it goes by e-mail, where an address was given', (_, change) => {
    expect(wayTo({ ...person, ...change }, clinic, twelve)).toEqual(byEmail);
    const { channel, obstacle } = wayTo({ ...person, ...change, email: null }, clinic, twelve);
    expect(channel).toBeNull();
    expect(obstacle).toBe(smsObstacle({ ...person, ...change }, clinic, twelve));
  });

  it('R2.11 one who prefers e-mail and has given no address gets SMS', () => {
    expect(wayTo({ ...person, noticesBy: 'email', email: null }, clinic, twelve)).toEqual(bySms);
  });

  it("R7.2 from 13 neither the guardian's number nor the guardian's address is the child's", () => {
    expect(wayTo(person, clinic, thirteen)).toEqual({ channel: null, obstacle: 'guardians-number' });
    expect(wayTo({ ...person, noticesBy: 'email' }, clinic, thirteen).channel).toBeNull();
    expect(wayTo({ ...person, email: { ...email, recordedAt: own } }, clinic, thirteen)).toEqual(byEmail);
    const ownPhone = { mobile: { ...mobile, recordedAt: own }, smsConsent: { ...consent, recordedAt: own } };
    expect(wayTo({ ...person, ...ownPhone, noticesBy: 'email' }, clinic, thirteen)).toEqual(bySms);
  });

  it("R7.2 an adult's address stands for ever", () => {
    const adult = { ...person, birthDate: '1981-12-18', smsConsent: null };
    expect(wayTo(adult, clinic, new Date('2090-01-01'))).toEqual(byEmail);
  });

  it('R7.5 nothing goes to one with protected identity', () => {
    for (const noticesBy of channels) {
      const hidden = { ...person, protectedIdentity: true, noticesBy };
      expect(wayTo(hidden, clinic, twelve)).toEqual({ channel: null, obstacle: 'protected-identity' });
    }
  });

  it('R2.2 R2.11 R7.2 R7.5 there is a way exactly where a channel is in order, and it is the preferred one if both are', () => {
    for (const { at, noticesBy, protectedIdentity, mobileAt, emailAt, consentOf } of combinations({
      at: [twelve, thirteen],
      noticesBy: channels,
      protectedIdentity: booleans,
      mobileAt: [null, earlier, own],
      emailAt: [null, earlier, own],
      consentOf: [null, consent, { ...consent, given: false }, { ...consent, recordedAt: own }],
    })) {
      const isOwn = (recordedAt: string): boolean => at < thirteen || recordedAt >= own;
      const smsMay =
        mobileAt !== null && isOwn(mobileAt) && consentOf?.given === true && consentOf.recordedAt >= mobileAt;
      const emailMay = emailAt !== null && isOwn(emailAt);
      const may = { sms: smsMay && !protectedIdentity, email: emailMay && !protectedIdentity };
      const other = noticesBy === 'sms' ? 'email' : 'sms';

      const way = wayTo(
        {
          birthDate,
          protectedIdentity,
          mobile: mobileAt === null ? null : { ...mobile, recordedAt: mobileAt },
          email: emailAt === null ? null : { ...email, recordedAt: emailAt },
          smsConsent: consentOf,
          noticesBy,
        },
        clinic,
        at,
      );
      expect(way.channel).toBe(may[noticesBy] ? noticesBy : may[other] ? other : null);
      expect(way.obstacle === null).toBe(way.channel !== null);
      const to = { sms: mobile.number, email: email.address };
      expect(way.channel && way.to).toBe(way.channel && to[way.channel]);
    }
  });
});
