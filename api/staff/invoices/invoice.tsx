import { staffIdsOf, outcomeOf } from '../../../records/meetings';
import { ageAt } from '../../../rules/calendar/age';
import type { Language } from '../../../rules/notices';
import { Choices } from '../../frame/fields';
import type { PageAnswer } from '../../frame/page-content';
import {
  Button,
  ButtonLink,
  ButtonRow,
  Card,
  ErrorSummary,
  Facts,
  Heading,
  Table,
  Tag,
  TimeLine,
  type Fact,
} from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { capital, dayAndTime, dayOf } from '../../frame/time';
import { wording } from '../../frame/wording';
import { amount } from '../../patient/frame/money';
import { CameOf } from '../frame/came-of';
import { seesContentOf } from '../frame/content';
import { deskInvoicePath, deskMeetingPath, deskPersonPath } from '../frame/paths';
import { reasonWord } from '../frame/reasons';
import { refusalPage } from '../frame/refusals';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { INVOICES, startOf } from './list';
import { lastDone, nameOfActor, readInvoice, type InvoiceView } from './read';
import { causeWord, refusedWords, stepWord, whyItCosts } from './words';

/**
 * One invoice: what is charged and why, what it rests on, what has happened to it, and what can be done.
 * @param trouble what was wrong with the form that was posted
 */
export async function showInvoice(
  deps: Pick<DeskRouteDeps, 'records'>,
  request: DeskRequest,
  trouble: { lacksPayer: boolean } = { lacksPayer: false },
): Promise<PageAnswer> {
  const { language, query } = request;
  const view = await readInvoice(deps, request);
  if (!view) return { page: refusalPage(language, 'not-found', INVOICES), status: 404 };
  const words = texts[language];
  const { invoice } = view;
  const last = lastDone(view, language);
  const { lacksPayer } = trouble;
  const page = {
    title: words.title,
    main: (
      <>
        {lacksPayer && (
          <ErrorSummary title={words.notDone} problems={[{ field: 'payer', text: words.payerProblem }]} />
        )}
        <CameOf
          language={language}
          query={query}
          said={words.said}
          refused={{
            ...refusedWords(language),
            ...(invoice.amountOre === null ? { 'nothing-changes': words.stillNoAmount } : {}),
          }}
          more={
            last && (
              <p>
                {words.last} {last.text}, {dayAndTime(last.at, language)}.
              </p>
            )
          }
        />
        <Heading above={words.title}>
          {deskWords[language].fees[invoice.kind]}
          {invoice.kind !== 'none' && ` ${amountOf(view, language)}`}
        </Heading>
        <WhatIsCharged view={view} language={language} />
        <WhatCanBeDone view={view} request={request} lacksPayer={lacksPayer} />
        <Evidence view={view} request={request} />
        <History view={view} language={language} />
        <WaysOn view={view} language={language} />
      </>
    ),
  };
  return { page, ...(lacksPayer ? { status: 422 } : {}) };
}

/** What is charged, in words. */
export const amountOf = ({ invoice: { amountOre } }: InvoiceView, language: Language): string =>
  amountOre === null ? texts[language].noAmount : amount(amountOre, language);

