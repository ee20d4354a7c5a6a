import { ApplicationFailure } from '@temporalio/common';
import type { ClientSession } from 'mongoose';
import { mailSubject } from '../../../integrations/mail/subjects';
import { noticeText } from '../../../integrations/sms/texts';
import type { LedgerRow } from '../../../records/ledger';
import type { Meeting } from '../../../records/meetings';
import { noticeDueAt } from '../../../rules/calendar/notice-plan';
import { toInstant } from '../../../rules/instant';
import { lateTimesWhenDue } from '../../../rules/late';
import { decideHandOver, hasReached, whyNoMore } from '../../../rules/ledger';
import type { NoticeKind } from '../../../rules/notices';
import { isForeign } from '../../../rules/phone-number';
import { holdsBack } from '../../../use-cases/notice/holds-back';
import { standOf } from '../../../use-cases/notice/end-pointless';
import type { ActivityDeps } from '../../deps';
import { earlierOnTheirWayMs } from '../on-its-way';
import { savedLink, peopleOf, waitsUntil, type Notice, type NoticeSubject } from './subject';

/** How soon to look again at a notice that a command about the meeting holds back. */
const COMMAND_PENDING_MS = 3_000;
/**
 * How soon to look again at one that must not overtake another: the provider answers in a second or two, if
 * it does.
 */
const ON_ITS_WAY_MS = 3_000;
/** How soon to look again where the workflow knows of a new time, and the database not yet. */
const BEHIND_MS = 1_000;

type MeetingNotice = Notice & { kind: NoticeKind };

/** Notices of a meeting: booking, change, cancellation and reminders (R2.1, R2.8). */
export function createMeetingSubject({ records }: Pick<ActivityDeps, 'records'>): NoticeSubject {
  const { ledger } = records;

  return {
    async load(anyNotice, _row, now, session) {
      const notice = anyNotice as MeetingNotice;
      const { kind, occasion, subjectId: meetingId, participantId } = notice;
      const meeting = await records.meetings.getForWriting(meetingId, session);
      if (occasion > meeting.course.time.startVersion) throw behind();
      const { settings } = await records.clinics.byId(meeting.clinicId);
      const { startAt } = meeting.course.time;
      const { participants, patientId, clinicId } = meeting;
      const { recipient, others } = await peopleOf(
        records,
        { participants, patientId, settings },
        participantId,
        now,
        session,
      );
      const view = { ...notice, now: toInstant(now), meeting: standOf(meeting) };
      const inTheRoom = kind === 'start' && (await isInTheRoom(notice));
      return {
        clinicId,
        settings,
        participants,
        recipient,
        others,
        over: whyNoMore(view),
        morning: isNews(kind)
          ? waitsUntil(noticeDueAt(now, new Date(startAt), settings.noticeRules.quietHours), notice, now)
          : null,
        dueAt: dueAtOf(notice, meeting),
        noteEntered: (own) =>
          records.meetings.noteNoticeEntered(meeting, { kind, startVersion: occasion }, own),
        decide: (overCap) =>
          decideHandOver({
            ...view,
            way: recipient?.way ?? { channel: null, obstacle: 'no-consent' },
            hears: recipient !== null,
            inTheRoom,
            overCap,
          }),
        async waitMs() {
          const waiting = await records.commands.waitingAbout(meetingId);
          if (waiting.some((command) => holdsBack(command, notice))) return COMMAND_PENDING_MS;
          return Math.min(await earlierOnTheirWayMs(records, notice, now, session), ON_ITS_WAY_MS);
        },
        late: (dueAt) => lateTimesWhenDue(startAt, dueAt),
        async text(sms) {
          const { person, way } = recipient!;
          const told = kind === 'cancellation' ? await lastToldStart(notice, meeting, session) : startAt;
          return {
            mailSubject: mailSubject(person.language),
            text: noticeText({
              kind,
              language: person.language,
              abroad: way.channel === 'sms' && isForeign(way.to),
              startAt: new Date(told),
              link: settings.linkInSms
                ? await savedLink(records, sms, { meetingId, participantId }, session)
                : null,
            }),
          };
        },
      };
    },
    due: async (notice) => dueAtOf(notice, await records.meetings.get(notice.subjectId)),
    async planAgain({ subjectId, occasion, kind, participantId }) {
      const meeting = await records.meetings.get(subjectId);
      const participant = meeting.participants.find((each) => each.participantId === participantId);
      const notice = noticeOf({ kind, occasion }, meeting);
      if (!participant?.personId || !notice)
        throw new Error('the restored meeting knows nothing of this notice: compare it with its workflow');
      return {
        subjectId,
        occasion,
        kind,
        participantId,
        clinicId: meeting.clinicId,
        personId: participant.personId,
        channel: null,
        lastUsefulAt: notice.lastUsefulAt,
      };
    },
    participants: async (meetingId) => (await records.meetings.get(meetingId)).participants,
  };

  async function isInTheRoom({ subjectId, occasion, participantId }: Notice): Promise<boolean> {
    const stays = await records.evidence.stays(subjectId, occasion);
    return stays.some((stay) => stay.participantId === participantId && stay.leftAt === null);
  }

  /**
   * A cancellation names the time that the recipient knows: a move that nobody told them of has not happened
   * for them.
   */
  async function lastToldStart(
    { subjectId, participantId }: Notice,
    meeting: Meeting,
    session: ClientSession,
  ): Promise<string> {
    const told = (await ledger.ofMeeting(subjectId, session)).filter(
      (row) =>
        row.participantId === participantId &&
        (row.kind === 'booking' || row.kind === 'change') &&
        // One still at `handing-over` was waited for: its process has died, and it is as good as unknown.
        (hasReached(row.state) || row.state === 'unknown' || row.state === 'handing-over'),
    );
    const startVersion = Math.max(...told.map(({ occasion }) => occasion));
    const time = meeting.times.find((each) => each.startVersion === startVersion);
    return time?.startAt ?? meeting.course.time.startAt;
  }
}

/** It tells of the meeting, and does not remind of it: it can wait for the morning (R2.9). */
const isNews = (kind: NoticeKind): boolean =>
  kind === 'booking' || kind === 'change' || kind === 'cancellation';

const noticeOf = (
  { kind, occasion }: Pick<LedgerRow, 'kind' | 'occasion'>,
  { course }: Pick<Meeting, 'course'>,
) => course.notices.find((notice) => notice.kind === kind && notice.startVersion === occasion);

const dueAtOf = (notice: Notice, meeting: Meeting) => noticeOf(notice, meeting)?.dueAt ?? null;

const behind = (): ApplicationFailure =>
  ApplicationFailure.create({
    message: 'the read model is behind its workflow: look again',
    type: 'wait',
    nextRetryDelay: BEHIND_MS,
  });
