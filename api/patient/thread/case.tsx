import { casePath } from '../frame/paths';
import type { ComponentChildren } from 'preact';
import { shownStaffOf } from '../../../use-cases/staff/shown';
import { noteCaseRead, openFile, partOf } from '../../../use-cases/thread/read';
import { caseWriteRefusal } from '../../../rules/case';
import { toInstant } from '../../../rules/instant';
import { nameOf } from '../../../rules/actor';
import type { Language } from '../../../rules/notices';
import { FileDownload } from '../../file-download';
import {
  byName,
  composeOf,
  saveUnsent,
  saveWritten,
  postMessage,
  unsentOf,
  personWriter,
  type Compose,
  type draftBody,
  type Writer,
} from './compose';
import type { CaseRequest, PatientRouteDeps } from '../frame/route';
import { clockTime } from '../../frame/time';
import { caseKeys } from './thread-streams';
import { z } from 'zod';
import { CaseState } from './case-state';
import { refusalPage } from '../frame/refusals';
import { ButtonLink, ButtonRow, Heading } from '../../frame/parts';
import {
  staffWhoWrote,
  Thread,
  threadScripts,
  type ShownMessage,
  type ShownThread,
  type WriterNames,
} from './thread';
import { threadTexts } from './thread-texts';
import type { PageContent, PageAnswer } from '../../frame/page-content';
import { wording } from '../../frame/wording';

/** So many of the last messages stand on the page; those before are a link away. */
const SHOWN = 50;

/** *A case*: what was written, by when an answer comes, and the form to write (R6.6, R6.7). */
export const showCase =
  (deps: PatientRouteDeps, said: ShownThread['said'] = null) =>
  async (request: CaseRequest): Promise<PageAnswer> => {
    const { page, last } = await casePage(deps, request, { compose: await composeIn(deps, request), said });
    await noteCaseRead(deps, request.careCase, last);
    return { page };
  };

/**
 * The same for the page's script, which asks for it when there is something new: that somebody reads it is
 * told when somebody does.
 */
export const showCaseNews =
  (deps: PatientRouteDeps) =>
  async (request: CaseRequest): Promise<PageAnswer> => {
    const { page } = await casePage(deps, request, { compose: await composeIn(deps, request), said: null });
    return { page };
  };

/** For the page's script: the number of the last message that it shows. */
export const readBody = z.object({ last: z.coerce.number().int().nonnegative() });

/** Somebody is at the page that the news has come to (R6.8). */
export const noteReadCase =
  (deps: PatientRouteDeps) =>
  async ({ careCase, body }: CaseRequest): Promise<PageAnswer> => {
    await noteCaseRead(deps, careCase, (body as z.infer<typeof readBody>).last);
    return { json: { read: true } };
  };

/** What was written before a message. */
export const showEarlier =
  (deps: PatientRouteDeps) =>
  async (request: CaseRequest): Promise<PageAnswer> => {
    const { careCase, language, guard, params } = request;
    const number = await deps.records.messages.numberOf(careCase.caseId, params.messageId ?? '');
    if (number === null)
      return { page: refusalPage(language, 'not-yours', guard, { of: 'case' }), status: 404 };
    const { page } = await casePage(deps, request, { compose: null, said: null, before: number });
    return { page };
  };

/** What was posted and not sent, with what is wrong with it; where the matter is over, to be copied (E2). */
export const showUnsent =
  (deps: PatientRouteDeps) =>
  async (request: CaseRequest): Promise<PageAnswer> => {
    const compose = await unsentOf(deps, writerIn(deps, request));
    const { page, last } = await casePage(
      deps,
      request,
      mayWrite(request) ? { compose, said: null } : { compose: null, said: null, unsent: compose.text },
    );
    await noteCaseRead(deps, request.careCase, last);
    return { page };
  };

