import { staffIdsOf } from '../../../records/meetings';
import { capital, clockTime, dayAndTime } from '../../frame/time';
import { meetingOf, personOf } from '../../../use-cases/read-before';
import { warningsOf } from '../../../use-cases/meeting/view';
import type { PageAnswer } from '../../frame/page-content';
import { Banner, ButtonLink, ButtonRow, Receipt } from '../../frame/parts';
import { wording } from '../../frame/wording';
import { DESK_PATH, deskMeetingPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { bookPathFor } from '../people/paths';
import { bookWords } from './words';

/** The receipt: when and for whom, what may not have been meant, and the way to the meeting. */
export const showDone =
  ({ records }: DeskRouteDeps) =>
  async ({ clinic: { clinicId }, params, read, language }: DeskRequest): Promise<PageAnswer> => {
    const reading = { records, readBefore: read };
    const meeting = await meetingOf(reading, clinicId, params.meetingId ?? '');
    if (!meeting) throw new Error('the meeting of this page is gone');
    const { meetingId, patientId, course } = meeting;
    const staffIds = staffIdsOf(meeting);
    const [patient, warnings, staff] = await Promise.all([
      personOf(reading, clinicId, patientId),
      warningsOf(records.meetings, meeting),
      records.staff.byStaffIds(clinicId, staffIds),
    ]);
    const [words, all] = [texts[language], bookWords[language]];
    return {
      page: {
        title: words.title,
        main: (
          <>
            <Receipt title={words.title}>
              <p>{capital(dayAndTime(course.time.startAt, language))}</p>
              <p>
                <strong>{nameInList(patient ?? undefined, deskWords[language])}</strong> {words.with}{' '}
                {staffIds.map((staffId) => staff.get(staffId)?.name ?? staffId).join(', ')}
              </p>
            </Receipt>
            {warnings.map((warning) => (
              <Banner key={warning.meetingId} kind="warning" title={all.sameTime}>
                <p>
                  {capital(dayAndTime(warning.startAt, language))}–{clockTime(warning.endAt, language)}.{' '}
                  <a href={deskMeetingPath(warning.meetingId)}>{all.sameTimeLink}</a>
                </p>
              </Banner>
            ))}
            <ButtonRow>
              <ButtonLink href={deskMeetingPath(meetingId)}>{words.toMeeting}</ButtonLink>
              <ButtonLink href={bookPathFor(patientId)} kind="secondary">
                {words.another}
              </ButtonLink>
              <ButtonLink href={`${DESK_PATH}/today`} kind="secondary">
                {words.today}
              </ButtonLink>
            </ButtonRow>
          </>
        ),
      },
    };
  };

const texts = wording({
  sv: {
    title: 'Mötet är bokat',
    with: 'med',
    toMeeting: 'Till mötet',
    another: 'Boka ett till för patienten',
    today: 'Dagens möten',
  },
  en: {
    title: 'The meeting is booked',
    with: 'with',
    toMeeting: 'To the meeting',
    another: 'Book another for the patient',
    today: 'Today’s meetings',
  },
});
