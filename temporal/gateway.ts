import {
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
  type UpdateDefinition,
} from '@temporalio/client';
import { ApplicationFailure, type QueryDefinition, type SignalDefinition } from '@temporalio/common';
import {
  CASE_WORKFLOW,
  caseQuery,
  closeUpdate,
  documentUpdate,
  lookAtNoticesSignal,
  patientWritesUpdate,
  readSignal,
  staffWritesUpdate,
  type CaseInput,
  type CaseRefusal,
  type CaseSnapshot,
  type CloseCommand,
  type DocumentCommand,
  type PatientMessage,
  type StaffMessage,
} from '../workflows/case/messages';
import {
  approveUpdate,
  billingAnswerUpdate,
  chargeQuery,
  creditUpdate,
  INVOICE_WORKFLOW,
  objectUpdate,
  proposeUpdate,
  replaceUpdate,
  waiveUpdate,
  type ApproveCommand,
  type BillingAnswerCommand,
  type ChargeSnapshot,
  type CreditCommand,
  type InvoiceInput,
  type InvoiceRefusal,
  type ObjectCommand,
  type Proposal,
  type ReplaceCommand,
  type WaiveCommand,
} from '../workflows/invoice/messages';
import {
  cancelUpdate,
  CARE_MEETING_WORKFLOW,
  durationUpdate,
  entryUpdate,
  factSignal,
  lookAgainSignal,
  MEETING_WORKFLOW_OF_0_1,
  meetingWorkflows,
  outcomeUpdate,
  rebookUpdate,
  registerUpdate,
  resendUpdate,
  statusQuery,
  type CancelCommand,
  type CommandRefusal,
  type DurationCommand,
  type EntryCommand,
  type MeetingFact,
  type MeetingInput,
  type MeetingSnapshot,
  type NudgeCause,
  type OutcomeCommand,
  type RebookCommand,
  type RegisterCommand,
  type ResendCommand,
} from '../workflows/meeting/messages';
import { REFUSED } from '../workflows/shared/refused';
import { caseAbout, invoiceAbout, meetingAbout } from './ui-metadata';
import {
  caseIdOf,
  caseWorkflowId,
  invoicesOf,
  invoiceWorkflowId,
  meetingIdOf,
  meetingWorkflowId,
} from './ids';
import { lookAtWorkflow } from './inspect';
import { isUnavailable } from './unavailable';

/**
 * Temporal did not answer in time, cannot be reached, or answered with what is no known refusal and no fault
 * of what we asked; the same call may succeed later. It may have been carried out all the same, so it is
 * asked again under the same id. `workflows`: Temporal is there, and nobody works for it. `its-code`: workers
 * are there too, and the code of this one workflow fails.
 */
export class TemporalUnavailable extends Error {
  constructor(
    cause: unknown,
    readonly who: 'temporal' | 'workflows' | 'its-code' = 'temporal',
  ) {
    super(notAnswering[who], { cause });
    this.name = 'TemporalUnavailable';
  }
}

const notAnswering = {
  temporal: 'Temporal does not answer',
  workflows: 'the workflows do not answer',
  'its-code': 'the code of the workflow fails',
};

/** Waits for what a workflow is told, where it may be told later too. @returns false where Temporal is away */
export async function ifThere(telling: Promise<void>): Promise<boolean> {
  try {
    await telling;
    return true;
  } catch (error) {
    if (!(error instanceof TemporalUnavailable)) throw error;
    return false;
  }
}

/**
 * A workflow's answer to a command: how it stands now, or its reason to refuse (design, decision 2).
 * `not-running`: it has closed, or has not been started yet.
 */
type WorkflowAnswer<Snapshot, Refusal> = { snapshot: Snapshot } | { refused: Refusal };

export type MeetingAnswer = WorkflowAnswer<MeetingSnapshot, CommandRefusal | 'not-running'>;
export type CaseAnswer = WorkflowAnswer<CaseSnapshot, CaseRefusal | 'not-running'>;
/** An invoice's workflow is started for the command where it does not run. */
export type InvoiceAnswer = WorkflowAnswer<ChargeSnapshot, InvoiceRefusal>;

