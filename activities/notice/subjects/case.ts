import { mailSubjectOfMessage } from '../../../integrations/mail/subjects';
import { newMessageText } from '../../../integrations/sms/texts';
import type { Case } from '../../../records/cases';
import { caseNoticeDueAt } from '../../../rules/calendar/notice-plan';
import { toInstant } from '../../../rules/instant';
import { lateTimesWhenDue } from '../../../rules/late';
import { decideCaseHandOver, whyNoMoreOfCase } from '../../../rules/ledger';
import type { ActivityDeps } from '../../deps';
import { savedLink, peopleOf, waitsUntil, type Notice, type NoticeSubject } from './subject';

/** Notices of a message case: there is a new message (R6.8). Its occasions are bursts of messages. */
export function createCaseSubject({ records }: Pick<ActivityDeps, 'records'>): NoticeSubject {
  return {
    async load(notice, _row, now, session) {
      const { subjectId: caseId, participantId, lastUsefulAt } = notice;
      const careCase = await records.cases.getForWriting(caseId, session);
      const { settings } = await records.clinics.byId(careCase.clinicId);
      const { recipient, others } = await peopleOf(
        records,
        { ...careCase, settings },
        participantId,
        now,
        session,
      );
      const view = { now: toInstant(now), lastUsefulAt, read: wasRead(notice, careCase) };
      return {
        clinicId: careCase.clinicId,
        settings,
        participants: careCase.participants,
        recipient,
        others,
        over: whyNoMoreOfCase(view),
        // No message is so pressing that it wakes anybody.
        morning: waitsUntil(caseNoticeDueAt(now, settings.noticeRules.quietHours), notice, now),
        dueAt: noticeOf(notice, careCase)?.dueAt ?? null,
        noteEntered: null,
        decide: (overCap) =>
          decideCaseHandOver({
            ...view,
            way: recipient?.way ?? { channel: null, obstacle: 'no-consent' },
            hears: recipient !== null,
            overCap,
          }),
        waitMs: () => Promise.resolve(0),
        late: (dueAt) => lateTimesWhenDue(null, dueAt),
        async text(sms) {
          const { language } = recipient!.person;
          const link = settings.linkInSms
            ? await savedLink(records, sms, { caseId, participantId }, session)
            : null;
          return { mailSubject: mailSubjectOfMessage(language), text: newMessageText(language, link) };
        },
      };
    },
    due: async (notice) => noticeOf(notice, await records.cases.get(notice.subjectId))?.dueAt ?? null,
    async planAgain({ subjectId, occasion, kind, participantId }) {
      const careCase = await records.cases.get(subjectId);
      const participant = careCase.participants.find((each) => each.participantId === participantId);
      const notice = noticeOf({ occasion }, careCase);
      if (!participant || !notice)
        throw new Error('the restored case knows nothing of this notice: compare it with its workflow');
      return {
        subjectId,
        occasion,
        kind,
        participantId,
        clinicId: careCase.clinicId,
        personId: participant.personId,
        channel: null,
        lastUsefulAt: notice.lastUsefulAt,
      };
    },
    participants: async (caseId) => (await records.cases.get(caseId)).participants,
  };
}

const noticeOf = ({ occasion }: { occasion: number }, { course }: Pick<Case, 'course'>) =>
  course.notices.find((notice) => notice.burst === occasion);

/** The patient's side has read or written since; a later burst has a notice of its own. */
export const wasRead = (
  { occasion }: Pick<Notice, 'occasion'>,
  { course: { burst } }: Pick<Case, 'course'>,
): boolean => burst !== null && (burst.number > occasion || burst.over);