/** Sends a message, or adds files to the one that is being written. What comes of it stands on its own page. */
export const postInCase =
  (deps: PatientRouteDeps) =>
  async (request: CaseRequest): Promise<PageAnswer> => {
    const { participant } = request;
    const writer = writerIn(deps, request);
    const posted = await postMessage(deps, writer);
    switch (posted.kind) {
      case 'sent':
      case 'received':
        return { redirect: casePath(participant.participantId, posted.kind) };
      case 'compose':
      case 'closed': {
        await saveUnsent(deps, writer, posted.compose);
        const place = posted.kind === 'compose' && !posted.compose.notSent ? '#attach' : '';
        return { redirect: `${casePath(participant.participantId, 'unsent')}${place}` };
      }
    }
  };

/** Keeps what is written so far, for the page's script. */
export const saveCaseDraft =
  (deps: PatientRouteDeps) =>
  async (request: CaseRequest): Promise<PageAnswer> => {
    const { text } = request.body as z.infer<typeof draftBody>;
    await saveWritten(deps, writerIn(deps, request), text);
    const at = clockTime(toInstant(deps.clock.now()), request.language);
    return { json: { kept: true, at: threadTexts[request.language].at(at) } };
  };

/** How it stands, in a few bytes, for a page that hears of no events. */
export const caseStatus =
  ({ records }: PatientRouteDeps) =>
  async ({ careCase, guard }: CaseRequest): Promise<PageAnswer> => {
    const key = (await caseKeys(records, [careCase.caseId])).get(careCase.caseId);
    return { json: { key, csrf: guard.csrf } };
  };

/** Tells the page that there is something new, as it comes (server-sent events). */
export const caseEvents =
  ({ streams }: PatientRouteDeps) =>
  ({ careCase, session, stillAllowed }: CaseRequest): Promise<PageAnswer> => {
    const { loginHash } = session;
    const stream = streams.open({ caseId: careCase.caseId, loginHash, stillAllowed });
    return Promise.resolve(stream ? { content: stream } : { json: { refused: 'too-many' }, status: 429 });
  };

/**
 * A file of the case, as an attachment, or a small picture of it: what was sent, and what one is about to
 * send oneself (R6.7).
 */
export const caseFile =
  ({ records }: PatientRouteDeps, what: 'content' | 'preview') =>
  async (request: CaseRequest): Promise<PageAnswer> => {
    const { careCase, params, language, guard } = request;
    const content = await fileFor(records, careCase.caseId, params.fileId ?? '', byName(request), what);
    return content
      ? { content }
      : { page: refusalPage(language, 'not-yours', guard, { of: 'case' }), status: 404 };
  };

/** A thread's file for one who may read the thread. */
export async function fileFor(
  records: PatientRouteDeps['records'],
  threadId: string,
  fileId: string,
  reader: string,
  what: 'content' | 'preview',
): Promise<FileDownload | null> {
  const opened = await openFile(records, threadId, fileId, reader, what);
  if (!opened) return null;
  const { name, type } = opened.file;
  return new FileDownload(
    what === 'preview' ? { name: `${name}.jpg`, type: 'image/jpeg' } : { name, type },
    opened.content,
  );
}

function writerIn(deps: PatientRouteDeps, request: CaseRequest): Writer {
  const { caseId } = request.careCase;
  const place = { threadId: caseId, operation: 'case.write', params: { caseId }, savesDraft: true } as const;
  return personWriter(deps, request, place);
}

/** Null where the patient's side does not write any more. */
const composeIn = async (deps: PatientRouteDeps, request: CaseRequest): Promise<Compose | null> =>
  mayWrite(request) ? composeOf(deps, writerIn(deps, request)) : null;

const mayWrite = ({ careCase: { course } }: CaseRequest): boolean =>
  caseWriteRefusal('patient-side', { state: course.state, clockRuns: course.clock !== null }) === null;