/**
 * The invoices of one time as their workflow has them; `charge` is null where it has not yet read what an
 * earlier run came to.
 */
export interface FoundCharge {
  charge: ChargeSnapshot | null;
  isRunning: boolean;
}

/**
 * The one way to Temporal: nothing else starts a workflow or sends it anything, so ids and queues are made in
 * one place. Every call has a deadline; where Temporal is away it throws {@link TemporalUnavailable}.
 * Commands take the id of the caller's command, under which they are carried out once however often they are
 * sent.
 */
export interface TemporalGateway {
  startMeeting(input: MeetingInput): Promise<void>;
  cancelMeeting(meetingId: string, commandId: string, command: CancelCommand): Promise<MeetingAnswer>;
  rebookMeeting(meetingId: string, commandId: string, command: RebookCommand): Promise<MeetingAnswer>;
  changeDuration(meetingId: string, commandId: string, command: DurationCommand): Promise<MeetingAnswer>;
  enterMeeting(meetingId: string, commandId: string, command: EntryCommand): Promise<MeetingAnswer>;
  stateOutcome(meetingId: string, commandId: string, command: OutcomeCommand): Promise<MeetingAnswer>;
  registerVisit(meetingId: string, commandId: string, command: RegisterCommand): Promise<MeetingAnswer>;
  /** Has a notice given again to those whom it surely was not sent to; for the operator. */
  resendNotice(meetingId: string, commandId: string, command: ResendCommand): Promise<MeetingAnswer>;
  /** Tells a meeting's workflow of a fact; one that has ended needs no telling. */
  tellFact(meetingId: string, fact: MeetingFact): Promise<void>;
  /** Tells a meeting that was started by 0.1.0 to look again; one that has ended needs no telling. */
  nudgeMeeting(meetingId: string, cause: NudgeCause): Promise<void>;
  /**
   * Each command about an invoice goes to its workflow, which is started anew where an earlier run has ended.
   */
  propose(input: InvoiceInput, proposal: Proposal): Promise<InvoiceAnswer>;
  approveInvoice(input: InvoiceInput, command: ApproveCommand): Promise<InvoiceAnswer>;
  waiveInvoice(input: InvoiceInput, command: WaiveCommand): Promise<InvoiceAnswer>;
  objectToInvoice(input: InvoiceInput, command: ObjectCommand): Promise<InvoiceAnswer>;
  answerInvoice(input: InvoiceInput, command: BillingAnswerCommand): Promise<InvoiceAnswer>;
  creditInvoice(input: InvoiceInput, command: CreditCommand): Promise<InvoiceAnswer>;
  replaceInvoice(input: InvoiceInput, command: ReplaceCommand): Promise<InvoiceAnswer>;
  startCase(input: CaseInput): Promise<void>;
  patientWrites(caseId: string, message: PatientMessage): Promise<CaseAnswer>;
  staffWrites(caseId: string, message: StaffMessage): Promise<CaseAnswer>;
  closeCase(caseId: string, command: CloseCommand): Promise<CaseAnswer>;
  documentCase(caseId: string, command: DocumentCommand): Promise<CaseAnswer>;
  /**
   * Tells a case that the patient's side has read it up to the message of that number; one that has ended
   * needs no telling.
   */
  caseRead(caseId: string, number: number): Promise<void>;
  /** Tells a case that what became of a notice has changed; one that has ended needs no telling. */
  nudgeCase(caseId: string): Promise<void>;
  /** The case as its workflow itself sees it: for tests and the operator. */
  caseStatus(caseId: string): Promise<CaseSnapshot>;
  /** As {@link meetingIfAny}. */
  caseIfAny(caseId: string): Promise<CaseSnapshot | 'none' | 'cut-off'>;
  /** As {@link startMeetingAgain}. */
  startCaseAgain(input: CaseInput): Promise<void>;
  /** As {@link runningMeetings}. */
  runningCases(): Promise<string[]>;
  /** As {@link endMeeting}. */
  endCase(caseId: string, reason: string): Promise<void>;
  /** The invoices as their workflow itself sees them: for tests and the operator. */
  chargeStatus(meetingId: string, startVersion: number): Promise<ChargeSnapshot | null>;
  /**
   * The course as the workflow itself sees it: for tests and the operator; lists and pages read the database.
   */
  meetingStatus(meetingId: string): Promise<MeetingSnapshot>;
  /**
   * As {@link meetingStatus}: `none` where Temporal has no such workflow, `cut-off` where it was ended from
   * outside or has failed.
   */
  meetingIfAny(meetingId: string): Promise<MeetingSnapshot | 'none' | 'cut-off'>;
  /**
   * Starts a meeting's workflow again that is not there any more or was cut off; one that runs or has come to
   * its end stays.
   */
  startMeetingAgain(input: MeetingInput): Promise<void>;
  /** As {@link chargeStatus}, and whether it runs; null where Temporal has no such workflow. */
  chargeIfAny(meetingId: string, startVersion: number): Promise<FoundCharge | null>;
  /** Starts the workflow of invoices from their record, in place of one that runs. */
  startInvoicesAgain(input: InvoiceInput): Promise<void>;
  /** The meetings whose workflow runs, by what Temporal lists, which can be a moment old. */
  runningMeetings(): Promise<string[]>;
  /** The times of meetings whose invoices' workflow runs; likewise. */
  runningInvoices(): Promise<{ meetingId: string; startVersion: number }[]>;
  /**
   * Ends a meeting's workflow at once, if it runs: for the operator, where the record has no meeting any
   * more, or has it closed.
   */
  endMeeting(meetingId: string, reason: string): Promise<void>;
  /** Likewise, of the invoices of one time. */
  endInvoices(meetingId: string, startVersion: number, reason: string): Promise<void>;
  /**
   * How many workflows that have not ended were started before then: for the operator who takes a key away.
   */
  openStartedBefore(instant: Date): Promise<number>;
  /** Whether Temporal answers. */
  ping(): Promise<void>;
}

