import { z } from 'zod';
import { waiveReasons } from '../../../rules/invoice';
import { approveInvoiceBody, waiveInvoiceBody } from '../../../use-cases/invoice/bodies';
import { Choices } from '../../frame/fields';
import type { PageAnswer } from '../../frame/page-content';
import { Button, ButtonLink, ButtonRow, Card, ErrorSummary, Facts, Heading } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { capital, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { deskInvoicePath } from '../frame/paths';
import { refusalPage } from '../frame/refusals';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { amountOf, showInvoice } from './invoice';
import { INVOICES, startOf } from './list';
import { readInvoice, type Act, type InvoiceView } from './read';
import { waiveWords } from './words';
import { reasonOf } from '../../page-command';

/** Who pays, where staff decide it; absent where nothing was chosen, or need not be. */
export const approvalBody = z.object({ payer: z.string().max(20).optional() });
/** Why; absent where nothing was chosen. */
export const reasonBody = z.object({ reason: z.string().max(40).optional() });

/** An act that is confirmed on a page of its own. */
export type ConfirmedAct = Exclude<Act, 'approve'>;
/** Those that need a reason (R5.7). */
type ReasonedAct = Extract<ConfirmedAct, 'waive' | 'credit'>;
const needsReason = (act: ConfirmedAct): act is ReasonedAct => act === 'waive' || act === 'credit';

const pathOf = ({ params }: DeskRequest, page = ''): string => deskInvoicePath(params.invoiceId ?? '', page);

/** Approves an invoice: it goes to billing (R5.7). Where staff decide who pays they say it here (R5.10). */
export async function approveOnDesk(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const { payer } = request.body as z.infer<typeof approvalBody>;
  const body = approveInvoiceBody.safeParse({ payer: payer ?? null });
  if (!body.success) return showInvoice(deps, request, { lacksPayer: true });
  const answer = await giveDeskCommand(deps, request, { operation: 'invoice.approve', body: body.data });
  return reasonOf(answer) === 'payer-missing'
    ? showInvoice(deps, request, { lacksPayer: true })
    : afterCommand(answer, pathOf(request), 'approve');
}

/** Asks whether it is really meant, and for what reason. */
export async function confirmAct(
  deps: Pick<DeskRouteDeps, 'records'>,
  request: DeskRequest,
  act: ConfirmedAct,
  lacksReason = false,
): Promise<PageAnswer> {
  const { language } = request;
  const view = await readInvoice(deps, request);
  if (!view) return { page: refusalPage(language, 'not-found', INVOICES), status: 404 };
  // Somebody has decided it since the page before: it tells who, and what.
  if (!view.acts.includes(act)) return { redirect: `${pathOf(request)}?refused=not-possible` };
  return { page: confirmationPage(view, request, act, lacksReason), ...(lacksReason ? { status: 422 } : {}) };
}

/** Waives or credits an invoice, for a reason. */
export const reasonedOnDesk =
  (deps: DeskRouteDeps, act: ReasonedAct) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const body = waiveInvoiceBody.safeParse(request.body);
    if (!body.success) return confirmAct(deps, request, act, true);
    const answer = await giveDeskCommand(deps, request, { operation: `invoice.${act}`, body: body.data });
    return afterCommand(answer, pathOf(request), act);
  };

/** The patient objects, by way of staff (R5.7). */
export async function objectOnDesk(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const answer = await giveDeskCommand(deps, request, { operation: 'invoice.object', body: undefined });
  return afterCommand(answer, pathOf(request), 'objection');
}

/** Has an invoice made anew (R5.8), and leads to the one that holds then. */
export async function replaceOnDesk(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const answer = await giveDeskCommand(deps, request, { operation: 'invoice.replace', body: undefined });
  const { items } = answer.body as { items?: { invoiceId: string }[] };
  const last = reasonOf(answer) === null ? items?.at(-1)?.invoiceId : undefined;
  return afterCommand(answer, last === undefined ? pathOf(request) : deskInvoicePath(last), 'replace');
}