function WhatIsCharged({ view, language }: { view: InvoiceView; language: Language }) {
  const words = texts[language];
  const { invoice, patient, meeting } = view;
  const { state, payer, letThroughAt, objected, needsApproval, kind } = invoice;
  const startAt = startOf(meeting, invoice);
  const facts: Fact[] = [
    {
      term: words.state,
      value: (
        <>
          <Tag tone={state === 'proposed' ? 'warning' : state === 'refused' ? 'danger' : 'quiet'}>
            {deskWords[language].invoiceStates[state]}
          </Tag>{' '}
          {objected && <Tag tone="warning">{words.objected}</Tag>}
        </>
      ),
      icon: 'info',
    },
    ...(state === 'proposed'
      ? [
          {
            term: words.goesOut,
            value:
              letThroughAt === null
                ? words.onlyApproved
                : `${words.byItself} ${dayAndTime(letThroughAt, language)} ${words.unless}`,
          },
        ]
      : []),
    {
      term: words.why,
      value: [
        ...whyItCosts(invoice.because, language),
        ...(needsApproval ? [kind === 'missed-visit-fee' ? words.missedNeeds : words.personNeeds] : []),
      ].join('. '),
    },
    ...(payer === null
      ? []
      : [{ term: words.payer, value: deskWords[language].payers[payer], icon: 'wallet' as const }]),
    {
      term: words.patient,
      value: (
        <a href={deskPersonPath(view.charge.patientId)}>
          {nameInList(patient ?? undefined, deskWords[language])}
          {patient && !patient.protectedIdentity && `, ${words.born} ${patient.personal.birthDate}`}
        </a>
      ),
      icon: 'person',
    },
    ...(patient
      ? [
          {
            term: words.age,
            value: words.years(ageAt(patient.personal.birthDate, new Date(startAt))),
          },
        ]
      : []),
  ];
  return (
    <Card isMain>
      <Facts facts={facts} />
    </Card>
  );
}

function WhatCanBeDone({
  view: { invoice, acts, all },
  request: { guard, language },
  lacksPayer,
}: {
  view: InvoiceView;
  request: DeskRequest;
  lacksPayer: boolean;
}) {
  const words = texts[language];
  const { invoiceId, payer, amountOre } = invoice;
  const last = all.at(-1)!;
  if (last.invoiceId !== invoiceId) {
    return (
      <p>
        {words.isReplaced} <a href={deskInvoicePath(last.invoiceId)}>{words.newer}</a>
      </p>
    );
  }
  const others = acts.filter((act) => act !== 'approve');
  const isAnewFirst = invoice.state === 'refused' || amountOre === null;
  return (
    <>
      <h2>{words.what}</h2>
      {acts.length === 0 && <p>{words.waits}</p>}
      {amountOre === null && invoice.state === 'proposed' && <p>{words.amountFirst}</p>}
      {acts.includes('approve') && (
        <PostForm action={deskInvoicePath(invoiceId, 'approve')} guard={guard} noValidate>
          {payer === 'staff-decides' && (
            <Choices
              id="payer"
              name="payer"
              label={words.whoPays}
              hint={words.askTheChild}
              choices={(['patient', 'guardian'] as const).map((each) => ({
                value: each,
                text: deskWords[language].payers[each],
              }))}
              problem={lacksPayer ? words.payerProblem : null}
              language={language}
            />
          )}
          <Button icon="check">{words.approve}</Button>
        </PostForm>
      )}
      {others.length > 0 && (
        <ButtonRow>
          {others.map((act) => (
            <ButtonLink
              key={act}
              href={deskInvoicePath(invoiceId, act)}
              kind={act === 'replace' && isAnewFirst ? 'primary' : 'secondary'}
            >
              {words.acts[act]}
            </ButtonLink>
          ))}
        </ButtonRow>
      )}
    </>
  );
}

