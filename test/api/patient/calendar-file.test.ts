import { calendarFile } from '../../../api/patient/meeting/calendar-file';
import type { Meeting } from '../../../records/meetings';
import { DAY, inMs, testClock, type RawDatabase } from '../helpers';
import { testSettingsBody as testSettings, type TestClinic } from '../../support/clinic';
import { loggedIn, testPeople, visitor, type Visitor } from '../../support/patient';
import type { Service } from '../../support/service';
import { pageOf, startForPatient, sure } from './my-pages';

/** The meeting as a file for one's own calendar. */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let patientId: string;
let browser: Visitor;

beforeAll(async () => {
  ({ service, clinic, raw, patientId } = await startForPatient(clock));
  browser = await loggedIn(service, testPeople.patient);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

/** The properties of a file, unfolded. */
const propertiesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .replaceAll('\r\n ', '')
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );

describe('R2.3 the calendar file', () => {
  it('tells as little as an SMS, comes with strict headers, and only to those who see the page', async () => {
    const meeting = await clinic.book({ patientId, startAt: inMs(3 * DAY) });
    const { status, headers, text } = await browser.get(pageOf(meeting, '/calendar.ics'));
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename=digitalt-mote.ics');
    expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual([
      'no-store',
      'nosniff',
    ]);
    expect(headers.get('content-security-policy')).toContain('sandbox');
    const file = propertiesOf(text);
    expect(file).toMatchObject({ SUMMARY: 'Digitalt möte', METHOD: 'PUBLISH', STATUS: 'CONFIRMED' });
    expect(file.DTSTART).toMatch(/^\d{8}T\d{6}Z$/);
    expect(file.URL).toContain(pageOf(meeting));
    expect(text).not.toMatch(/Testmottagningen|Testperson|kr\b|clinician|sköterska|läkare|010-/i);
    expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);

    expect((await visitor(service.apiUrl).get(pageOf(meeting, '/calendar.ics'))).status).toBe(401);
    const stranger = await loggedIn(service, testPeople.stranger);
    expect((await stranger.get(pageOf(meeting, '/calendar.ics'))).status).toBe(404);

    // A clinic that lets no links go out; nor is one to be made of anything in it.
    const changed = await clinic.call('PUT', '/clinic/settings', {
      body: { ...testSettings, linkInSms: false },
      role: 'operations-manager',
    });
    expect(changed.status).toBe(200);
    const without = (await browser.get(pageOf(meeting, '/calendar.ics'))).text;
    expect(without).not.toMatch(/http|URL:|DESCRIPTION/);
    expect(without).not.toContain(meeting.patientParticipantId);
  });

  it('keeps its UID, has a SEQUENCE that grows with each move, and is withdrawn when the meeting is cancelled', async () => {
    const meeting = await clinic.book({ patientId, startAt: inMs(3 * DAY) });
    const fileNow = async () => propertiesOf((await browser.get(pageOf(meeting, '/calendar.ics'))).text);
    const first = await fileNow();
    const startAt = inMs(4 * DAY);
    await clinic.call('POST', `${meeting.path}/rebook`, { body: { by: 'clinic', startAt } });
    const moved = await fileNow();
    expect(moved.UID).toBe(first.UID);
    expect(Number(moved.SEQUENCE)).toBeGreaterThan(Number(first.SEQUENCE));
    expect(moved.DTSTART).toBe(`${startAt.slice(0, 19).replace(/[-:]/g, '')}Z`);
    const page = await browser.get(pageOf(meeting, '/change/cancel'));
    await browser.submit(page, pageOf(meeting, '/change/cancel'), sure);
    const away = await fileNow();
    expect(away).toMatchObject({ UID: first.UID, METHOD: 'CANCEL', STATUS: 'CANCELLED' });
    expect(Number(away.SEQUENCE)).toBeGreaterThan(Number(moved.SEQUENCE));
  });

  it('has the right time on both sides of a change of the clock, and tells each one by another UID', () => {
    const at = (startAt: string, endAt: string, participantId: string): Record<string, string> =>
      propertiesOf(
        calendarFile(
          { course: { version: 1, time: { startAt, endAt } }, corrections: [] } as unknown as Meeting,
          { participantId, link: null, language: 'en', madeAt: '2026-10-01T00:00:00.000Z' },
        ),
      );
    // Half an hour over the night when the clock goes back.
    const night = at('2026-10-25T00:45:00.000Z', '2026-10-25T01:15:00.000Z', 'a'.repeat(22));
    expect([night.DTSTART, night.DTEND]).toEqual(['20261025T004500Z', '20261025T011500Z']);
    const other = at('2026-10-25T00:45:00.000Z', '2026-10-25T01:15:00.000Z', 'b'.repeat(22));
    expect(other.UID).not.toBe(night.UID);
  });
});
