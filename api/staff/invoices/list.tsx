import type { Charge } from '../../../records/charges';
import type { Meeting } from '../../../records/meetings';
import type { Person } from '../../../records/people';
import { isCalendarDate } from '../../../rules/calendar-date';
import { inStockholm, stockholmDay } from '../../../rules/calendar/stockholm';
import { invoiceStandings, type InvoiceStanding } from '../../../rules/invoice';
import type { Instant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { cursor } from '../../../use-cases/fields';
import { whyApproval } from '../../../use-cases/read-models/invoice-tasks';
import { causes, invoiceViews } from '../../../use-cases/invoice/view';
import { SelectField } from '../../frame/fields';
import type { PageContent } from '../../frame/page-content';
import { ButtonLink, ButtonRow, FilterForm, Heading, Table, Tabs, Tag } from '../../frame/parts';
import { capital, dayAndTime, dayOf } from '../../frame/time';
import { wording } from '../../frame/wording';
import { amount } from '../../patient/frame/money';
import { oneOf, pathWith } from '../frame/filter';
import { DESK_PATH, deskInvoicePath } from '../frame/paths';
import { reasonWord } from '../frame/reasons';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { causeWord, standingWords, whyItCosts, type Cause, type Invoice } from './words';

/** Where the list of invoices is. */
export const INVOICES = `${DESK_PATH}/invoices`;
const PAGE = 50;

/** What the list shows, as its address asks for it. */
interface Asked {
  standing: InvoiceStanding;
  cause: Cause | null;
  /** The day on which they were proposed; null for all days. */
  day: string | null;
  after: string | null;
}

/** The invoices of all meetings, by where they stand: what was proposed first comes first. */
export async function invoicesPage(
  { records, clock }: DeskRouteDeps,
  request: DeskRequest,
): Promise<PageContent> {
  const { clinic, language, noteRead } = request;
  const { clinicId } = clinic;
  const today = inStockholm(clock.now()).toISODate();
  const asked = askedIn(request.query, today);
  const { standing, cause, day } = asked;
  const charges = await records.charges.list({
    clinicId,
    standing,
    cause,
    proposed: day === null ? null : stockholmDay(day),
    cursor: asked.after,
    limit: PAGE,
  });
  const patientIds = [...new Set(charges.items.map(({ patientId }) => patientId))];
  const [people, meetings] = await Promise.all([
    records.people.findAll(clinicId, patientIds),
    records.meetings.findAll(clinicId, [...new Set(charges.items.map(({ meetingId }) => meetingId))]),
    noteRead(patientIds),
  ]);
  const words = texts[language];
  const standings = standingWords(language);
  const to = (change: Partial<Asked>): string => addressOf({ ...asked, after: null, ...change });
  return {
    title: words.title,
    main: (
      <>
        <Heading above={words.title}>{standings[standing]}</Heading>
        <Tabs
          label={words.which}
          tabs={invoiceStandings.map((each) => ({
            // The day stays behind: what is to decide is asked for over all days.
            href: pathWith(INVOICES, { standing: each, cause }),
            label: standings[each],
            isCurrent: each === standing,
          }))}
        />
        <FilterForm path={INVOICES} kept={{ standing, day: dayAsked(asked) }} button={words.filter}>
          <SelectField
            id="cause"
            name="cause"
            label={words.cause}
            value={cause ?? ''}
            options={[
              { value: '', text: words.everyCause },
              ...causes.map((each) => ({ value: each, text: causeWord(each, language) })),
            ]}
            language={language}
          />
        </FilterForm>
        <Days day={day} today={today} to={to} language={language} />
        <InvoiceTable charges={charges.items} people={people} meetings={meetings} language={language} />
        {charges.next !== null && (
          <ButtonRow>
            <ButtonLink href={to({ after: charges.next })} kind="secondary">
              {words.next}
            </ButtonLink>
          </ButtonRow>
        )}
      </>
    ),
  };
}

/** What has come to rest grows for ever: a day of it is shown, unless all of them are asked for. */
const isAtRest = (standing: InvoiceStanding): boolean => standing === 'issued' || standing === 'over';

function askedIn({ standing: asked, cause, day, after }: DeskRequest['query'], today: string): Asked {
  const standing = oneOf(invoiceStandings, asked) ?? 'to-decide';
  const isDay = day !== undefined && isCalendarDate(day);
  return {
    standing,
    cause: oneOf(causes, cause),
    day: isDay ? day : isAtRest(standing) && day !== 'all' ? today : null,
    after: cursor.safeParse(after).data ?? null,
  };
}

/** The day as the address asks for it. */
const dayAsked = ({ standing, day }: Asked): string | null => day ?? (isAtRest(standing) ? 'all' : null);

const addressOf = (asked: Asked): string =>
  pathWith(INVOICES, {
    standing: asked.standing === 'to-decide' ? null : asked.standing,
    cause: asked.cause,
    day: dayAsked(asked),
    after: asked.after,
  });

/** By day: the day before and after where one is chosen, else today. */
function Days({
  day,
  today,
  to,
  language,
}: {
  day: string | null;
  today: string;
  to: (change: Partial<Asked>) => string;
  language: Language;
}) {
  const words = texts[language];
  const beside = (days: number): string =>
    inStockholm(stockholmDay(day ?? today).from)
      .plus({ days })
      .toISODate();
  const ways =
    day === null
      ? [
          { day: today, label: words.today },
          { day: beside(-1), label: words.yesterday },
        ]
      : [
          { day: beside(-1), label: words.before },
          { day: null, label: words.everyDay },
          { day: beside(1), label: words.after },
        ];
  return (
    <>
      {day !== null && (
        <h2>{`${words.proposedOn} ${dayOf(stockholmDay(day).from.toISOString(), language)}`}</h2>
      )}
      <ButtonRow>
        {ways.map((way) => (
          <ButtonLink key={way.label} href={to({ day: way.day })} kind="quiet">
            {way.label}
          </ButtonLink>
        ))}
      </ButtonRow>
    </>
  );
}

function InvoiceTable({
  charges,
  people,
  meetings,
  language,
}: {
  charges: Charge[];
  people: Map<string, Person>;
  meetings: Map<string, Meeting>;
  language: Language;
}) {
  const words = texts[language];
  if (charges.length === 0) return <p>{words.none}</p>;
  return (
    <Table
      caption={words.title}
      head={[words.meeting, words.patient, words.what, words.why]}
      rows={charges.map((charge) => {
        const invoice = invoiceViews([charge]).at(-1)!;
        return {
          key: invoice.invoiceId,
          cells: [
            <a href={deskInvoicePath(invoice.invoiceId)}>
              {capital(dayAndTime(startOf(meetings.get(charge.meetingId), invoice), language))}
            </a>,
            nameInList(people.get(charge.patientId), deskWords[language]),
            <WhatItIs invoice={invoice} language={language} />,
            whyOf(invoice, language).join('. '),
          ],
        };
      })}
    />
  );
}

/** What is charged, and how much. */
function WhatItIs({
  invoice: { kind, amountOre, state, objected, proposedAt },
  language,
}: {
  invoice: Invoice;
  language: Language;
}) {
  const words = deskWords[language];
  return (
    <>
      {words.fees[kind]}
      {kind !== 'none' && (
        <>
          {' '}
          <strong>{amountOre === null ? texts[language].noAmount : amount(amountOre, language)}</strong>
        </>
      )}{' '}
      <Tag tone={state === 'refused' ? 'danger' : 'quiet'}>
        {words.invoiceStates[state]}
        {state === 'proposed' && ` ${dayOf(proposedAt, language)}`}
      </Tag>
      {objected && (
        <>
          {' '}
          <Tag tone="warning">{texts[language].objected}</Tag>
        </>
      )}
    </>
  );
}

/** Why it is charged, and why somebody has to decide. */
function whyOf(invoice: Invoice, language: Language): string[] {
  const { kind, because, amountOre, payer, needsApproval, objected, state, letThroughAt } = invoice;
  const words = texts[language];
  const waits = state === 'proposed' && letThroughAt === null;
  // The kind itself stands in a column of its own.
  const [, ...special] = waits
    ? whyApproval({ decision: { kind, because, payer, needsApproval }, amountOre, objected }, invoice.steps)
    : [];
  return [
    ...whyItCosts(because, language),
    // A patient fee needs it for whose it is; who is 13 to 17 stands among the others.
    ...(waits && needsApproval && kind === 'visit-fee' && payer !== 'staff-decides'
      ? [words.forThePerson]
      : []),
    ...special.map((reason) => reasonWord(reason, language).replace(/\.$/, '')),
  ];
}

/** When the time began that an invoice is about: the meeting may have another one by now. */
export const startOf = (
  meeting: Pick<Meeting, 'times'> | undefined,
  { startVersion, proposedAt }: Pick<Invoice, 'startVersion' | 'proposedAt'>,
): Instant => meeting?.times.find((time) => time.startVersion === startVersion)?.startAt ?? proposedAt;

const texts = wording({
  sv: {
    title: 'Fakturor',
    which: 'Hur fakturorna står',
    cause: 'Vad mötet blev',
    everyCause: 'Allt',
    filter: 'Visa',
    today: 'Föreslagna i dag',
    yesterday: 'Föreslagna i går',
    before: 'Dagen före',
    after: 'Dagen efter',
    everyDay: 'Alla dagar',
    proposedOn: 'Föreslagna',
    none: 'Det finns inga fakturor här.',
    meeting: 'Möte',
    patient: 'Patient',
    what: 'Avgift',
    why: 'Varför',
    noAmount: 'belopp saknas',
    objected: 'Patienten invänder',
    forThePerson: 'Under 18 eller över 84 år, eller skyddade personuppgifter (R5.7)',
    next: 'Nästa sida',
  },
  en: {
    title: 'Invoices',
    which: 'How the invoices stand',
    cause: 'What the meeting came to',
    everyCause: 'Everything',
    filter: 'Show',
    today: 'Proposed today',
    yesterday: 'Proposed yesterday',
    before: 'The day before',
    after: 'The day after',
    everyDay: 'All days',
    proposedOn: 'Proposed on',
    none: 'There are no invoices here.',
    meeting: 'Meeting',
    patient: 'Patient',
    what: 'Fee',
    why: 'Why',
    noAmount: 'amount missing',
    objected: 'The patient objects',
    forThePerson: 'Under 18 or over 84, or protected personal data (R5.7)',
    next: 'Next page',
  },
});
