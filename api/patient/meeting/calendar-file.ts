import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { outcomeOf, type Meeting } from '../../../records/meetings';
import { isCancelled } from '../../../rules/gates';
import type { Instant } from '../../../rules/instant';
import { toInstant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { FileDownload } from '../../file-download';
import { meetingPath } from '../frame/paths';
import type { ParticipantRequest, PatientRouteDeps } from '../frame/route';
import type { PageAnswer } from '../../frame/page-content';
import { wording } from '../../frame/wording';

/** The name under which a browser saves it; it tells no more than the text in it. */
const FILE_NAME = 'digitalt-mote.ics';

/**
 * The meeting for one's own calendar. It lands in calendars that a family reads, so it tells as little as an
 * SMS: that there is a digital meeting, when, and our own address where the clinic lets links go out (R2.3).
 */
export const downloadCalendarFile =
  ({ publicUrl, clock }: PatientRouteDeps) =>
  ({ meeting, participant, clinic, language }: ParticipantRequest): Promise<PageAnswer> => {
    const { participantId } = participant;
    const link = clinic.settings.linkInSms ? new URL(meetingPath(participantId), publicUrl).href : null;
    const text = calendarFile(meeting, { participantId, link, language, madeAt: toInstant(clock.now()) });
    const file = { name: FILE_NAME, type: 'text/calendar; charset=utf-8' };
    return Promise.resolve({ content: new FileDownload(file, Readable.from([text])) });
  };

/**
 * A calendar file (RFC 5545). Its UID stays the same for one who takes part, and its SEQUENCE grows with
 * whatever changes of the meeting, so that a calendar takes a later file for the same event. Times are in
 * UTC: right in every zone, and at each change of the clock.
 */
export function calendarFile(
  meeting: Pick<Meeting, 'course' | 'corrections'>,
  {
    participantId,
    link,
    language,
    madeAt,
  }: { participantId: string; link: string | null; language: Language; madeAt: Instant },
): string {
  const words = texts[language];
  const { time, version } = meeting.course;
  const cancelled = isCancelled(outcomeOf(meeting)?.outcome ?? null);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//vardmote//EN',
    `METHOD:${cancelled ? 'CANCEL' : 'PUBLISH'}`,
    'BEGIN:VEVENT',
    `UID:${uidOf(participantId)}`,
    `SEQUENCE:${version}`,
    `DTSTAMP:${utc(madeAt)}`,
    `DTSTART:${utc(time.startAt)}`,
    `DTEND:${utc(time.endAt)}`,
    `SUMMARY:${escaped(cancelled ? words.cancelled : words.summary)}`,
    ...(link === null || cancelled
      ? []
      : [`DESCRIPTION:${escaped(`${words.logIn} ${link}`)}`, `URL:${link}`]),
    `STATUS:${cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    'CLASS:PRIVATE',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** Not the participant's id itself: where no link may go out, nothing that one could be made of does. */
const uidOf = (participantId: string): string =>
  createHash('sha256').update(`calendar ${participantId}`).digest('hex').slice(0, 32);

/** `20261203T090000Z`. */
const utc = (at: Instant): string => `${toInstant(new Date(at)).slice(0, 19).replace(/[-:]/g, '')}Z`;

const escaped = (text: string): string => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');

const MOST_OCTETS = 75;

/** No line is longer than 75 octets; what goes on begins with a space, and no character is cut in two. */
function folded(line: string): string {
  const parts = [''];
  for (const character of line) {
    const longer = parts.at(-1)! + character;
    if (Buffer.byteLength(longer) > MOST_OCTETS) parts.push(` ${character}`);
    else parts[parts.length - 1] = longer;
  }
  return parts.join('\r\n');
}

const texts = wording({
  sv: { summary: 'Digitalt möte', cancelled: 'Avbokat: digitalt möte', logIn: 'Logga in i god tid:' },
  en: { summary: 'Digital meeting', cancelled: 'Cancelled: digital meeting', logIn: 'Log in in good time:' },
});
