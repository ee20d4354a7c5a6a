import { z } from 'zod';
import { Banner, Button, ButtonLink, ButtonRow, Card, Facts, Heading } from '../../frame/parts';
import { invoiceViews } from '../../../use-cases/invoice/view';
import { costsOf, type Cost } from '../../../use-cases/invoice/costs';
import { outcomeOf } from '../../../records/meetings';
import { toInstant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { giveCommand } from '../frame/command';
import { feeBasisIn, type ParticipantRequest, type PatientRouteDeps } from '../frame/route';
import { amount } from '../frame/money';
import { meetingPath } from '../frame/paths';
import { afterCommand, beingMoved } from '../frame/outcome-of-command';
import { dayOf } from '../../frame/time';
import { ContactClinic } from './contact';
import { whyItCosts } from './why';
import { whoseOf } from './whose';
import { BackToMeeting } from '../frame/ways-on';
import type { PageContent, PageAnswer } from '../../frame/page-content';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';

type Invoice = ReturnType<typeof invoiceViews>[number];

/**
 * *Afterwards*: what is proposed to be billed and why, and objecting (R5.7); before the meeting, what it will
 * cost.
 */
export const showAfterwards =
  ({ records, clock }: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const { meeting } = request;
    const invoices = invoiceViews(await records.charges.ofMeeting(meeting.meetingId));
    if (meeting.course.state === 'ended')
      return { page: afterwardsPage(request, invoices, { costs: null, hasBeenIn: false }) };
    const now = clock.now();
    const costs = await costsOf(records, meeting, toInstant(now), now, feeBasisIn(request));
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
  async (request: ParticipantRequest): Promise<PageAnswer> => {
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
  request: ParticipantRequest,
  invoices: Invoice[],
  { costs, hasBeenIn }: { costs: Cost[] | null; hasBeenIn: boolean },
): PageContent {
  const { language, meeting, participant, guard } = request;
  const words = texts[language];
  const whose = whoseOf(request);
  const shown = invoices.filter(({ state }) => state !== 'withdrawn');
  const outcome = outcomeOf(meeting)?.outcome ?? null;
  const title = costs ? words.titleBefore : words.title;
  const isClinicsFault = outcome === 'clinic-absent';
  return {
    title,
    main: (
      <>
        <Heading>{title}</Heading>
        {hasBeenIn && (
          <>
            <Banner title={words.left}>{words.leftMore}</Banner>
            <ButtonRow>
              <ButtonLink href={meetingPath(participant.participantId, 'room')} icon="video">
                {words.goInAgain}
              </ButtonLink>
            </ButtonRow>
          </>
        )}
        {outcome && (
          <Banner kind={isClinicsFault ? 'warning' : 'info'} title={words.outcomes[whose][outcome]}>
            {isClinicsFault ? words.clinicAbsent : shown.length === 0 && words.nothingYet}
          </Banner>
        )}
        {outcome === 'could-not-start' && <ContactClinic request={request} lead={words.newTime} />}
        {costs && <Foreseen language={language} costs={costs} />}
        {shown.map((invoice) => (
          <Card key={invoice.invoiceId} isMain>
            <h2>{words.kinds[invoice.kind]}</h2>
            {invoice.kind !== 'none' && invoice.amountOre !== null && (
              <p class="amount">{amount(invoice.amountOre, language)}</p>
            )}
            <p>{whyItCosts(language, invoice.because, whose).join(' ')}</p>
            <p>{stateOf(language, invoice)}</p>
            {mayObject(invoice) && (
              <PostForm guard={guard} action={meetingPath(participant.participantId, 'afterwards/object')}>
                <input type="hidden" name="invoiceId" value={invoice.invoiceId} />
                <p>{words.objectMeans}</p>
                <Button kind="secondary">{words.object}</Button>
              </PostForm>
            )}
          </Card>
        ))}
        <BackToMeeting language={language} participantId={participant.participantId} />
      </>
    ),
  };
}

/** What it will cost to come, and not to. */
function Foreseen({ language, costs }: { language: Language; costs: Cost[] }) {
  const words = texts[language];
  const costIf = (alternative: Cost['if']): string => {
    const cost = costs.find((each) => each.if === alternative)!;
    if (cost.kind === 'none') return words.foreseen.nothing;
    return cost.amountOre === null ? words.foreseen.unknown : amount(cost.amountOre, language);
  };
  return (
    <Card isMain>
      <Facts
        facts={[
          { term: words.foreseen.attended, value: costIf('attended'), icon: 'check' },
          { term: words.foreseen.missed, value: costIf('missed'), icon: 'error' },
        ]}
      />
    </Card>
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

const outcomes = wording({
  sv: {
    completed: 'Mötet hölls.',
    'no-show': 'Enligt våra uppgifter kom du inte till mötet.',
    'cancelled-in-time': 'Mötet avbokades i tid.',
    'cancelled-late': 'Mötet avbokades sent.',
    'cancelled-by-clinic': 'Mottagningen avbokade mötet.',
    'back-up-routine': 'Mötet hölls på ett annat sätt.',
    'clinic-absent': 'Mottagningen kom inte till mötet.',
    'could-not-start': 'Mötet kunde inte börja.',
    unclear: 'Mottagningen ser över vad som hände.',
  },
  en: {
    completed: 'The meeting was held.',
    'no-show': 'According to our records you did not come to the meeting.',
    'cancelled-in-time': 'The meeting was cancelled in time.',
    'cancelled-late': 'The meeting was cancelled late.',
    'cancelled-by-clinic': 'The clinic cancelled the meeting.',
    'back-up-routine': 'The meeting was held in another way.',
    'clinic-absent': 'The clinic did not come to the meeting.',
    'could-not-start': 'The meeting could not begin.',
    unclear: 'The clinic is looking into what happened.',
  },
});

const noShowOfChild = wording({
  sv: 'Enligt våra uppgifter kom ni inte till mötet.',
  en: 'According to our records you and your child did not come to the meeting.',
});

/** What a meeting came to, in the words of the one who reads it. */
const outcomesFor = (language: Language) => ({
  own: outcomes[language],
  others: outcomes[language],
  childs: { ...outcomes[language], 'no-show': noShowOfChild[language] },
});

const texts = wording({
  sv: {
    title: 'Efter mötet',
    titleBefore: 'Vad mötet kostar',
    outcomes: outcomesFor('sv'),
    clinicAbsent: 'Det var inte ditt fel, och det kostar inget. Mottagningen ska höra av sig om en ny tid.',
    newTime: 'Vill du ha en ny tid?',
    left: 'Du har lämnat mötet',
    leftMore: 'Är ni inte klara kan du gå in igen. När mötet är slut står det här vad det kostar.',
    goInAgain: 'Gå in igen',
    nothingYet: 'Det finns inget att betala just nu.',
    kinds: {
      'visit-fee': 'Patientavgift',
      'missed-visit-fee': 'Uteblivet besök eller sent återbud',
      none: 'Ingen avgift',
    },
    foreseen: {
      attended: 'Om mötet hålls',
      missed: 'Om mötet missas eller avbokas för sent',
      nothing: 'Inget',
      unknown: 'Fråga mottagningen',
    },
    states: {
      waits: 'Mottagningen tar ställning innan något skickas.',
      goesOut: 'Fakturan skickas efter',
      objected: 'Du har sagt att det inte stämmer. Mottagningen tar ställning.',
      issued: 'Fakturan är på väg. Den kommer som brev, eller digitalt om du har valt det.',
      credited: 'Fakturan är borttagen eller tas bort.',
      waived: 'Mottagningen har beslutat att inte ta betalt.',
      nothing: 'Inget tas ut.',
    },
    objectMeans: 'Stämmer det inte? Säg till, så tar mottagningen ställning innan du behöver betala.',
    object: 'Det stämmer inte',
  },
  en: {
    title: 'After the meeting',
    titleBefore: 'What the meeting costs',
    outcomes: outcomesFor('en'),
    clinicAbsent:
      'It was not your fault, and it costs nothing. The clinic is to get in touch about a new time.',
    newTime: 'Would you like another time?',
    left: 'You have left the meeting',
    leftMore:
      'If you are not done you can go in again. When the meeting is over, this page says what it costs.',
    goInAgain: 'Go in again',
    nothingYet: 'There is nothing to pay just now.',
    kinds: {
      'visit-fee': 'Patient fee',
      'missed-visit-fee': 'Missed visit or late cancellation',
      none: 'No fee',
    },
    foreseen: {
      attended: 'If the meeting is held',
      missed: 'If it is missed, or cancelled too late',
      nothing: 'Nothing',
      unknown: 'Ask the clinic',
    },
    states: {
      waits: 'The clinic decides before anything is sent.',
      goesOut: 'The invoice goes out after',
      objected: 'You have said that it is not right. The clinic decides.',
      issued:
        'Billing has been informed. The invoice comes as a letter, or digitally if you have chosen that.',
      credited: 'The invoice is removed, or is being removed.',
      waived: 'The clinic has decided not to charge.',
      nothing: 'Nothing is charged.',
    },
    objectMeans: 'Is it not right? Say so, and the clinic decides before you need to pay.',
    object: 'It is not right',
  },
});
