import { refusedCommand } from '../../../use-cases/meeting/send';
import type { Answer } from '../../../records/commands';
import type { Language } from '../../../rules/notices';
import type { ParticipantRequest } from './route';
import { Banner, ButtonLink, ButtonRow, Heading } from '../../frame/parts';
import { meetingPath } from './paths';
import { isReceived, reasonOf } from '../../page-command';
import type { PageAnswer } from '../../frame/page-content';
import { wording } from '../../frame/wording';

/**
 * What one sees after posting: the page that shows what came of it, or why it was not done. What was stored
 * and could not be carried out yet is told as what it is.
 */
export function afterCommand(language: Language, answer: Answer, goal: string): PageAnswer {
  const reason = reasonOf(answer);
  if (reason === null) return { redirect: goal };
  const words = texts[language];
  const { title, text } = wordsOf(language, reason);
  const isStored = isReceived(answer);
  return {
    status: answer.status,
    page: {
      title,
      main: (
        <>
          <Heading>{title}</Heading>
          <Banner kind={isStored ? 'success' : 'warning'} takesFocus>
            {text}
          </Banner>
          <ButtonRow>
            <ButtonLink href={goal}>{words.goOn}</ButtonLink>
          </ButtonRow>
        </>
      ),
    },
  };
}

/** What one sees in the moment when the meeting is moved, and what belongs to its new time is being noted. */
export const beingMoved = ({ language, participant }: ParticipantRequest, page: string): PageAnswer =>
  afterCommand(language, refusedCommand('moved-meanwhile'), meetingPath(participant.participantId, page));

function wordsOf(language: Language, reason: string): { title: string; text: string } {
  const words = texts[language];
  switch (reason) {
    case 'not-carried-out-yet':
    case 'command-under-way':
      return words.later;
    case 'cancelled':
    case 'ended':
    case 'started':
    case 'under-way':
      return words.tooLate;
    case 'not-offered':
    case 'time-passed':
      return words.notOffered;
    case 'moved-meanwhile':
    case 'overtaken':
      return words.moved;
    default:
      return words.notDone;
  }
}

const texts = wording({
  sv: {
    goOn: 'Fortsätt',
    later: {
      title: 'Vi har tagit emot det',
      text: 'Det görs så snart det går, och räknas från nu. Du behöver inte göra det igen.',
    },
    tooLate: {
      title: 'Det går inte längre',
      text: 'Mötet har börjat, är slut eller är avbokat. Ring eller skriv till mottagningen om du behöver ändra något.',
    },
    notOffered: {
      title: 'Tiden är inte ledig längre',
      text: 'Din gamla tid är kvar. Välj en annan tid, eller ring eller skriv till mottagningen.',
    },
    moved: {
      title: 'Mötet ändras just nu',
      text: 'Mötet får en ny tid just nu, så det du gjorde ändrade inget. Vänta en liten stund och ladda om sidan.',
    },
    notDone: {
      title: 'Det blev inte gjort',
      text: 'Något kan ha ändrats under tiden. Ladda om sidan och försök igen om det behövs.',
    },
  },
  en: {
    goOn: 'Continue',
    later: {
      title: 'We have received it',
      text: 'It will be done as soon as possible, and counts from now. You do not need to do it again.',
    },
    tooLate: {
      title: 'That is no longer possible',
      text: 'The meeting has started, is over or is cancelled. Call or write to the clinic if you need to change something.',
    },
    notOffered: {
      title: 'That time is no longer available',
      text: 'You still have your old time. Choose another time, or call or write to the clinic.',
    },
    moved: {
      title: 'The meeting is being changed',
      text: 'The meeting is being given a new time right now, so what you did changed nothing. Wait a moment and reload the page.',
    },
    notDone: {
      title: 'It was not done',
      text: 'Something may have changed in the meantime. Reload the page, and try again if you need to.',
    },
  },
});
