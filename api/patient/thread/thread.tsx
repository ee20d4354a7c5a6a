import type { ComponentChildren } from 'preact';
import type { ShownStaff } from '../../../use-cases/staff/shown';
import type { messageView } from '../../../use-cases/thread/message-view';
import { extensionOf, fileTypes, isPicture } from '../../../rules/files';
import type { Language } from '../../../rules/notices';
import { FileChoice } from '../../frame/fields';
import { Emergency as EmergencyStrip, Tag } from '../../frame/parts';
import { scriptAddress } from '../assets';
import type { Compose } from './compose';
import { fileProblemTexts, threadTexts } from './thread-texts';
import { clockTime, dayAndTime } from '../../frame/time';
import type { FormGuard } from '../../frame/post-form';

export type ShownMessage = ReturnType<typeof messageView>;

/** Who writes in a thread, by name and as `writtenBy` has them. */
export interface WriterNames {
  /** In place of staff whom no record names. */
  clinic?: string;
  /** With their titles (R8.7). */
  staff: ShownStaff;
  people?: Map<string, string>;
}

/** What staff read and fill in that the patient's side does not. */
export interface StaffThread {
  /** That a message asks for more. */
  asks: string;
  /** Above the field that one writes in, and below it. */
  above: ComponentChildren;
  below: ComponentChildren;
}

/** A thread as one of its readers has it. */
export interface ShownThread {
  language: Language;
  guard: FormGuard;
  /** The address of its page, below which stand its files, and what the page's script asks for. */
  path: string;
  /** Changes when there is something new. */
  threadKey: string;
  messages: ShownMessage[];
  /** Page of what was written before; null where there is no more. */
  earlier: string | null;
  /** As what the reader stands in messages; staff can have several references. */
  reader: string | readonly string[];
  /** The names of those who write, where they are known. */
  names?: WriterNames;
  /** What differs where staff read and write. */
  forStaff?: StaffThread;
  /** 112 stands where one writes; where it stands elsewhere on the page already, it is left out. */
  hasEmergency?: boolean;
  /** What the patient's side sees of the state, above the messages. */
  state: ComponentChildren;
  /** The form to write in; null where nobody writes. */
  compose: Compose | null;
  /** What stands in the form's place. */
  closed: ComponentChildren;
  /**
   * How the page's script hears of news: as they come, or by asking every so many milliseconds, itself or
   * together with the room's script; or by asking now and then.
   */
  listens: { events: true } | { everyMs: number; askedBy?: 'room' } | { nowAndThen: true };
  savesDraft: boolean;
  /** What has just been done. */
  said: 'sent' | 'received' | null;
}

/** The staff who wrote messages, by the clinic's references. */
export const staffWhoWrote = (messages: Pick<ShownMessage, 'author' | 'writtenBy'>[]): string[] =>
  messages.flatMap(({ author, writtenBy }) => (author === 'staff' ? [writtenBy] : []));

/** The scripts of a page with a thread. */
export const threadScripts = (): string[] => [scriptAddress('thread')];

/** Where one writes, it says to call 112 in an emergency (R6.6). `atOnce`: it is read as it is written. */
export const Emergency = ({ language, atOnce = false }: { language: Language; atOnce?: boolean }) => (
  <EmergencyStrip language={language} isReadLater={!atOnce} />
);

/** The messages in their order, and the form to write another. */
export function Thread(shown: ShownThread) {
  const { language, path, threadKey, listens, savesDraft, compose, said, guard } = shown;
  const words = threadTexts[language];
  return (
    <div
      id="thread"
      data-path={path}
      data-key={threadKey}
      data-csrf={guard.csrf}
      {...('events' in listens ? { 'data-events': 'yes' } : {})}
      {...('everyMs' in listens
        ? { 'data-every': String(listens.everyMs), 'data-asked-by': listens.askedBy }
        : {})}
      {...(savesDraft ? { 'data-draft': 'yes' } : {})}
    >
      <p
        id="thread-said"
        role="status"
        tabIndex={-1}
        class="says"
        {...(said === null ? {} : { autofocus: true })}
      >
        <span data-says="sent" class="done" hidden={said !== 'sent'}>
          {words.sent}
        </span>
        <span data-says="received" class="done" hidden={said !== 'received'}>
          {words.received}
        </span>
        <span data-says="new" hidden>
          {words.newFrom} <span data-new-from />
        </span>
        <span data-says="no-contact" hidden>
          {words.noContact}
        </span>
        <span data-says="away" hidden>
          {words.away}
        </span>
        <span data-says="logged-out" hidden>
          {words.loggedOut}{' '}
          <a href={path} target="_blank" rel="noopener">
            {words.logIn}
          </a>
        </span>
      </p>
      <div id="thread-state">{shown.state}</div>
      <section aria-labelledby="messages-title">
        <h2 id="messages-title">{words.messages}</h2>
        {compose && shown.messages.length > 3 && (
          <p>
            <a href="#write">{words.toWrite}</a>
          </p>
        )}
        <noscript>
          <p>{words.reload}</p>
        </noscript>
        <Messages {...shown} />
      </section>
      <div id="compose">
        {compose ? (
          <ComposeForm
            language={language}
            guard={guard}
            path={path}
            compose={compose}
            savesDraft={savesDraft}
            listens={listens}
            hasEmergency={shown.hasEmergency ?? false}
            forStaff={shown.forStaff}
          />
        ) : (
          shown.closed
        )}
      </div>
    </div>
  );
}

