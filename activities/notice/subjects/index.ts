import type { LedgerRow } from '../../../records/ledger';
import { CODE_KIND, isCaseNotice } from '../../../rules/notices';
import type { ActivityDeps } from '../../deps';
import { createCaseSubject } from './case';
import { createMeetingSubject } from './meeting';
import { createPersonSubject } from './person';
import type { NoticeSubject } from './subject';

/** What each kind of notice is about. */
export interface NoticeSubjects {
  of(kind: LedgerRow['kind']): NoticeSubject;
}

export function createNoticeSubjects(deps: Pick<ActivityDeps, 'records'>): NoticeSubjects {
  const [meeting, messageCase, person] = [
    createMeetingSubject(deps),
    createCaseSubject(deps),
    createPersonSubject(deps),
  ];
  return { of: (kind) => (isCaseNotice(kind) ? messageCase : kind === CODE_KIND ? person : meeting) };
}
