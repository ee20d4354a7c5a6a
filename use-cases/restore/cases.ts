import { followDeliveries } from '../notice/follow-deliveries';
import type { Case } from '../../records/cases';
import { saveCaseSnapshot } from '../read-models/case';
import type { LedgerRow } from '../../records/ledger';
import { MAY_HAVE_GONE } from '../../rules/restore';
import { minutesLater, type Instant } from '../../rules/instant';
import type { CaseInput, CaseSnapshot } from '../../workflows/case/messages';
import type { Compared } from './compared';
import { patientMessage, staffMessage } from '../case/messages';
import type { CommandDeps } from '../command';

/** How many of a case's notices can be planned at once, and one more. */
const BURSTS = 3;

const CLOCKS_APART_MINUTES = 1;
const BEGINNING: Instant = '1970-01-01T00:00:00.000Z';

/**
 * Brings message cases and their workflows together again, as {@link compareAfterRestore} does for meetings.
 * A case's read model is all that its workflow knows. So if the workflow is gone or older, it goes on from
 * the read model, and is told of messages that were kept beside it.
 */
export async function compareCases(
  deps: CommandDeps,
  { workflowsAreOlder }: { workflowsAreOlder: boolean },
  compared: Compared,
): Promise<void> {
  const { records, temporal } = deps;
  const caseIds = new Set([...(await records.cases.notEnded()), ...(await temporal.runningCases())]);
  for (const caseId of caseIds) {
    const careCase = await records.cases.findAnywhere(caseId);
    if (!careCase) {
      await temporal.endCase(caseId, 'its case was lost by a restore of the database');
      compared.orphans.push(caseId);
      continue;
    }
    const snapshot = await temporal.caseIfAny(caseId);
    const isRunning = snapshot !== 'none' && snapshot !== 'cut-off';
    if (isRunning && (snapshot.version === careCase.course.version || !workflowsAreOlder)) {
      await follow(deps, careCase, snapshot, compared);
      if (workflowsAreOlder) await tellOfMessages(deps, careCase, snapshot, compared);
      continue;
    }
    if (isRunning) await temporal.endCase(caseId, 'it is older than its case: it goes on from there');
    if (careCase.course.state !== 'ended') {
      await temporal.startCaseAgain(inputFrom(careCase));
      compared.started.push(caseId);
    }
    await tellOfMessages(deps, careCase, careCase.course, compared);
  }
}

/** The record is brought to where its workflow is. */
async function follow(
  { records, clock }: CommandDeps,
  { caseId, course }: Case,
  snapshot: CaseSnapshot,
  compared: Compared,
): Promise<void> {
  const now = clock.now();
  const isBehind = snapshot.version > course.version;
  if (isBehind) await saveCaseSnapshot(records, snapshot, now);
  // Rows that the ledger holds for planned and the workflow for done: nobody would ever come to them again
  // (R2.7).
  const ended: LedgerRow[] = [];
  for (const row of await records.ledger.ofCase(caseId, BURSTS)) {
    if (snapshot.notices.some(({ burst }) => burst === row.occasion)) continue;
    const step = { from: ['planned' as const], to: 'unknown' as const, reason: MAY_HAVE_GONE, at: now };
    if (await records.ledger.step(row.rowId, step)) ended.push(await records.ledger.get(row.rowId));
  }
  await followDeliveries(records, ended, now);
  const { patientSide, staff } = snapshot.messages;
  if ((await records.messages.count(caseId)) < patientSide + staff) compared.messagesLost.push(caseId);
  if (isBehind) compared.caughtUp.push(caseId);
  else compared.same += 1;
}

/**
 * Tells a case's workflow of stored messages that it does not know. It may not know them because an older
 * workflow took them and its read model lost to a newer record, or because they were written before the
 * workflow was put back. Each is told once: a message that was told is among what happened.
 */
async function tellOfMessages(
  { records, temporal, clock }: CommandDeps,
  careCase: Case,
  course: CaseSnapshot,
  compared: Compared,
): Promise<void> {
  const { caseId, clinicId } = careCase;
  const known = new Set(course.happenings.map(({ detail }) => detail));
  const unknown = (await records.messages.receivedSince(caseId, knownFrom(course))).filter(
    ({ messageId }) => !known.has(messageId),
  );
  const { settings } = await records.clinics.byId(clinicId);
  for (const { messageId, author, writtenBy, receivedAt } of unknown) {
    const answer =
      author === 'staff'
        ? await temporal.staffWrites(caseId, staffMessage(messageId, receivedAt, settings))
        : await temporal.patientWrites(caseId, patientMessage(messageId, receivedAt, settings));
    if ('refused' in answer) {
      compared.refused.push(caseId);
      continue;
    }
    await saveCaseSnapshot(records, answer.snapshot, clock.now());
    if (author === 'staff') await records.tasks.sayWho(caseId, ['reply-due'], writtenBy);
  }
}

/**
 * From when on a read model names each message that it knows: it holds the last that happened. Servers'
 * clocks differ a little.
 */
function knownFrom({ happenings }: CaseSnapshot): Instant {
  const [first] = happenings;
  if (!first || first.number === 1) return first?.at ?? BEGINNING;
  // A breach is dated when the deadline passed, and may have been noted long after.
  const dated = happenings.find(({ what }) => what !== 'breached') ?? first;
  return minutesLater(dated.at, CLOCKS_APART_MINUTES);
}

/** A case's workflow as it goes on from its record. */
const inputFrom = ({ caseId, clinicId, openedAt, course }: Case): CaseInput => ({
  caseId,
  clinicId,
  openedAt,
  begin: {
    by: 'earlier-run',
    snapshot: course,
    // What comes again is found in the database.
    recent: [],
    savedVersion: course.version,
    savedHappening: course.happened,
  },
});
