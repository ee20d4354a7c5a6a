import { mailSubjectOfCode } from '../../../integrations/mail/subjects';
import { codeText } from '../../../integrations/sms/texts';
import type { OpenWay } from '../../../rules/calendar/who-hears';
import { codeHoldsNoMore, type NotHandedOver } from '../../../rules/ledger';
import { isForeign } from '../../../rules/phone-number';
import type { ActivityDeps } from '../../deps';
import type { NoticeSubject } from './subject';

/**
 * A code for a number or an address that somebody typed for themselves (R2.13). Like a notice it goes at most
 * once. It is no notice: it asks for no consent, since whoever typed the number asks for the code, and it
 * does not wait for the morning.
 */
export function createPersonSubject({ records }: Pick<ActivityDeps, 'records'>): NoticeSubject {
  return {
    async load(notice, row, now, session) {
      if (!row) throw new Error('a code is entered before it is handed over');
      const { clinicId, personId } = row;
      const channel = row.channel ?? 'sms';
      const found = await records.wayCodes.find(personId, channel, now, session);
      const code = found?.codeId === notice.subjectId ? found : null;
      const person = await records.people.findForHandOver(personId, session);
      if (!person) throw new Error('the recipient has no record');
      const { settings } = await records.clinics.byId(clinicId);
      const way: OpenWay = { channel, to: code?.to ?? '', obstacle: null };
      const skipped = (reason: string): NotHandedOver => ({ state: 'skipped', reason });
      return {
        clinicId,
        settings,
        participants: [notice],
        recipient: { personId, way },
        others: [],
        over: code ? null : codeHoldsNoMore,
        morning: null,
        dueAt: null,
        noteEntered: null,
        decide(overCap) {
          if (!code) return codeHoldsNoMore;
          if (person.protectedIdentity) return skipped('protected-identity');
          if (channel === 'sms' && isForeign(code.to) && !settings.foreignNumbers)
            return skipped('foreign-number');
          return overCap ? skipped(overCap) : { state: 'handing-over', way };
        },
        waitMs: () => Promise.resolve(0),
        late: () => null,
        text: () =>
          Promise.resolve({
            mailSubject: mailSubjectOfCode(person.language),
            text: codeText(person.language, code!.code),
          }),
      };
    },
    due: () => Promise.resolve(null),
    planAgain: () => Promise.reject(new Error('a code is never entered anew')),
    participants: (codeId) => Promise.resolve([{ participantId: codeId }]),
  };
}
