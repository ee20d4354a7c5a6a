import { refusedCommand } from '../../../use-cases/meeting/send';
import type { Answer } from '../../../records/commands';
import type { Language } from '../../../rules/notices';
import { reasonOf } from './command';
import type { ParticipantRequest, PatientAnswer } from './route';
import { wording } from './wording';
import { meetingPath } from './paths';

/**
 * What one sees after posting: the page that shows what came of it, or why it was not done. What was stored
 * and could not be carried out yet is told as what it is.
 */
export function afterCommand(language: Language, answer: Answer, goal: string): PatientAnswer {
  const reason = reasonOf(answer);
  if (reason === null) return { redirect: goal };
  const words = texts[language];
  const { title, text } = wordsOf(language, reason);
  return {
    status: answer.status,
    page: {
      title,
      main: (
        <>
          <h1>{title}</h1>
          <p role="status">{text}</p>
          <p>
            <a href={goal} role="button">
              {words.goOn}
            </a>
          </p>
        </>
      ),
    },
  };
}

/** What one sees in the moment when the meeting is moved, and what belongs to its new time is being noted. */
export const beingMoved = ({ language, participant }: ParticipantRequest, page: string): PatientAnswer =>
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
    goOn: 'Gå vidare',
    later: {
      title: 'Vi har tagit emot det',
      text: 'Det görs så snart det går, och räknas från nu. Du behöver inte göra om det.',
    },
    tooLate: {
      title: 'Det går inte längre',
      text: 'Mötet har börjat, är slut eller är avbokat. Ring mottagningen om du behöver ändra något.',
    },
    notOffered: {
      title: 'Tiden är inte ledig längre',
      text: 'Mötet är kvar på sin tid. Välj en annan tid, eller ring mottagningen.',
    },
    moved: {
      title: 'Mötet ändras just nu',
      text: 'Mötet får en ny tid i det här ögonblicket, och du har inte ändrat något. Vänta en liten stund, och se efter hur det står till.',
    },
    notDone: {
      title: 'Det blev inte gjort',
      text: 'Något kan ha ändrats under tiden. Se efter hur det står till, och gör om det om det behövs.',
    },
  },
  en: {
    goOn: 'Go on',
    later: {
      title: 'We have received it',
      text: 'It is done as soon as it can be, and counts from now. You need not do it again.',
    },
    tooLate: {
      title: 'That is no longer possible',
      text: 'The meeting has begun, is over or is cancelled. Call the clinic if you need to change something.',
    },
    notOffered: {
      title: 'That time is not free any more',
      text: 'The meeting stays at its time. Choose another time, or call the clinic.',
    },
    moved: {
      title: 'The meeting is being changed',
      text: 'The meeting is being given another time this moment, and you have changed nothing. Wait a little while, and look at how it stands.',
    },
    notDone: {
      title: 'It was not done',
      text: 'Something may have changed meanwhile. Look at how it stands, and do it again if you need to.',
    },
  },
});
