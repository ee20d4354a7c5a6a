import type { Language } from '../../../rules/notices';
import { ButtonLink, ButtonRow } from '../../frame/parts';
import { meetingPath } from './paths';
import { wording } from '../../frame/wording';

/** The way back from what belongs to a meeting to the page of the meeting itself. */
export function BackToMeeting({ language, participantId }: { language: Language; participantId: string }) {
  return (
    <ButtonRow>
      <ButtonLink href={meetingPath(participantId)} kind="quiet">
        {texts[language].back}
      </ButtonLink>
    </ButtonRow>
  );
}

/** The way on for one whose page is not shown: all of one's meetings. */
export function ToMyMeetings({ language }: { language: Language }) {
  return (
    <ButtonRow>
      <ButtonLink href="/my">{texts[language].myMeetings}</ButtonLink>
    </ButtonRow>
  );
}

const texts = wording({
  sv: { back: 'Tillbaka till mötet', myMeetings: 'Till mina möten och ärenden' },
  en: { back: 'Back to the meeting', myMeetings: 'To my meetings and cases' },
});
