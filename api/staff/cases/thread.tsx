import type { Case } from '../../../records/cases';
import { nameOf } from '../../../rules/actor';
import { createInTurn } from '../../../platform/in-turn';
import { caseWriteRefusal } from '../../../rules/case';
import { toInstant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { z } from 'zod';
import { readCaseThread } from '../../../use-cases/thread/read';
import { actorOf } from '../../access';
import { downloadFile } from '../../clinic/file-door';
import { FileDownload } from '../../file-download';
import { CheckField, TextArea } from '../../frame/fields';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { ButtonLink, ButtonRow, Heading } from '../../frame/parts';
import { clockTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import {
  composeBody,
  composeOf,
  postMessage,
  saveUnsent,
  saveWritten,
  unsentOf,
  type Compose,
  type draftBody,
  type Writer,
} from '../../patient/thread/compose';
import { threadKey } from '../../patient/thread/thread-streams';
import { Thread, threadScripts, type ShownMessage, type ShownThread } from '../../patient/thread/thread';
import { threadTexts } from '../../patient/thread/thread-texts';
import { ChildHint } from '../frame/child-hint';
import { wasGiven } from '../frame/command';
import { DESK_PATH, deskCasePath, deskPersonPath } from '../frame/paths';
import { refusalPage } from '../frame/refusals';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { staffWriter } from '../frame/staff-writer';
import { CaseState, personWords, readCase, Said, type CaseView } from './case-head';
import { urgencyOf } from './urgency';

/** So many of the last messages stand on the page; those before are a link away. */
const SHOWN = 30;

/** More than comes while a page lies open. */
const MOST_NEWS = 100;

/** What the form carries; `seen` is the number of the last message that stood on its page. */
export const staffComposeBody = composeBody.extend({
  seen: z.coerce.number().int().nonnegative().catch(0),
});

/** What was written in the case, and the form to reply in (R6.3, R6.7). */
export const showThread =
  (deps: DeskRouteDeps, said: ShownThread['said'] = null) =>
  async (request: DeskRequest): Promise<PageAnswer> =>
    withCase(deps, request, async (view) =>
      threadPage(deps, request, view, { compose: await composeIn(deps, request, view), said }),
    );

/** The same, with what was posted and not sent; where nobody writes any more, to be copied. */
export const showUnsent =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> =>
    withCase(deps, request, async (view) => {
      const compose = await unsentOf(deps, writerIn(deps, request, view.careCase));
      return threadPage(
        deps,
        request,
        view,
        mayWrite(view.careCase)
          ? { compose, said: null }
          : { compose: null, said: null, unsent: compose.text },
      );
    });

/** What was written before a message. */
export const showEarlier =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> =>
    withCase(deps, request, async (view) => {
      const { caseId } = view.careCase;
      const before = await deps.records.messages.numberOf(caseId, request.params.messageId ?? '');
      return before === null ? null : threadPage(deps, request, view, { compose: null, said: null, before });
    });

/**
 * Who reply at the same moment in this process do so one after the other, so that the second is told of the
 * first's reply. Of two processes both may be sent, as over the API.
 */
const inTurn = createInTurn();

/** Sends a reply, or adds files to the one that is being written. What comes of it stands on its own page. */
export const postInThread =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const careCase = await caseOf(deps, request);
    if (!careCase) return notFoundAnswer(request);
    const to = (page: string): string => deskCasePath(careCase.caseId, `thread/${page}`);
    const writer = writerIn(deps, request, careCase);
    const posted = await inTurn(careCase.caseId, () => postMessage(deps, writer));
    switch (posted.kind) {
      case 'sent':
      case 'received':
        return { redirect: to(posted.kind) };
      case 'compose':
      case 'closed': {
        await saveUnsent(deps, writer, posted.compose);
        const place = posted.kind === 'compose' && !posted.compose.notSent ? '#attach' : '';
        return { redirect: `${to('unsent')}${place}` };
      }
    }
  };

/** Keeps what is written so far, for the page's script. */
export const saveDraft =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const careCase = await caseOf(deps, request);
    if (!careCase) return { json: { refused: 'not-found' }, status: 404 };
    const { text } = request.body as z.infer<typeof draftBody>;
    await saveWritten(deps, writerIn(deps, request, careCase), text);
    const at = clockTime(toInstant(deps.clock.now()), request.language);
    return { json: { kept: true, at: threadTexts[request.language].at(at) } };
  };