function confirmationPage(view: InvoiceView, request: DeskRequest, act: ConfirmedAct, lacksReason: boolean) {
  const { guard, language } = request;
  const { invoice, meeting, patient } = view;
  const words = texts[language];
  const ofAct = words.acts[act];
  return {
    title: ofAct.title,
    main: (
      <>
        {lacksReason && (
          <ErrorSummary title={words.notDone} problems={[{ field: 'reason', text: words.reasonProblem }]} />
        )}
        <Heading above={words.invoice}>{ofAct.title}</Heading>
        <Card isMain>
          <Facts
            facts={[
              {
                term: deskWords[language].fees[invoice.kind],
                value: amountOf(view, language),
                icon: 'wallet',
              },
              {
                term: words.meeting,
                value: capital(dayAndTime(startOf(meeting, invoice), language)),
                icon: 'calendar',
              },
              {
                term: words.patient,
                value: nameInList(patient ?? undefined, deskWords[language]),
                icon: 'person',
              },
            ]}
          />
        </Card>
        <p>{ofAct.means}</p>
        <PostForm action={pathOf(request, act)} guard={guard} noValidate>
          {needsReason(act) && (
            <Choices
              id="reason"
              name="reason"
              label={words.reason}
              choices={waiveReasons.map((reason) => ({ value: reason, text: waiveWords(language)[reason] }))}
              problem={lacksReason ? words.reasonProblem : null}
              language={language}
            />
          )}
          <Button kind="danger">{ofAct.button}</Button>
        </PostForm>
        <ButtonRow>
          <ButtonLink href={pathOf(request)} kind="quiet">
            {words.back}
          </ButtonLink>
        </ButtonRow>
      </>
    ),
  };
}

const texts = wording({
  sv: {
    invoice: 'Faktura',
    notDone: 'Inget har ändrats',
    meeting: 'Mötet',
    patient: 'Patient',
    reason: 'Varför?',
    reasonProblem: 'Välj ett skäl.',
    back: 'Tillbaka utan att ändra',
    acts: {
      waive: {
        title: 'Ta inte betalt',
        means: 'Fakturan går inte ut. Patienten ser att ni har beslutat att inte ta betalt.',
        button: 'Ta inte betalt',
      },
      credit: {
        title: 'Kreditera fakturan',
        means: 'Faktureringen ombeds att kreditera fakturan. Det går inte att ångra här.',
        button: 'Kreditera',
      },
      replace: {
        title: 'Räkna om fakturan',
        means:
          'En ny faktura föreslås efter vad mötet blev och hur avgiftstabellen ser ut nu. Har den gamla gått ut krediteras den först.',
        button: 'Räkna om',
      },
      objection: {
        title: 'Patienten invänder',
        means:
          'Patienten har sagt till er att fakturan inte stämmer. En faktura som inte har gått ut väntar då på att någon av er godkänner den. Det går inte att ångra.',
        button: 'Notera invändningen',
      },
    } satisfies Record<ConfirmedAct, { title: string; means: string; button: string }>,
  },
  en: {
    invoice: 'Invoice',
    notDone: 'Nothing has changed',
    meeting: 'The meeting',
    patient: 'Patient',
    reason: 'Why?',
    reasonProblem: 'Choose a reason.',
    back: 'Back without a change',
    acts: {
      waive: {
        title: 'Do not charge',
        means: 'The invoice does not go out. The patient sees that you have decided not to charge.',
        button: 'Do not charge',
      },
      credit: {
        title: 'Credit the invoice',
        means: 'Billing is asked to credit the invoice. That cannot be undone here.',
        button: 'Credit',
      },
      replace: {
        title: 'Make the invoice anew',
        means:
          'A new invoice is proposed by what the meeting came to and the fee table as it is now. One that has gone out is credited first.',
        button: 'Make it anew',
      },
      objection: {
        title: 'The patient objects',
        means:
          'The patient has told you that the invoice is not right. One that has not gone out then waits for one of you to approve it. That cannot be undone.',
        button: 'Note the objection',
      },
    },
  },
});