function Messages({
  language,
  messages,
  earlier,
  path,
  reader,
  names,
  forStaff,
  listens,
}: Pick<
  ShownThread,
  'language' | 'messages' | 'earlier' | 'path' | 'reader' | 'names' | 'forStaff' | 'listens'
>) {
  const words = threadTexts[language];
  // The day of a meeting stands beside its chat.
  const timeOf = 'everyMs' in listens ? clockTime : dayAndTime;
  return (
    <>
      {earlier && (
        <p>
          <a href={earlier}>{words.earlier}</a>
        </p>
      )}
      {messages.length === 0 && (
        <p id="no-messages" class="muted">
          {words.none}
        </p>
      )}
      {/* Beside a call it scrolls by itself: the keyboard has to get there. */}
      <ol
        id="messages"
        class="messages"
        aria-labelledby="messages-title"
        {...('everyMs' in listens ? { tabIndex: 0 } : {})}
      >
        {messages.map((message) => {
          const isOwn = [reader].flat().includes(message.writtenBy);
          const who = isOwn ? words.you : nameOfWriter(message, words, names);
          return (
            <li
              key={message.messageId}
              id={`m-${message.number}`}
              data-who={who}
              class={isOwn ? 'own' : 'others'}
            >
              <p class="who">
                <strong>{who}</strong>{' '}
                <time dateTime={message.receivedAt}>{timeOf(message.receivedAt, language)}</time>
              </p>
              {message.text !== null && <p class="text">{message.text}</p>}
              {message.asksForMore && (
                <p>
                  <Tag tone="warning">{forStaff?.asks ?? words.asks}</Tag>
                </p>
              )}
              {message.files.length > 0 && (
                <ul class="files">
                  {message.files.map((file) => (
                    <li key={file.fileId}>
                      <FileLink language={language} path={path} file={file} />
                    </li>
                  ))}
                </ul>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** By name, or by role where no name is known. */
function nameOfWriter(
  { author, writtenBy }: ShownMessage,
  { who }: (typeof threadTexts)['sv'],
  names: WriterNames | undefined,
): string {
  const name =
    author === 'staff' ? (names?.staff.get(writtenBy) ?? names?.clinic) : names?.people?.get(writtenBy);
  return name ?? who[author];
}

type ShownFile = Pick<ShownMessage['files'][number], 'fileId' | 'name' | 'type' | 'hasPreview'>;

function FileLink({ language, path, file }: { language: Language; path: string; file: ShownFile }) {
  const words = threadTexts[language];
  return (
    <a href={`${path}/files/${file.fileId}`} rel="noreferrer">
      {file.hasPreview && <Preview language={language} path={path} file={file} />}
      {words.open} {file.name}
      {!isPicture(file.type) && !file.name.endsWith(`.${extensionOf[file.type]}`) && ` (${words.pdf})`}
    </a>
  );
}

const Preview = ({ language, path, file }: { language: Language; path: string; file: ShownFile }) => (
  <img
    class="preview"
    src={`${path}/files/${file.fileId}/preview`}
    alt={`${threadTexts[language].preview} ${file.name}`}
    loading="lazy"
  />
);

/** What a browser offers to choose. Without HEIC in it, an iPhone makes a JPEG of its own pictures. */
const accepted = { camera: 'image/jpeg,image/png,image/webp', any: fileTypes.join(',') };

function ComposeForm({
  language,
  guard,
  path,
  compose,
  savesDraft,
  listens,
  hasEmergency,
  forStaff,
}: Pick<ShownThread, 'language' | 'guard' | 'path' | 'savesDraft' | 'listens'> & {
  compose: Compose;
  hasEmergency: boolean;
  forStaff: StaffThread | undefined;
}) {
  const words = threadTexts[language];
  const { textProblem, fileProblems } = compose;
  const hasFiles = compose.attached.length > 0 || fileProblems.length > 0;
  const isWrong = textProblem !== null || fileProblems.length > 0;
  return (
    <section aria-labelledby="write-title" id="write">
      <h2 id="write-title">{words.write}</h2>
      {hasEmergency && <Emergency language={language} />}
      {forStaff?.above}
      {isWrong && (
        <section id="problems" class="problems" tabIndex={-1} aria-labelledby="problems-title" autofocus>
          <h3 id="problems-title">{compose.notSent ? words.notSentTitle : words.filesTitle}</h3>
          {compose.notSent && <p>{words.notSentText}</p>}
          <ul>
            {textProblem && (
              <li>
                <a href="#text">{words.textProblems[textProblem]}</a>
              </li>
            )}
            {fileProblems.length > 0 && (
              <li>
                <a href="#choose">{words.filesTitle}</a>
              </li>
            )}
          </ul>
        </section>
      )}
      <form
        method="post"
        action={path}
        encType="multipart/form-data"
        id="message"
        autocomplete="off"
        noValidate
      >
        {/* Before the files: they are read only once it is clear that the form is ours. */}
        <input type="hidden" name="csrf" value={guard.csrf} />
        <input type="hidden" name="formKey" value={guard.formKey} />
        <div class="question">
          <label for="text">{words.text}</label>
          <textarea
            id="text"
            name="text"
            rows={'everyMs' in listens ? 2 : 5}
            {...(textProblem ? { 'aria-invalid': 'true', 'aria-describedby': 'text-problem' } : {})}
          >
            {compose.text}
          </textarea>
          {textProblem && (
            <p id="text-problem" class="problem">
              {words.textProblems[textProblem]}
            </p>
          )}
          <WrittenStatus language={language} savesDraft={savesDraft} path={path} />
        </div>
        <Foldable summary={'everyMs' in listens ? words.attachNext : null} open={hasFiles}>
          <fieldset class="question" id="attach">
            <legend>{words.attach}</legend>
            <small id="attach-hint">{words.attachHint}</small>
            <ul id="file-problems" class="problem-list">
              {fileProblems.map(({ name, problem }) => (
                <li key={name + problem} class="problem">
                  {name && <q>{name}</q>}{' '}
                  {fileProblemTexts[language][problem] ?? fileProblemTexts[language].other}
                </li>
              ))}
            </ul>
            <div id="attached">
              {compose.attached.length > 0 && (
                <>
                  <p>
                    <strong>{words.attached}</strong> {words.attachedHint}
                  </p>
                  <div class="choices">
                    {compose.attached.map((file) => (
                      <label key={file.fileId}>
                        <input type="checkbox" name="attached" value={file.fileId} checked />
                        {file.hasPreview && <Preview language={language} path={path} file={file} />}{' '}
                        {file.name}
                      </label>
                    ))}
                  </div>
                </>
              )}
            </div>
            <div class="camera">
              <FileChoice
                id="camera"
                name="file"
                label={words.camera}
                icon="camera"
                accept={accepted.camera}
                capture="environment"
                aria-describedby="attach-hint file-problems"
              />
            </div>
            <FileChoice
              id="choose"
              name="file"
              label={words.choose}
              icon="attach"
              accept={accepted.any}
              multiple
              aria-describedby="attach-hint file-problems"
            />
            <button type="submit" name="do" value="attach" class="secondary unscripted">
              {words.attachNow}
            </button>
          </fieldset>
        </Foldable>
        {forStaff?.below}
        <button type="submit" name="do" value="send">
          {words.send}
        </button>
      </form>
    </section>
  );
}

/** Beside a call there is little room: what one seldom needs is folded away. */
function Foldable({
  summary,
  open,
  children,
}: {
  /** Null where it stands open always. */
  summary: string | null;
  open: boolean;
  children: ComponentChildren;
}) {
  if (summary === null) return <>{children}</>;
  return (
    <details open={open}>
      <summary>{summary}</summary>
      {children}
    </details>
  );
}

/** How it stands with what was written: the page's script shows one of these at a time. */
function WrittenStatus({
  language,
  savesDraft,
  path,
}: {
  language: Language;
  savesDraft: boolean;
  path: string;
}) {
  const words = threadTexts[language];
  return (
    <p id="written" role="status" tabIndex={-1} class="says">
      {savesDraft && (
        <>
          <span data-says="kept" class="scripted">
            {words.kept}
          </span>
          <span data-says="saved" hidden>
            {words.saved} <span data-saved-at />
          </span>
        </>
      )}
      <span data-says="came" hidden>
        {words.cameOne}
      </span>
      {(['sending', 'attaching', 'offline'] as const).map((state) => (
        <span key={state} data-says={state} hidden>
          {words[state]}
        </span>
      ))}
      <span data-says="away" hidden>
        {words.notTaken}
      </span>
      <span data-says="away-with-file" hidden>
        {words.fileNotTaken}
      </span>
      <span data-says="file-too-large" hidden>
        {words.fileTooLarge}
      </span>
      <span data-says="too-much" hidden>
        {words.tooMuch}
      </span>
      {/* In the words of the page that refused it. */}
      <span data-says="told" hidden />
      <span data-says="logged-out" hidden>
        {words.loggedOut}{' '}
        <a href={path} target="_blank" rel="noopener">
          {words.logIn}
        </a>
      </span>
    </p>
  );
}