/** How it stands, in a few bytes, for the page's script. */
export const threadStatus =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const careCase = await caseOf(deps, request);
    if (!careCase) return { json: { refused: 'not-found' }, status: 404 };
    return { json: { key: await keyOf(deps, request.language, careCase), csrf: request.guard.csrf } };
  };

/** A file of the case, as an attachment, or a small picture of it (R6.7). */
export const threadFile =
  (deps: DeskRouteDeps, what: 'content' | 'preview') =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const { caller, params } = request;
    const query = { preview: String(what === 'preview') };
    const { body } = await downloadFile(deps.records)({ caller, params, query });
    return body instanceof FileDownload ? { content: body } : notFoundAnswer(request);
  };

const caseOf = ({ records }: DeskRouteDeps, { clinic, params }: DeskRequest): Promise<Case | null> =>
  records.cases.find(clinic.clinicId, params.caseId ?? '');

export const notFoundAnswer = ({ language }: DeskRequest): PageAnswer => ({
  page: refusalPage(language, 'not-found', `${DESK_PATH}/inbox`),
  status: 404,
});

/** A page about the case in the address. */
export async function withCase(
  deps: DeskRouteDeps,
  request: DeskRequest,
  show: (view: CaseView) => Promise<PageContent | null> | PageContent,
): Promise<PageAnswer> {
  const view = await readCase(deps, request);
  const page = view && (await show(view));
  return page ? { page } : notFoundAnswer(request);
}

const mayWrite = ({ course }: Case): boolean =>
  caseWriteRefusal('staff', { state: course.state, clockRuns: course.clock !== null }) === null;

const composeIn = async (
  deps: DeskRouteDeps,
  request: DeskRequest,
  { careCase }: CaseView,
): Promise<Compose | null> =>
  mayWrite(careCase) ? composeOf(deps, writerIn(deps, request, careCase)) : null;

/** Whether others have written in the case what did not stand on the page yet. */
export async function hasNews(
  { records }: Pick<DeskRouteDeps, 'records'>,
  { member }: Pick<DeskRequest, 'member'>,
  caseId: string,
  seen: number,
): Promise<boolean> {
  const since = await records.messages.list(caseId, seen, MOST_NEWS);
  return since.some(({ writtenBy }) => !member.staffIds.includes(writtenBy));
}

function writerIn(deps: DeskRouteDeps, request: DeskRequest, { caseId, patientId }: Case): Writer {
  const { caller, member, body } = request;
  return staffWriter(deps, request, {
    of: 'case',
    threadId: caseId,
    patientId,
    savesDraft: true,
    // What was sent once is answered for again, whatever others have written since.
    holdBack: async (key) =>
      (await hasNews(deps, request, caseId, (body as z.infer<typeof staffComposeBody>).seen)) &&
      !(await wasGiven(deps, { caller, member, postedKey: key }))
        ? 'new-message'
        : null,
  });
}

/** Changes when the page would show something else, also when only time has passed; it tells nothing by itself. */
async function keyOf(
  { records, clock }: Pick<DeskRouteDeps, 'records' | 'clock'>,
  language: Language,
  careCase: Case,
): Promise<string> {
  const { caseId, assignedTo, course } = careCase;
  const last = (await records.messages.lastOf([caseId])).get(caseId) ?? 0;
  const urgency = urgencyOf(language, careCase, clock.now())?.text ?? '';
  return threadKey(caseId, last, course.state, assignedTo ?? '', urgency);
}

