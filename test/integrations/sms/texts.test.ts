import fc from 'fast-check';
import { languages, noticeKinds } from '../../../rules/notices';
import { isOneGsm7Part, smsParts } from '../../../integrations/sms/gsm7';
import { codeText, MAX_LINK_LENGTH, noticeText } from '../../../integrations/sms/texts';

const link = 'https://moten.example.se/m/Zk3vQ0c9T1yW8r5uN2bXhA';
const anyKind = fc.constantFrom(...noticeKinds);
const anyLanguage = fc.constantFrom(...languages);
const anyInstant = fc
  .integer({ min: Date.parse('2024-01-01T00:00Z') / 60_000, max: Date.parse('2100-12-31T23:59Z') / 60_000 })
  .map((minute) => new Date(minute * 60_000));
const linkCharacter = fc.constantFrom(
  ...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/?#=&%'),
);
const prefix = 'https://';
const anyLink = fc
  .string({ unit: linkCharacter, minLength: 1, maxLength: MAX_LINK_LENGTH - prefix.length })
  .map((rest) => prefix + rest);

/** Stockholm's wall clock by another way than the code's own. */
function stockholmParts(instant: Date, locale: string): Record<string, string> {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone: 'Europe/Stockholm',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
}

describe('noticeText', () => {
  const startAt = new Date('2026-11-23T09:00Z');

  it.each([
    ['sv', 'booking', `Hej! Du har ett digitalt möte måndag 23 november kl. 10.00. Läs mer: ${link}`],
    ['sv', 'change', `Ny tid för ditt digitala möte: måndag 23 november kl. 10.00. Läs mer: ${link}`],
    ['sv', 'cancellation', 'Ditt digitala möte måndag 23 november kl. 10.00 är avbokat.'],
    ['sv', 'morning', `Påminnelse: du har ett digitalt möte måndag 23 november kl. 10.00. Läs mer: ${link}`],
    ['sv', 'soon', `Ditt digitala möte börjar snart, måndag kl. 10.00. Till mötet: ${link}`],
    ['sv', 'start', `Ditt digitala möte kl. 10.00 börjar nu. Till mötet: ${link}`],
    ['en', 'booking', `Hello! You have a digital meeting on Monday 23 November at 10:00. Read more: ${link}`],
    ['en', 'change', `New time for your digital meeting: Monday 23 November at 10:00. Read more: ${link}`],
    ['en', 'cancellation', 'Your digital meeting on Monday 23 November at 10:00 has been cancelled.'],
    [
      'en',
      'morning',
      `Reminder: you have a digital meeting on Monday 23 November at 10:00. Read more: ${link}`,
    ],
    ['en', 'soon', `Your digital meeting starts soon, on Monday at 10:00. To the meeting: ${link}`],
    ['en', 'start', `Your digital meeting at 10:00 starts now. To the meeting: ${link}`],
  ] as const)('R2.1 R2.8 says in %s for %s', (language, kind, expected) => {
    expect(noticeText({ kind, language, startAt, link })).toBe(expected);
  });

  it('R2.3 is one GSM-7 part with every link up to the longest', () => {
    fc.assert(
      fc.property(anyKind, anyLanguage, anyInstant, anyLink, (kind, language, instant, anyOne) => {
        expect(isOneGsm7Part(noticeText({ kind, language, startAt: instant, link: anyOne }))).toBe(true);
      }),
    );
  });

  it.each([
    ['sv', 'booking', 'Hej! Du har ett digitalt möte måndag 23 november kl. 10.00 svensk tid.'],
    ['sv', 'start', 'Ditt digitala möte kl. 10.00 svensk tid börjar nu.'],
    ['en', 'soon', 'Your digital meeting starts soon, on Monday at 10:00 Swedish time.'],
    [
      'en',
      'cancellation',
      'Your digital meeting on Monday 23 November at 10:00 Swedish time has been cancelled.',
    ],
  ] as const)('D12 names the zone to a number abroad, in %s for %s', (language, kind, expected) => {
    expect(noticeText({ kind, language, startAt, link: null, abroad: true })).toBe(expected);
  });

  it('D12 tells the two hours of the autumn clock change apart abroad, too', () => {
    const repeated = { startAt: new Date('2026-10-25T01:30Z'), link: null, abroad: true };
    expect(noticeText({ kind: 'booking', language: 'sv', ...repeated })).toContain(
      'kl. 02.30 svensk vintertid.',
    );
    expect(noticeText({ kind: 'booking', language: 'en', ...repeated })).toContain(
      'at 02:30 Swedish winter time.',
    );
  });

  it('D12 R2.3 is one GSM-7 part abroad, with every link up to the longest', () => {
    const longestLink = prefix + 'a'.repeat(MAX_LINK_LENGTH - prefix.length);
    fc.assert(
      fc.property(anyKind, anyLanguage, anyInstant, (kind, language, instant) => {
        const text = noticeText({ kind, language, startAt: instant, link: longestLink, abroad: true });
        expect(isOneGsm7Part(text)).toBe(true);
        expect(kind === 'cancellation' || text.endsWith(` ${longestLink}`)).toBe(true);
      }),
    );
    for (let at = Date.parse('2026-01-01T00:30Z'); at < Date.parse('2027-01-01T00:00Z'); at += 86_400_000)
      for (const language of languages)
        for (const kind of noticeKinds) {
          const abroad = { kind, language, startAt: new Date(at), link: longestLink, abroad: true };
          expect(isOneGsm7Part(noticeText(abroad))).toBe(true);
        }
  });

  it('R2.3 leaves room for a link of 60, and the longest link fills the longest text exactly', () => {
    expect(MAX_LINK_LENGTH).toBeGreaterThanOrEqual(60);
    const longestLink = prefix + 'a'.repeat(MAX_LINK_LENGTH - prefix.length);
    // Every day of two years, in what at the clock change is the repeated hour.
    let longest = 0;
    for (let at = Date.parse('2026-01-01T00:30Z'); at < Date.parse('2028-01-01T00:00Z'); at += 86_400_000) {
      for (const language of languages) {
        for (const kind of noticeKinds) {
          const text = noticeText({ kind, language, startAt: new Date(at), link: longestLink });
          longest = Math.max(longest, smsParts(text).units);
        }
      }
    }
    expect(longest).toBe(160);
  });

  it("R2.3 tells Stockholm's wall-clock time, and the day where it may be another day", () => {
    fc.assert(
      fc.property(anyKind, anyLanguage, anyInstant, (kind, language, instant) => {
        const { weekday, day, month, hour, minute } = stockholmParts(
          instant,
          language === 'sv' ? 'sv' : 'en-GB',
        );
        const text = noticeText({ kind, language, startAt: instant, link: null });
        const expected = expect.stringContaining(
          language === 'sv' ? `kl. ${hour}.${minute}` : `at ${hour}:${minute}`,
        );
        expect(text).toEqual(expected);
        const weekdayInText = text.includes(weekday!);
        const dayInText = text.includes(`${weekday} ${day} ${month}`);
        expect(weekdayInText).toBe(kind !== 'start');
        expect(dayInText).toBe(kind !== 'start' && kind !== 'soon');
      }),
    );
  });

  it('R2.3 has the link last and once, none where the clinic leaves it out, and none in a cancellation', () => {
    fc.assert(
      fc.property(anyKind, anyLanguage, anyInstant, anyLink, (kind, language, instant, anyOne) => {
        const without = noticeText({ kind, language, startAt: instant, link: null });
        const withLink = noticeText({ kind, language, startAt: instant, link: anyOne });
        expect(without).not.toMatch(/http|:\s*$/);
        expect(withLink.startsWith(without)).toBe(true);
        expect(withLink.endsWith(kind === 'cancellation' ? without : ` ${anyOne}`)).toBe(true);
      }),
    );
  });

  it('R2.3 has no word that tells of care', () => {
    fc.assert(
      fc.property(anyKind, anyLanguage, anyInstant, (kind, language, instant) => {
        const text = noticeText({ kind, language, startAt: instant, link: null });
        expect(text).not.toMatch(
          /vård|klinik|mottagning|läkar|patient|hälsa|sjuk|care|clinic|doctor|health/i,
        );
        expect(text).toMatch(/digital/);
      }),
    );
  });

  it('R2.3 tells the two hours of the autumn clock change apart', () => {
    const booking = (iso: string, language: 'sv' | 'en') =>
      noticeText({ kind: 'booking', language, startAt: new Date(iso), link: null });
    expect(booking('2026-10-25T00:30Z', 'sv')).toContain('söndag 25 oktober kl. 02.30 sommartid.');
    expect(booking('2026-10-25T01:30Z', 'sv')).toContain('söndag 25 oktober kl. 02.30 vintertid.');
    expect(booking('2026-10-25T00:00Z', 'en')).toContain('Sunday 25 October at 02:00 summer time.');
    expect(booking('2026-10-25T01:59Z', 'en')).toContain('Sunday 25 October at 02:59 winter time.');
    expect(booking('2026-10-24T23:59Z', 'sv')).toContain('söndag 25 oktober kl. 01.59.');
    expect(booking('2026-10-25T02:00Z', 'sv')).toContain('söndag 25 oktober kl. 03.00.');
  });

  it('R2.3 needs no season at the spring clock change', () => {
    const text = (iso: string) =>
      noticeText({ kind: 'start', language: 'sv', startAt: new Date(iso), link: null });
    expect(text('2026-03-29T00:59Z')).toBe('Ditt digitala möte kl. 01.59 börjar nu.');
    expect(text('2026-03-29T01:00Z')).toBe('Ditt digitala möte kl. 03.00 börjar nu.');
  });

  it.each([
    ['too long', prefix + 'a'.repeat(MAX_LINK_LENGTH)],
    ['too long in units', prefix + '~'.repeat(40)],
    ['not writable in GSM-7', 'https://möten.example.se/–'],
  ])('R2.3 refuses a link that is %s, without repeating it', (_, badLink) => {
    let thrown: unknown;
    try {
      noticeText({ kind: 'booking', language: 'sv', startAt, link: badLink });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RangeError);
    expect(String(thrown)).not.toContain(badLink);
  });

  it('refuses what is no instant', () => {
    expect(() => noticeText({ kind: 'start', language: 'sv', startAt: new Date(NaN), link: null })).toThrow(
      RangeError,
    );
  });
});

it.each(['sv', 'en'] as const)(
  'A10 R2.13 a code is one GSM-7 part in %s, with nothing of a meeting and no link',
  (language) => {
    const text = codeText(language, '012345');
    expect(text).toContain('012345');
    expect(isOneGsm7Part(text)).toBe(true);
    expect(text).not.toMatch(/http|möte|meeting/i);
  },
);