/** The page, and the number of the last message on it. */
async function casePage(
  { records, clock }: PatientRouteDeps,
  request: CaseRequest,
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
): Promise<{ page: PageContent; last: number }> {
  const { language, guard, careCase, participant, clinic, patient } = request;
  const words = texts[language];
  const { caseId } = careCase;
  // Before the messages: one that comes meanwhile is found again, never missed.
  const key = (await caseKeys(records, [caseId])).get(caseId) ?? '';
  const end = before ?? ((await records.messages.lastOf([caseId])).get(caseId) ?? 0) + 1;
  const { messages } = await partOf(records, caseId, Math.max(0, end - 1 - SHOWN));
  const shown = before === null ? messages : messages.filter(({ number }) => number < before);
  const subject = await records.cases.subjectOf(caseId);
  const path = casePath(participant.participantId);
  const isWrong = compose !== null && (compose.textProblem !== null || compose.fileProblems.length > 0);
  const page = {
    title: `${isWrong ? threadTexts[language].wrongTitle : ''}${words.title}`,
    scripts: before === null ? threadScripts() : [],
    main: (
      <>
        <Heading above={`${words.with} ${clinic.settings.name}`}>{subject}</Heading>
        {participant.role === 'guardian' && (
          <p>
            {words.about} <strong>{patient.personal.name}</strong>.
          </p>
        )}
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
          messages={shown}
          earlier={earlierOf(path, shown)}
          reader={byName(request)}
          names={await namesIn(records, request, shown)}
          hasEmergency
          state={
            <CaseState
              language={language}
              careCase={careCase}
              phone={clinic.settings.phone}
              now={clock.now()}
            />
          }
          compose={compose}
          closed={before === null ? <Closed language={language} unsent={unsent} /> : null}
          listens={{ events: true }}
          savesDraft
          said={said}
        />
        <ButtonRow>
          <ButtonLink href="/my" kind="quiet">
            {words.back}
          </ButtonLink>
        </ButtonRow>
      </>
    ),
  };
  return { page, last: shown.at(-1)?.number ?? 0 };
}

/** The clinic, its staff who write, and those who have a place in the case. */
async function namesIn(
  { people, staff }: PatientRouteDeps['records'],
  { careCase: { clinicId, participants }, clinic }: CaseRequest,
  messages: ShownMessage[],
): Promise<WriterNames> {
  const found = await Promise.all(
    participants.map(async ({ role, personId }): Promise<[string, string] | null> => {
      const person = await people.find(clinicId, personId);
      const isShown = person !== null && !person.protectedIdentity && person.personal.name !== '';
      return isShown ? [nameOf({ kind: role, personId }), person.personal.name] : null;
    }),
  );
  return {
    clinic: clinic.settings.name,
    staff: await shownStaffOf({ staff }, clinicId, staffWhoWrote(messages)),
    people: new Map(found.filter((each) => each !== null)),
  };
}

const earlierOf = (path: string, [first]: ShownMessage[]): string | null =>
  first && first.number > 1 ? `${path}/before/${first.messageId}` : null;

/** Where the matter is over, one is referred to 1177 (R6.6). */
export function Closed({ language, unsent }: { language: Language; unsent: string }): ComponentChildren {
  const words = texts[language];
  return (
    <section aria-labelledby="closed">
      <h2 id="closed">{words.closedTitle}</h2>
      {unsent !== '' && (
        <div class="problems" id="problems" role="alert" tabIndex={-1} autofocus>
          <p>{words.notSent}</p>
          <label for="unsent">{words.unsent}</label>
          <textarea id="unsent" rows={5} readOnly>
            {unsent}
          </textarea>
        </div>
      )}
      <p>
        {words.closed} <a href="https://www.1177.se">1177.se</a>.
      </p>
    </section>
  );
}

const texts = wording({
  sv: {
    title: 'Mitt ärende',
    with: 'Ärende hos',
    about: 'Det gäller',
    back: 'Till alla mina möten och ärenden',
    closedTitle: 'Här går det inte att skriva längre',
    closed: 'Du kan läsa det som har skrivits. Vill du skriva till mottagningen om något nytt, gör det på',
    notSent:
      'Det du skrev skickades inte, eftersom ärendet har avslutats. Kopiera texten om du vill spara den.',
    unsent: 'Det du skrev',
  },
  en: {
    title: 'My case',
    with: 'Case at',
    about: 'It concerns',
    back: 'To all my meetings and cases',
    closedTitle: 'You can no longer write here',
    closed: 'You can still read what was written. To write to the clinic about something new, use',
    notSent: 'What you wrote was not sent, because the case has been closed. Copy it if you want to keep it.',
    unsent: 'What you wrote',
  },
});