async function threadPage(
  deps: DeskRouteDeps,
  request: DeskRequest,
  view: CaseView,
  {
    compose,
    said,
    before = null,
    unsent = '',
  }: {
    compose: Compose | null;
    said: ShownThread['said'];
    /** Only what was written before this number. */
    before?: number | null;
    /** What could not be sent. */
    unsent?: string;
  },
): Promise<PageContent | null> {
  const { records, clock } = deps;
  const { language, guard, caller, member, query } = request;
  const { careCase, patient } = view;
  const { caseId } = careCase;
  const words = texts[language];
  const path = deskCasePath(caseId, 'thread');
  // Before the messages: one that comes meanwhile is found again, never missed.
  const key = await keyOf(deps, language, careCase);
  const end = before ?? ((await records.messages.lastOf([caseId])).get(caseId) ?? 0) + 1;
  const thread = await readCaseThread(deps, careCase, actorOf(caller), Math.max(0, end - 1 - SHOWN));
  if (!thread) return null;
  const messages =
    before === null ? thread.messages : thread.messages.filter(({ number }) => number < before);
  const isWrong = compose !== null && (compose.textProblem !== null || compose.fileProblems.length > 0);
  return {
    title: `${isWrong ? threadTexts[language].wrongTitle : ''}${words.title}`,
    scripts: before === null ? threadScripts() : [],
    main: (
      <>
        <Said language={language} query={query} />
        <Heading above={personWords(language, patient)}>{thread.subject}</Heading>
        {before !== null && (
          <p>
            <a href={path}>{threadTexts[language].later}</a>
          </p>
        )}
        <Thread
          language={language}
          guard={guard}
          path={path}
          threadKey={key}
          messages={messages}
          earlier={earlierOf(path, messages)}
          reader={member.staffIds}
          names={{
            clinic: threadTexts[language].who.staff,
            staff: await staffNames(deps, request, messages),
            people: namesOf(view),
          }}
          forStaff={{
            asks: words.asks,
            above: <ChildHint language={language} patient={patient} now={clock.now()} />,
            below: (
              <CheckField
                id="asks-for-more"
                name="asksForMore"
                label={words.asksForMore}
                hint={words.asksHint}
                isChecked={compose?.asksForMore ?? false}
                language={language}
              />
            ),
          }}
          state={
            <>
              <CaseState language={language} view={view} now={clock.now()} />
              {/* Of the form below; it stands here, where the page's script renews it with the messages. */}
              <input type="hidden" name="seen" value={messages.at(-1)?.number ?? 0} form="message" />
            </>
          }
          compose={compose}
          closed={before === null ? <Closed request={request} view={view} unsent={unsent} /> : null}
          listens={{ nowAndThen: true }}
          savesDraft
          said={said}
        />
        <Acts request={request} view={view} />
      </>
    ),
  };
}

const earlierOf = (path: string, [first]: ShownMessage[]): string | null =>
  first && first.number > 1 ? `${path}/before/${first.messageId}` : null;

/** The patient's side, by who wrote; no name of one who is protected (R8.8). */
function namesOf({ careCase: { participants }, patient, guardians }: CaseView): Map<string, string> {
  const shown = [patient, ...guardians].filter(
    ({ protectedIdentity, personal }) => !protectedIdentity && personal.name !== '',
  );
  return new Map(
    shown.flatMap(({ personId, personal }) =>
      participants
        .filter((each) => each.personId === personId)
        .map(({ role }) => [nameOf({ kind: role, personId }), personal.name] as const),
    ),
  );
}

/** Staff by name and title, also those who have left; by their reference where nobody has recorded them. */
async function staffNames(
  { records }: DeskRouteDeps,
  { clinic }: DeskRequest,
  messages: ShownMessage[],
): Promise<Map<string, string>> {
  const byStaff = messages.filter(({ author }) => author === 'staff').map(({ writtenBy }) => writtenBy);
  const references = [...new Set(byStaff)];
  const known = await records.staff.byStaffIds(clinic.clinicId, references);
  return new Map(
    references.map((each) => {
      const member = known.get(each);
      return [each, member ? `${member.name}, ${member.title}` : each];
    }),
  );
}

