import { z } from 'zod';
import { invoiceViews } from '../../../use-cases/invoice/view';
import { costsOf, type Cost } from '../../../use-cases/invoice/costs';
import { outcomeOf } from '../../../records/meetings';
import { toInstant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { giveCommand } from '../frame/command';
import type { PageContent, ParticipantRequest, PatientAnswer, PatientRouteDeps } from '../frame/route';
import { wording } from '../frame/wording';
import { PostForm } from '../frame/layout';
import { amount } from '../frame/money';
import { meetingPath } from '../frame/paths';
import { afterCommand, beingMoved } from '../frame/outcome-of-command';
import { dayOf } from '../frame/time';
import { whyItCosts } from './why';
import { BackToMeeting } from '../frame/ways-on';

type Invoice = ReturnType<typeof invoiceViews>[number];

/**
 * *Afterwards*: what is proposed to be billed and why, and objecting (R5.7); before the meeting, what it will
 * cost.
 */
export const showAfterwards =
  ({ records, clock }: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const { meeting } = request;
    const invoices = invoiceViews(await records.charges.ofMeeting(meeting.meetingId));
    if (meeting.course.state === 'ended')
      return { page: afterwardsPage(request, invoices, { costs: null, hasBeenIn: false }) };
    const now = clock.now();
    const costs = await costsOf(records, meeting, toInstant(now), now);
    return costs
      ? {
          page: afterwardsPage(request, invoices, {
            costs: costs.items,
            hasBeenIn: await hasBeenIn(records, request),
          }),
        }
      : beingMoved(request, 'afterwards');
  };

/** Who leaves the room comes here, also where the meeting goes on. */
async function hasBeenIn(
  { evidence }: PatientRouteDeps['records'],
  { meeting, participant: { participantId } }: ParticipantRequest,
): Promise<boolean> {
  const stays = await evidence.stays(meeting.meetingId, meeting.course.time.startVersion);
  return stays.some((stay) => stay.participantId === participantId);
}

export const objectBody = z.object({ invoiceId: z.string().regex(/^[A-Za-z0-9_-]{22}$/) });

/** Objects to an invoice of this meeting: it goes out only when staff approve it (R5.7). */
export const objectByPatient =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const { language, meeting, participant } = request;
    const { invoiceId } = request.body as z.infer<typeof objectBody>;
    const goal = meetingPath(participant.participantId, 'afterwards');
    const own = invoiceViews(await deps.records.charges.ofMeeting(meeting.meetingId));
    // Another meeting's is none of this page's, whoever's it is.
    if (!own.some((invoice) => invoice.invoiceId === invoiceId)) return { redirect: goal };
    const answer = await giveCommand(deps, request, {
      operation: 'invoice.object',
      params: { invoiceId },
      body: undefined,
    });
    return afterCommand(language, answer, goal);
  };

function afterwardsPage(
  { language, meeting, participant, guard }: ParticipantRequest,
  invoices: Invoice[],
  { costs, hasBeenIn }: { costs: Cost[] | null; hasBeenIn: boolean },
): PageContent {
  const words = texts[language];
  const shown = invoices.filter(({ state }) => state !== 'withdrawn');
  const outcome = outcomeOf(meeting)?.outcome ?? null;
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        {hasBeenIn && (
          <>
            <p>{words.left}</p>
            <p>
              <a href={meetingPath(participant.participantId, 'room')} role="button">
                {words.goInAgain}
              </a>
            </p>
          </>
        )}
        {costs && <Foreseen language={language} costs={costs} />}
        {outcome && <p>{words.outcomes[outcome]}</p>}
        {outcome && shown.length === 0 && <p>{words.nothingYet}</p>}
        {shown.map((invoice) => (
          <section key={invoice.invoiceId}>
            <h2>{words.kinds[invoice.kind]}</h2>
            <p>
              {invoice.kind !== 'none' && invoice.amountOre !== null && (
                <strong>{amount(invoice.amountOre, language)}. </strong>
              )}
              {whyItCosts(language, invoice.because).join(' ')}
            </p>
            <p>{stateOf(language, invoice)}</p>
            {mayObject(invoice) && (
              <PostForm guard={guard} action={meetingPath(participant.participantId, 'afterwards/object')}>
                <input type="hidden" name="invoiceId" value={invoice.invoiceId} />
                <p>{words.objectMeans}</p>
                <button type="submit" class="secondary">
                  {words.object}
                </button>
              </PostForm>
            )}
          </section>
        ))}
        <BackToMeeting language={language} participantId={participant.participantId} />
      </>
    ),
  };
}

/** What it will cost to come, and not to. */
function Foreseen({ language, costs }: { language: Language; costs: Cost[] }) {
  const words = texts[language];
  return (
    <ul>
      {(['attended', 'missed'] as const).map((alternative) => {
        const cost = costs.find((each) => each.if === alternative)!;
        return (
          <li key={alternative}>
            {words.foreseen[alternative]}{' '}
            <strong>
              {cost.kind === 'none' || cost.amountOre === null
                ? words.foreseen[cost.kind === 'none' ? 'nothing' : 'unknown']
                : amount(cost.amountOre, language)}
            </strong>
          </li>
        );
      })}
    </ul>
  );
}

