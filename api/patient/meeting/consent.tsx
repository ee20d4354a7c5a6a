import { z } from 'zod';
import { gatesOf } from '../../../use-cases/meeting/gates';
import { giveCommand } from '../frame/command';
import type { PageContent, ParticipantRequest, PatientAnswer, PatientRouteDeps } from '../frame/route';
import { wording } from '../frame/wording';
import { PostForm } from '../frame/layout';
import { meetingPath } from '../frame/paths';
import { afterCommand } from '../frame/outcome-of-command';
import { BackToMeeting } from '../frame/ways-on';

/**
 * *Consent*: whether the clinic may see care history and medicines, in plain words, with what a no means
 * (R3.2).
 */
export const showConsent =
  ({ records, clock }: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const { meeting, patient } = request;
    const { consentGiven } = await gatesOf(records.forms, meeting, patient, clock.now());
    const answer = consentGiven ? 'yes' : patient.careHistoryConsent?.given === false ? 'no' : 'none';
    return { page: consentPage(request, answer) };
  };

export const consentBody = z.object({ given: z.enum(['yes', 'no']) });

/** Records the answer, also another one than before: a yes is withdrawn like this. */
export const giveConsent =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const { language, participant, patient } = request;
    const answer = await giveCommand(deps, request, {
      operation: 'person.record-care-history-consent',
      params: { personId: patient.personId },
      body: {
        given: (request.body as z.infer<typeof consentBody>).given === 'yes',
        givenBy: participant.role === 'guardian' ? 'guardian' : 'person',
      },
    });
    return afterCommand(language, answer, meetingPath(participant.participantId, 'consent'));
  };

function consentPage(
  { language, clinic, participant, guard, patient }: ParticipantRequest,
  answer: 'yes' | 'no' | 'none',
): PageContent {
  const words = texts[language];
  const { name } = clinic.settings;
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        {answer !== 'none' && <p role="status">{answer === 'yes' ? words.saidYes : words.saidNo}</p>}
        {participant.role === 'guardian' && (
          <p>
            {words.forChild} {patient.personal.name}.
          </p>
        )}
        <p>
          {words.question} <strong>{name}</strong>
          {words.questionEnd}
        </p>
        <h2>{words.yesTitle}</h2>
        <p>{words.yes}</p>
        <h2>{words.noTitle}</h2>
        <p>{words.no}</p>
        <PostForm guard={guard} class="answers">
          {answer !== 'yes' && (
            <button type="submit" name="given" value="yes">
              {words.sayYes}
            </button>
          )}
          {answer !== 'no' && (
            <button type="submit" name="given" value="no" class="secondary">
              {answer === 'yes' ? words.withdraw : words.sayNo}
            </button>
          )}
        </PostForm>
        <BackToMeeting language={language} participantId={participant.participantId} />
      </>
    ),
  };
}

const texts = wording({
  sv: {
    title: 'Får mottagningen se din sjukvårdshistorik?',
    saidYes: 'Du har sagt ja. Du kan när som helst ta tillbaka det.',
    saidNo: 'Du har sagt nej. Mottagningen hör av sig om annan vård. Du kan ändra dig.',
    forChild: 'Frågan gäller',
    question: 'Inför det första digitala mötet behöver du svara på om',
    questionEnd: ' får se tidigare vård och de läkemedel som har skrivits ut.',
    yesTitle: 'Om du svarar ja',
    yes: 'De som vårdar dig på mottagningen kan läsa det de behöver för att ge dig rätt vård. Svaret gäller också senare möten där, tills du tar tillbaka det.',
    noTitle: 'Om du svarar nej',
    no: 'Då kan det här digitala mötet inte hållas. Mottagningen får veta att du har svarat nej och erbjuder dig annan vård. Ett nej kostar aldrig något.',
    sayYes: 'Ja, mottagningen får se',
    sayNo: 'Nej, mottagningen får inte se',
    withdraw: 'Ta tillbaka mitt ja',
  },
  en: {
    title: 'May the clinic see your care history?',
    saidYes: 'You have said yes. You can withdraw it at any time.',
    saidNo: 'You have said no. The clinic will contact you about other care. You can change your mind.',
    forChild: 'The question is about',
    question: 'Before the first digital meeting you need to answer whether',
    questionEnd: ' may see earlier care and the medicines that have been prescribed.',
    yesTitle: 'If you answer yes',
    yes: 'Those who care for you at the clinic can read what they need to give you the right care. The answer also holds for later meetings there, until you withdraw it.',
    noTitle: 'If you answer no',
    no: 'Then this digital meeting cannot be held. The clinic is told that you have said no and offers you other care. A no never costs anything.',
    sayYes: 'Yes, the clinic may see it',
    sayNo: 'No, the clinic may not see it',
    withdraw: 'Withdraw my yes',
  },
});