/** What the meeting came to, and what the patient had been told: what the fee rests on. */
function Evidence({
  view: { invoice, meeting, staff },
  request,
}: {
  view: InvoiceView;
  request: DeskRequest;
}) {
  const { language } = request;
  const words = texts[language];
  const { meetingId, terms, times, bookedBy } = meeting;
  const time = times.find(({ startVersion }) => startVersion === invoice.startVersion);
  const isNow = meeting.course.time.startVersion === invoice.startVersion;
  const outcome = isNow ? outcomeOf(meeting) : null;
  const because = outcome?.because ?? [];
  // What the patient did is care content, other than what the meeting came to (docs/access.md).
  const isShown = seesContentOf(request, staffIdsOf(meeting));
  const yesOrNo = (value: boolean): string => (value ? words.yes : words.no);
  const facts: Fact[] = [
    {
      term: words.time,
      value: capital(dayAndTime(startOf(meeting, invoice), language)),
      icon: 'calendar',
    },
    {
      term: words.cameTo,
      value: [
        `${causeWord(invoice.cause, language)}.`,
        ...(isShown ? because.map((reason) => reasonWord(reason, language)) : []),
        ...(outcome?.decidedBy === 'correction' ? [words.corrected] : []),
      ].join(' '),
    },
    ...(because.length > 0 && !isShown
      ? [
          {
            term: words.evidence,
            value: <a href={deskInvoicePath(invoice.invoiceId, 'why')}>{words.whyIsContent}</a>,
            icon: 'lock' as const,
          },
        ]
      : []),
    ...(time ? [{ term: words.agreed, value: yesOrNo(time.agreed) }] : []),
    { term: words.toldOfFee, value: yesOrNo(terms.toldOfFee) },
    { term: words.bookedBy, value: nameOfActor(bookedBy, staff, language) ?? bookedBy },
  ];
  return (
    <>
      <h2>{words.restsOn}</h2>
      <Card>
        <Facts facts={facts} />
        <p>
          <a href={deskMeetingPath(meetingId)}>{words.toMeeting}</a>
        </p>
      </Card>
    </>
  );
}

function History({ view: { invoice, staff, all }, language }: { view: InvoiceView; language: Language }) {
  const words = texts[language];
  const others = all.filter((each) => each !== invoice);
  return (
    <>
      <h2>{words.history}</h2>
      <TimeLine
        moments={invoice.steps.map((step) => {
          const by = nameOfActor(step.by, staff, language);
          return {
            at: capital(dayAndTime(step.at, language)),
            text: `${stepWord(step, language)}${by === null ? '' : `, ${by}`}`,
            state: 'past',
          };
        })}
      />
      {others.length > 0 && (
        <Table
          caption={words.others}
          head={[words.proposed, words.fee, words.state]}
          rows={others.map((each) => ({
            key: each.invoiceId,
            cells: [
              <a href={deskInvoicePath(each.invoiceId)}>{capital(dayOf(each.proposedAt, language))}</a>,
              `${deskWords[language].fees[each.kind]} ${each.amountOre === null ? '' : amount(each.amountOre, language)}`,
              deskWords[language].invoiceStates[each.state],
            ],
          }))}
        />
      )}
    </>
  );
}

function WaysOn({ view: { meeting }, language }: { view: InvoiceView; language: Language }) {
  const words = texts[language];
  return (
    <ButtonRow>
      <ButtonLink href={deskMeetingPath(meeting.meetingId)} kind="quiet">
        {words.toMeeting}
      </ButtonLink>
      <ButtonLink href={INVOICES} kind="quiet">
        {words.toInvoices}
      </ButtonLink>
    </ButtonRow>
  );
}