/** @param deadlineMs how long one call may take */
export function createTemporalGateway(
  client: Client,
  { taskQueue, deadlineMs }: { taskQueue: string; deadlineMs: number },
): TemporalGateway {
  const inTime = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + deadlineMs, call);
    } catch (error) {
      throw isUnavailable(error) ? new TemporalUnavailable(error) : error;
    }
  };
  /**
   * What a workflow has to answer: where it does not, says whether it is Temporal or the workflows that do
   * not, or the code of this one.
   */
  const byWorkflow = async <T>(workflowId: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await inTime(call);
    } catch (error) {
      if (!(error instanceof TemporalUnavailable) || !saysNothingOf(error.cause)) throw error;
      const looks = client.withDeadline(Date.now() + PING_MS, () => lookAtWorkflow(client, workflowId));
      const look = await looks.catch((): 'temporal-away' => 'temporal-away');
      if (look === 'temporal-away') throw error;
      throw new TemporalUnavailable(error.cause, look?.taskTrouble === 'failed' ? 'its-code' : 'workflows');
    }
  };
  /**
   * Makes sure of what Temporal has said of a workflow: that it has closed, or is not there. A server that
   * says so of one that runs, or of its whole namespace, knows nothing.
   */
  const sureNotRunning = async (workflowId: string, error: WorkflowNotFoundError): Promise<void> => {
    const described = await ifAny(inTime(() => client.workflow.getHandle(workflowId).describe()));
    if (described?.status.name === 'RUNNING') throw new TemporalUnavailable(error);
    const { namespace } = client.options;
    if (!described) await inTime(() => client.workflowService.describeNamespace({ namespace }));
  };
  const handle = (meetingId: string) => client.workflow.getHandle(meetingWorkflowId(meetingId));
  const invoicesHandle = (meetingId: string, startVersion: number) =>
    client.workflow.getHandle(invoiceWorkflowId(meetingId, startVersion));
  const running = (type: string): Promise<string[]> =>
    inTime(async () => {
      const query = `WorkflowType = "${type}" AND ExecutionStatus = "Running"`;
      const found: string[] = [];
      for await (const { workflowId, taskQueue: queue } of client.workflow.list({ query })) {
        if (queue === taskQueue) found.push(workflowId);
      }
      return found;
    });

  /** An update can meet the moment in which a history goes on as a new one: then it is for the next run. */
  const onceMoreWhereItGoesOn =
    <T>(workflowId: string, send: () => Promise<T>) =>
    async (error: unknown): Promise<T> => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      const described = await ifAny(inTime(() => client.workflow.getHandle(workflowId).describe()));
      if (described?.status.name !== 'RUNNING') throw error;
      return send();
    };

  async function update<Result, Args extends [unknown]>(
    definition: UpdateDefinition<Result, Args>,
    workflowId: string,
    updateId: string,
    args: Args,
  ): Promise<{ result: Result } | { refused: string }> {
    const workflow = client.workflow.getHandle(workflowId);
    const send = () => byWorkflow(workflowId, () => workflow.executeUpdate(definition, { updateId, args }));
    try {
      return { result: await send().catch(onceMoreWhereItGoesOn(workflowId, send)) };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) {
        await sureNotRunning(workflowId, error);
        return { refused: 'not-running' };
      }
      const refused = refusalOf(error);
      if (refused) return { refused };
      throw error;
    }
  }

  async function command<Args extends [unknown]>(
    definition: UpdateDefinition<MeetingSnapshot, Args>,
    meetingId: string,
    updateId: string,
    args: Args,
  ): Promise<MeetingAnswer> {
    const answer = await update(definition, meetingWorkflowId(meetingId), updateId, args);
    return 'result' in answer
      ? { snapshot: answer.result }
      : { refused: answer.refused as CommandRefusal | 'not-running' };
  }

  async function caseCommand<Args extends [unknown]>(
    definition: UpdateDefinition<CaseSnapshot, Args>,
    caseId: string,
    updateId: string,
    args: Args,
  ): Promise<CaseAnswer> {
    const answer = await update(definition, caseWorkflowId(caseId), updateId, args);
    return 'result' in answer
      ? { snapshot: answer.result }
      : { refused: answer.refused as CaseRefusal | 'not-running' };
  }

  /** One that has ended needs no telling. */
  async function signal<Args extends unknown[]>(
    workflowId: string,
    definition: SignalDefinition<Args>,
    ...args: Args
  ): Promise<void> {
    try {
      await inTime(() => client.workflow.getHandle(workflowId).signal(definition, ...args));
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await sureNotRunning(workflowId, error);
    }
  }

  const invoiceStart = (input: InvoiceInput) => ({
    workflowId: invoiceWorkflowId(input.meetingId, input.startVersion),
    taskQueue,
    args: [{ ...input, commandsAreSaved: true as const }],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    ...invoiceAbout(input),
  });

  async function invoiceCommand<Args extends [unknown]>(
    definition: UpdateDefinition<ChargeSnapshot, Args>,
    input: InvoiceInput,
    updateId: string,
    args: Args,
  ): Promise<InvoiceAnswer> {
    try {
      const snapshot = await byWorkflow(invoiceWorkflowId(input.meetingId, input.startVersion), () =>
        client.workflow.executeUpdateWithStart(definition, {
          updateId,
          args,
          startWorkflowOperation: new WithStartWorkflowOperation(INVOICE_WORKFLOW, {
            ...invoiceStart(input),
            workflowIdConflictPolicy: 'USE_EXISTING',
          }),
        }),
      );
      return { snapshot };
    } catch (error) {
      // It ended as the command came: the next try starts it anew, with what it came to.
      if (error instanceof WorkflowNotFoundError) throw new TemporalUnavailable(error);
      const refused = refusalOf(error);
      if (refused) return { refused: refused as InvoiceRefusal };
      throw error;
    }
  }

  async function startMeeting(
    input: MeetingInput,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY',
  ): Promise<void> {
    try {
      await inTime(() =>
        client.workflow.start(input.recipients ? CARE_MEETING_WORKFLOW : MEETING_WORKFLOW_OF_0_1, {
          workflowId: meetingWorkflowId(input.meetingId),
          taskQueue,
          args: [input],
          workflowIdReusePolicy,
          ...meetingAbout(input),
        }),
      );
    } catch (error) {
      unlessStarted(error);
    }
  }

  async function startCase(
    input: CaseInput,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY',
  ): Promise<void> {
    try {
      await inTime(() =>
        client.workflow.start(CASE_WORKFLOW, {
          workflowId: caseWorkflowId(input.caseId),
          taskQueue,
          args: [input],
          workflowIdReusePolicy,
          ...caseAbout(input),
        }),
      );
    } catch (error) {
      unlessStarted(error);
    }
  }

  async function statusIfAny<Status>(
    workflowId: string,
    query: QueryDefinition<Status>,
  ): Promise<Status | 'none' | 'cut-off'> {
    const workflow = client.workflow.getHandle(workflowId);
    const described = await ifAny(inTime(() => workflow.describe()));
    if (!described) return 'none';
    const { name } = described.status;
    if (name !== 'RUNNING' && name !== 'COMPLETED') return 'cut-off';
    return inTime(() => workflow.query(query));
  }

  return {
    // The id is random and stored before: started already means started by an earlier try of the same
    // booking.
    startMeeting: (input) => startMeeting(input, 'REJECT_DUPLICATE'),
    cancelMeeting: (meetingId, commandId, args) => command(cancelUpdate, meetingId, commandId, [args]),
    rebookMeeting: (meetingId, commandId, args) => command(rebookUpdate, meetingId, commandId, [args]),
    changeDuration: (meetingId, commandId, args) => command(durationUpdate, meetingId, commandId, [args]),
    enterMeeting: (meetingId, commandId, args) => command(entryUpdate, meetingId, commandId, [args]),
    stateOutcome: (meetingId, commandId, args) => command(outcomeUpdate, meetingId, commandId, [args]),
    registerVisit: (meetingId, commandId, args) => command(registerUpdate, meetingId, commandId, [args]),
    // As with a meeting.
    startCase: (input) => startCase(input, 'REJECT_DUPLICATE'),
    startCaseAgain: (input) => startCase(input, 'ALLOW_DUPLICATE_FAILED_ONLY'),
    patientWrites: (caseId, message) =>
      caseCommand(patientWritesUpdate, caseId, message.messageId, [message]),
    staffWrites: (caseId, message) => caseCommand(staffWritesUpdate, caseId, message.messageId, [message]),
    closeCase: (caseId, args) => caseCommand(closeUpdate, caseId, args.commandId, [args]),
    documentCase: (caseId, args) => caseCommand(documentUpdate, caseId, args.commandId, [args]),
    caseRead: (caseId, number) => signal(caseWorkflowId(caseId), readSignal, number),
    nudgeCase: (caseId) => signal(caseWorkflowId(caseId), lookAtNoticesSignal),
    caseIfAny: (caseId) => statusIfAny(caseWorkflowId(caseId), caseQuery),
    runningCases: async () => (await running(CASE_WORKFLOW)).map(caseIdOf),
    async endCase(caseId, reason) {
      await ifAny(inTime(() => client.workflow.getHandle(caseWorkflowId(caseId)).terminate(reason)));
    },
    caseStatus: (caseId) => inTime(() => client.workflow.getHandle(caseWorkflowId(caseId)).query(caseQuery)),
    resendNotice: (meetingId, commandId, args) => command(resendUpdate, meetingId, commandId, [args]),
    propose: (input, proposal) =>
      invoiceCommand(proposeUpdate, input, `proposal-${proposal.basis}`, [proposal]),
    approveInvoice: (input, args) => invoiceCommand(approveUpdate, input, args.commandId, [args]),
    waiveInvoice: (input, args) => invoiceCommand(waiveUpdate, input, args.commandId, [args]),
    objectToInvoice: (input, args) => invoiceCommand(objectUpdate, input, args.commandId, [args]),
    answerInvoice: (input, args) => invoiceCommand(billingAnswerUpdate, input, args.commandId, [args]),
    creditInvoice: (input, args) => invoiceCommand(creditUpdate, input, args.commandId, [args]),
    replaceInvoice: (input, args) => invoiceCommand(replaceUpdate, input, args.commandId, [args]),
    chargeStatus: (meetingId, startVersion) =>
      inTime(() => invoicesHandle(meetingId, startVersion).query(chargeQuery)),
    tellFact: (meetingId, fact) => signal(meetingWorkflowId(meetingId), factSignal, fact),
    nudgeMeeting: (meetingId, cause) => signal(meetingWorkflowId(meetingId), lookAgainSignal, cause),
    meetingStatus: (meetingId) => inTime(() => handle(meetingId).query(statusQuery)),
    meetingIfAny: (meetingId) => statusIfAny(meetingWorkflowId(meetingId), statusQuery),
    startMeetingAgain: (input) => startMeeting(input, 'ALLOW_DUPLICATE_FAILED_ONLY'),
    async chargeIfAny(meetingId, startVersion) {
      const found = invoicesHandle(meetingId, startVersion);
      const described = await ifAny(inTime(() => found.describe()));
      if (!described) return null;
      const charge = await inTime(() => found.query(chargeQuery));
      return { charge, isRunning: described.status.name === 'RUNNING' };
    },
    async startInvoicesAgain(input) {
      await inTime(() =>
        client.workflow.start(INVOICE_WORKFLOW, {
          ...invoiceStart(input),
          workflowIdConflictPolicy: 'TERMINATE_EXISTING',
        }),
      );
    },
    runningMeetings: async () => (await Promise.all(meetingWorkflows.map(running))).flat().map(meetingIdOf),
    runningInvoices: async () => (await running(INVOICE_WORKFLOW)).map(invoicesOf),
    async endMeeting(meetingId, reason) {
      await ifAny(inTime(() => handle(meetingId).terminate(reason)));
    },
    async endInvoices(meetingId, startVersion, reason) {
      await ifAny(inTime(() => invoicesHandle(meetingId, startVersion).terminate(reason)));
    },
    async openStartedBefore(instant) {
      const query = `ExecutionStatus = "Running" AND StartTime < "${instant.toISOString()}"`;
      return (await inTime(() => client.workflow.count(query))).count;
    },
    async ping() {
      await inTime(() => client.workflowService.getSystemInfo({}));
    },
  };
}

async function ifAny<T>(status: Promise<T>): Promise<T | null> {
  try {
    return await status;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

function refusalOf(error: unknown): string | null {
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  const { cause } = error;
  return cause instanceof ApplicationFailure && cause.type === REFUSED ? cause.message : null;
}

/**
 * Already started means started by an earlier try. @throws whatever else it is: one that is to be started
 * cannot be missing
 */
function unlessStarted(error: unknown): void {
  if (error instanceof WorkflowNotFoundError) throw new TemporalUnavailable(error);
  if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
}

/** How long Temporal may take to say that it is there, once a workflow has not answered in time. */
const PING_MS = 1_000;

/** Nobody answered in time, or Temporal does not even ask: it does so where a workflow's task fails and fails. */
function saysNothingOf(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  if (isGrpcServiceError(error)) {
    const code: number = error.code;
    return code === DEADLINE_EXCEEDED || code === FAILED_PRECONDITION;
  }
  return error instanceof Error && error.cause !== undefined && saysNothingOf(error.cause);
}
const [DEADLINE_EXCEEDED, FAILED_PRECONDITION] = [4, 9];
