import { ButtonLink, ButtonRow, Heading } from '../../frame/parts';
import type { ParticipantRequest } from '../frame/route';
import { meetingPath } from '../frame/paths';
import { BackToMeeting } from '../frame/ways-on';
import type { PageAnswer } from '../../frame/page-content';
import { wording } from '../../frame/wording';

/** *Preparation*: what one needs and where to sit (S0). */
export function showPreparation({ language, participant }: ParticipantRequest): Promise<PageAnswer> {
  const words = texts[language];
  return Promise.resolve({
    page: {
      title: words.title,
      main: (
        <>
          <Heading>{words.title}</Heading>
          <ul>
            {words.needed.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
          <ButtonRow>
            <ButtonLink href={meetingPath(participant.participantId, 'device')}>{words.device}</ButtonLink>
          </ButtonRow>
          <h2>{words.othersTitle}</h2>
          <p>{words.others}</p>
          <h2>{words.recordedTitle}</h2>
          <p>{words.recorded}</p>
          <BackToMeeting language={language} participantId={participant.participantId} />
        </>
      ),
    },
  });
}

const texts = wording({
  sv: {
    title: 'Tips inför mötet',
    needed: [
      'En telefon, surfplatta eller dator med kamera och mikrofon, och bra uppkoppling.',
      'En lugn och avskild plats där ingen stör dig och ingen annan hör.',
      'Hörlurar: de ger bättre ljud, och ingen annan hör vad som sägs.',
      'Din e-legitimation. Logga in i god tid, så att mötet kan börja som planerat.',
      'Ha en legitimation till hands, om vårdpersonalen vill se att det är du.',
      'Sätt i laddaren och stäng andra program som använder kameran.',
    ],
    device: 'Testa kamera, mikrofon och ljud',
    othersTitle: 'Är du med som anhörig?',
    others: 'Den som är med som anhörig loggar in med sin egen e-legitimation.',
    recordedTitle: 'Spelas mötet in?',
    recorded: 'Nej. Varken bild eller ljud spelas in.',
  },
  en: {
    title: 'Tips for the meeting',
    needed: [
      'A phone, a tablet or a computer with a camera and a microphone, and a good connection.',
      'A quiet and private place where nobody disturbs you and nobody else hears.',
      'Headphones: they give better sound, and nobody else hears what is said.',
      'Your e-identification. Log in in good time, so that the meeting can begin as planned.',
      'Have an identity card at hand, in case the staff want to see that it is you.',
      'Plug in the charger and close other programs that use the camera.',
    ],
    device: 'Test camera, microphone and sound',
    othersTitle: 'Do you take part as a relative?',
    others: 'Whoever takes part as a relative logs in with their own e-identification.',
    recordedTitle: 'Is the meeting recorded?',
    recorded: 'No. Neither picture nor sound is recorded.',
  },
});
