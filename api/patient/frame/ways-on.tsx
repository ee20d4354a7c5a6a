import type { Language } from '../../../rules/notices';
import { wording } from './wording';
import { meetingPath } from './paths';

/** The way back from what belongs to a meeting to the page of the meeting itself. */
export function BackToMeeting({ language, participantId }: { language: Language; participantId: string }) {
  return (
    <p>
      <a href={meetingPath(participantId)}>{texts[language].back}</a>
    </p>
  );
}

/** The way on for one whose page is not shown: all of one's meetings. */
export function ToMyMeetings({ language }: { language: Language }) {
  return (
    <p>
      <a href="/my" role="button">
        {texts[language].myMeetings}
      </a>
    </p>
  );
}

const texts = wording({
  sv: { back: 'Tillbaka till mötet', myMeetings: 'Till mina möten och ärenden' },
  en: { back: 'Back to the meeting', myMeetings: 'To my meetings and cases' },
});