const texts = wording({
  sv: {
    title: 'Faktura',
    notDone: 'Fakturan är inte godkänd',
    noAmount: 'Belopp saknas',
    last: 'Senast:',
    said: {
      approve: 'Fakturan är godkänd och har gått till faktureringen.',
      waive: 'Inget tas ut.',
      credit: 'Faktureringen är ombedd att kreditera fakturan.',
      replace: 'Det är räknat om.',
      objection: 'Invändningen är noterad. Fakturan går ut bara om någon av er godkänner den.',
    },
    state: 'Läge',
    objected: 'Patienten invänder',
    goesOut: 'Går ut',
    onlyApproved: 'Bara om någon av er godkänner den',
    byItself: 'Av sig själv',
    unless: 'om ni inte stoppar den',
    why: 'Varför',
    missedNeeds: 'Avgift för uteblivet besök ska alltid godkännas (R5.7)',
    personNeeds:
      'Ska godkännas: patienten är under 18 eller över 84 år, eller har skyddade personuppgifter (R5.7)',
    payer: 'Vem som betalar',
    patient: 'Patient',
    born: 'född',
    age: 'Ålder den dagen',
    years: (years: number) => `${years} år`,
    isReplaced: 'En annan faktura har tagit den här fakturans plats.',
    newer: 'Visa den som gäller',
    what: 'Vad vill du göra?',
    waits: 'Faktureringen har fått den. Inget går att göra förrän den har svarat.',
    whoPays: 'Vem ska betala?',
    askTheChild:
      'Patienten är 13–17 år. Fråga barnet först: en faktura till vårdnadshavaren berättar om besöket (R5.10).',
    payerProblem: 'Välj vem som ska betala.',
    amountFirst:
      'Avgiftstabellen har inget belopp för dagen. Be verksamhetschefen rätta tabellen, och räkna sedan om (R5.9).',
    stillNoAmount: 'Avgiftstabellen har fortfarande inget belopp för dagen.',
    approve: 'Godkänn fakturan',
    acts: {
      waive: 'Ta inte betalt',
      credit: 'Kreditera',
      replace: 'Räkna om',
      objection: 'Patienten invänder',
    },
    restsOn: 'Det här bygger avgiften på',
    time: 'Mötet',
    cameTo: 'Vad det blev',
    corrected: 'Rättat av personal.',
    evidence: 'Underlag',
    whyIsContent: 'Visa underlaget (för den som utför vården, eller med ett skäl)',
    agreed: 'Tiden var överenskommen',
    toldOfFee: 'Patienten hade fått veta om avgiften',
    bookedBy: 'Bokat av',
    yes: 'Ja',
    no: 'Nej',
    history: 'Vad som har hänt',
    others: 'Andra fakturor för samma möte',
    proposed: 'Föreslagen',
    fee: 'Avgift',
    toMeeting: 'Till mötet',
    toInvoices: 'Till alla fakturor',
  },
  en: {
    title: 'Invoice',
    notDone: 'The invoice has not been approved',
    noAmount: 'Amount missing',
    last: 'Last:',
    said: {
      approve: 'The invoice is approved, and has gone to billing.',
      waive: 'Nothing is charged.',
      credit: 'Billing has been asked to credit the invoice.',
      replace: 'It has been made anew.',
      objection: 'The objection is noted. The invoice goes out only when one of you approves it.',
    },
    state: 'State',
    objected: 'The patient objects',
    goesOut: 'Goes out',
    onlyApproved: 'Only when one of you approves it',
    byItself: 'By itself',
    unless: 'unless you stop it',
    why: 'Why',
    missedNeeds: 'A fee for a missed visit is always approved (R5.7)',
    personNeeds: 'To be approved: the patient is under 18 or over 84, or has protected personal data (R5.7)',
    payer: 'Who pays',
    patient: 'Patient',
    born: 'born',
    age: 'Age on the day',
    years: (years) => `${years} years`,
    isReplaced: 'Another invoice has taken the place of this one.',
    newer: 'Show the one that holds',
    what: 'What do you want to do?',
    waits: 'Billing has it. Nothing can be done before it has answered.',
    whoPays: 'Who is to pay?',
    askTheChild:
      'The patient is 13 to 17. Ask the child first: an invoice to the guardian tells of the visit (R5.10).',
    payerProblem: 'Choose who is to pay.',
    amountFirst:
      'The fee table has no amount for the day. Ask the operations manager to mend it, then make it anew (R5.9).',
    stillNoAmount: 'The fee table still has no amount for the day.',
    approve: 'Approve the invoice',
    acts: {
      waive: 'Do not charge',
      credit: 'Credit',
      replace: 'Make it anew',
      objection: 'The patient objects',
    },
    restsOn: 'What the fee rests on',
    time: 'The meeting',
    cameTo: 'What it came to',
    corrected: 'Corrected by staff.',
    evidence: 'Evidence',
    whyIsContent: 'Show the evidence (for those who perform the care, or with a reason)',
    agreed: 'The time was agreed',
    toldOfFee: 'The patient was told of the fee',
    bookedBy: 'Booked by',
    yes: 'Yes',
    no: 'No',
    history: 'What has happened',
    others: 'Other invoices of the same meeting',
    proposed: 'Proposed',
    fee: 'Fee',
    toMeeting: 'To the meeting',
    toInvoices: 'To all invoices',
  },
});
