import type { Channel } from '../../rules/consents';
import type { Instant } from '../../rules/instant';
import type { PreparedNotice } from '../shared/hand-over-contract';
import type { CaseDelivery, CaseSnapshot, Tell } from './messages';

/** What a message case asks of the world. */
export interface CaseActivities {
  /**
   * Saves the read model, unless a newer one is there already: with it what the clinic's system hears and
   * what staff are asked to do.
   */
  saveCase(snapshot: CaseSnapshot): Promise<void>;
  /** How far the read model has been kept already: the API keeps what a command was answered with. */
  keptCase(caseId: string): Promise<{ version: number; happened: number }>;
  /**
   * Ends when no command about the case waits that was received before the deadline: its reply would be in
   * time (R6.2).
   */
  noReplyUnderWay(asked: { caseId: string; deadlineAt: Instant }): Promise<void>;
  /** The next openings of the clinic after the instant. */
  openingsAfter(asked: { caseId: string; after: Instant }): Promise<Instant[]>;
  /** Who hears of the case now; each is given the notice by itself. */
  noticeRecipients(caseId: string): Promise<CaseRecipient[]>;
  /**
   * For cases that were started by 0.1.0: enters the notice of a burst into the ledger for each who hears of
   * it; answers with the rows that must be handed over.
   */
  prepareCaseNotice(order: CaseNoticeOrder): Promise<PreparedCaseNotice>;
  /** Looks where the last notice stands with each recipient. */
  lookAtNotices(caseId: string): Promise<CaseDelivery[]>;
  /**
   * Tells staff or the operations manager by e-mail (R6.3); `notBefore` where the clinic is closed and
   * nothing was sent.
   */
  tellClinic(order: TellOrder): Promise<{ notBefore: Instant | null }>;
}

/** One who hears of a case. */
export interface CaseRecipient {
  participantId: string;
  /** As in the deliveries that administrators see. */
  number: number;
  /** The queue that their notice goes through at first. */
  queue: Channel;
}

/** What became of a case's notice that was due. */
export type PreparedCaseNotice = Omit<PreparedNotice, 'told'> & { told: CaseDelivery[] };

export interface CaseNoticeOrder {
  caseId: string;
  burst: number;
  lastUsefulAt: Instant;
}

export type TellOrder = { caseId: string } & Pick<Tell, 'tellId' | 'kind' | 'deadlineAt'>;