/** Where nobody writes any more: what is left to do, and what could not be sent. */
function Closed({ request, view, unsent }: { request: DeskRequest; view: CaseView; unsent: string }) {
  const { language } = request;
  const words = texts[language];
  const { caseId, course } = view.careCase;
  const isToDocument = course.documentation?.state === 'waiting';
  return (
    <section aria-labelledby="closed">
      <h2 id="closed">{isToDocument ? words.toDocument : words.done}</h2>
      {unsent !== '' && (
        <div class="problems" id="problems" role="alert" tabIndex={-1} autofocus>
          <TextArea
            id="unsent"
            name="unsent"
            label={words.unsent}
            hint={words.notSent}
            value={unsent}
            rows={6}
            language={language}
          />
        </div>
      )}
      {isToDocument && (
        <ButtonRow>
          <ButtonLink href={deskCasePath(caseId, 'document')}>{words.document}</ButtonLink>
        </ButtonRow>
      )}
    </section>
  );
}

/** What else one does with a case. */
function Acts({
  request: { language },
  view: { careCase, patient },
}: {
  request: DeskRequest;
  view: CaseView;
}) {
  const words = texts[language];
  const { caseId, course } = careCase;
  const isOpen = course.documentation === null && course.state !== 'ended';
  const isToDocument = course.documentation?.state === 'waiting' && mayWrite(careCase);
  return (
    <ButtonRow>
      {isOpen && (
        <ButtonLink href={deskCasePath(caseId, 'close')} kind="secondary">
          {words.close}
        </ButtonLink>
      )}
      {isToDocument && (
        <ButtonLink href={deskCasePath(caseId, 'document')} kind="secondary">
          {words.document}
        </ButtonLink>
      )}
      {course.state !== 'ended' && (
        <ButtonLink href={deskCasePath(caseId, 'assign')} kind="secondary">
          {words.handOver}
        </ButtonLink>
      )}
      {patient.protectedIdentity && (
        <ButtonLink href={deskCasePath(caseId, 'name')} kind="secondary" icon="lock">
          {words.showName}
        </ButtonLink>
      )}
      <ButtonLink href={deskPersonPath(patient.personId)} kind="quiet">
        {words.toPerson}
      </ButtonLink>
      <ButtonLink href={`${DESK_PATH}/inbox`} kind="quiet">
        {words.toInbox}
      </ButtonLink>
    </ButtonRow>
  );
}

const texts = wording({
  sv: {
    title: 'Ärende',
    asks: 'Ber patienten om svar',
    asksForMore: 'Jag ber patienten svara eller skicka mer',
    asksHint: 'Meddelandet räknas som svar ändå.',
    toDocument: 'Ärendet är avslutat',
    done: 'Ärendet är klart',
    unsent: 'Det du skrev',
    notSent: 'Det skickades inte, eftersom ärendet har avslutats. Kopiera texten om du vill ha den kvar.',
    document: 'Dokumentera kontakten',
    close: 'Avsluta ärendet',
    handOver: 'Lämna över',
    showName: 'Visa namnet',
    toPerson: 'Till patienten',
    toInbox: 'Till alla ärenden',
  },
  en: {
    title: 'Case',
    asks: 'Asks the patient to reply',
    asksForMore: 'I ask the patient to reply or send more',
    asksHint: 'The message counts as a reply all the same.',
    toDocument: 'The case is closed',
    done: 'The case is done',
    unsent: 'What you wrote',
    notSent: 'It was not sent, because the case has been closed. Copy the text if you want to keep it.',
    document: 'Document the contact',
    close: 'Close the case',
    handOver: 'Hand over',
    showName: 'Show the name',
    toPerson: 'To the patient',
    toInbox: 'To all cases',
  },
});