const mayObject = ({ kind, state, objected }: Invoice): boolean =>
  kind !== 'none' && !objected && (state === 'proposed' || state === 'handed-over' || state === 'issued');

function stateOf(language: Language, { state, objected, letThroughAt }: Invoice): string {
  const words = texts[language].states;
  switch (state) {
    case 'proposed':
      if (objected) return words.objected;
      return letThroughAt === null ? words.waits : `${words.goesOut} ${dayOf(letThroughAt, language)}.`;
    case 'handed-over':
    case 'issued':
      return objected ? `${words.issued} ${words.objected}` : words.issued;
    case 'crediting':
    case 'credited':
      return words.credited;
    case 'waived':
      return words.waived;
    case 'refused':
    case 'withdrawn':
    case 'nothing-to-charge':
      return words.nothing;
  }
}

const texts = wording({
  sv: {
    title: 'Efter mötet och kostnad',
    outcomes: {
      completed: 'Mötet hölls.',
      'no-show': 'Enligt det vi vet kom du inte till mötet.',
      'cancelled-in-time': 'Mötet avbokades i tid.',
      'cancelled-late': 'Mötet avbokades sent.',
      'cancelled-by-clinic': 'Mottagningen avbokade mötet.',
      'back-up-routine': 'Mötet togs på annat sätt.',
      'clinic-absent':
        'Mottagningen kom inte till mötet. Det var inte ditt fel, och det kostar dig inget. Mottagningen ska höra av sig om en ny tid.',
      'could-not-start': 'Mötet kunde inte börja. Ring mottagningen för en ny tid.',
      unclear: 'Mottagningen ser över vad som hände.',
    },
    left: 'Du har varit inne i mötet. Är ni inte klara kan du gå in igen. När mötet är slut står det här vad det kostar.',
    goInAgain: 'Gå in igen',
    nothingYet: 'Det finns inget att betala just nu.',
    kinds: {
      'visit-fee': 'Patientavgift',
      'missed-visit-fee': 'Avgift för missat möte',
      none: 'Ingen avgift',
    },
    foreseen: {
      attended: 'Kommer du till mötet:',
      missed: 'Kommer du inte, och har du inte avbokat i tid:',
      nothing: 'inget',
      unknown: 'fråga mottagningen',
    },
    states: {
      waits: 'Mottagningen tar ställning innan något skickas.',
      goesOut: 'Fakturan går iväg efter',
      objected: 'Du har sagt att det inte stämmer. Mottagningen tar ställning.',
      issued: 'Mottagningens ekonomi har fått underlaget. Fakturan kommer med posten.',
      credited: 'Fakturan är borttagen eller tas bort.',
      waived: 'Mottagningen har beslutat att inte ta betalt.',
      nothing: 'Inget tas ut.',
    },
    objectMeans: 'Stämmer det inte? Säg till, så tar mottagningen ställning innan du behöver betala.',
    object: 'Det stämmer inte',
  },
  en: {
    title: 'After the meeting, and what it costs',
    outcomes: {
      completed: 'The meeting was held.',
      'no-show': 'By what we know you did not come to the meeting.',
      'cancelled-in-time': 'The meeting was cancelled in time.',
      'cancelled-late': 'The meeting was cancelled late.',
      'cancelled-by-clinic': 'The clinic cancelled the meeting.',
      'back-up-routine': 'The meeting was held in another way.',
      'clinic-absent':
        'The clinic did not come to the meeting. It was not your fault, and it costs you nothing. The clinic is to get in touch about a new time.',
      'could-not-start': 'The meeting could not begin. Call the clinic for another time.',
      unclear: 'The clinic is looking into what happened.',
    },
    left: 'You have been in the meeting. If you are not done you can go in again. When the meeting is over, this page says what it costs.',
    goInAgain: 'Go in again',
    nothingYet: 'There is nothing to pay just now.',
    kinds: { 'visit-fee': 'Patient fee', 'missed-visit-fee': 'Missed-visit fee', none: 'No fee' },
    foreseen: {
      attended: 'If you come to the meeting:',
      missed: 'If you do not come, and have not cancelled in time:',
      nothing: 'nothing',
      unknown: 'ask the clinic',
    },
    states: {
      waits: 'The clinic decides before anything is sent.',
      goesOut: 'The invoice goes out after',
      objected: 'You have said that it is not right. The clinic decides.',
      issued: 'The clinic’s billing has the basis. The invoice comes by post.',
      credited: 'The invoice is removed, or is being removed.',
      waived: 'The clinic has decided not to charge.',
      nothing: 'Nothing is charged.',
    },
    objectMeans: 'Is it not right? Say so, and the clinic decides before you need to pay.',
    object: 'It is not right',
  },
});
