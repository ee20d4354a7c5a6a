import type { Records } from '../../../records';
import type { AuditEntry } from '../../../records/audit';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import { inStockholm } from '../../../rules/calendar/stockholm';
import type { Language } from '../../../rules/notices';
import { staffRoles, type StaffRole } from '../../../rules/staff';
import { wording } from '../../frame/wording';
import { roleWords } from '../frame/role-words';
import { deskWords, nameInList } from '../frame/words';
import { operationWords } from './log-words';

/** The names in rows of the audit log, read together. */
export interface LogNames {
  staff: Map<string, StaffMember>;
  people: Map<string, Person>;
}

/** Reads who acted in the rows: of staff by their references, of others by their ids. */
export async function readNames(
  records: Records,
  clinicId: string,
  entries: AuditEntry[],
): Promise<LogNames & { personIds: string[] }> {
  const staffIds = [...new Set(entries.flatMap(({ actor }) => ('staffId' in actor ? actor.staffId : [])))];
  const personIds = [...new Set(entries.flatMap(({ actor }) => ('personId' in actor ? actor.personId : [])))];
  const [staff, people] = await Promise.all([
    records.staff.byStaffIds(clinicId, staffIds),
    records.people.findAll(clinicId, personIds),
  ]);
  return { staff, people, personIds: [...people.keys()] };
}

/** A row of the audit log in words. */
export interface LogRow {
  /** In Stockholm, to the second. */
  at: string;
  who: string;
  /** The role, and of staff whether they logged in themselves or the clinic's system named them (R8.7). */
  as: string;
  what: string;
  why: string;
  allowed: string;
}

/** A row of the log as people read it: who, as what, when, what, why, and whether it was allowed. */
export function rowInWords(entry: AuditEntry, names: LogNames, language: Language): LogRow {
  const words = texts[language];
  return {
    at: inStockholm(new Date(entry.at)).toFormat('yyyy-MM-dd HH:mm:ss'),
    ...whoIn(entry, names, language),
    what: operationWords(entry.operation, language),
    why: entry.reason ?? '',
    allowed: entry.allowed ? words.allowed : words.refused,
  };
}

function whoIn(
  { actor, personId }: AuditEntry,
  { staff, people }: LogNames,
  language: Language,
): Pick<LogRow, 'who' | 'as'> {
  const words = texts[language];
  switch (actor.kind) {
    case 'staff': {
      const { staffId, role, loggedIn } = actor;
      const member = staff.get(staffId);
      return {
        who: member ? `${member.name}, ${member.title} (${staffId})` : staffId,
        // The system names nobody.
        as:
          role === 'system'
            ? roleIn(role, language)
            : `${roleIn(role, language)}, ${loggedIn ? words.loggedIn : words.named}`,
      };
    }
    case 'operator':
      return { who: actor.operator, as: words.operator };
    case 'stranger':
      return { who: words.stranger, as: words.strangerAs };
    case 'patient':
    case 'guardian':
    case 'relative':
    case 'interpreter':
    case 'guest': {
      const as = deskWords[language].participants[actor.kind];
      const who =
        actor.personId === personId ? words.own : nameInList(people.get(actor.personId), deskWords[language]);
      return { who, as: `${as}, ${words.loggedIn}` };
    }
  }
}

const roleIn = (role: string, language: Language): string =>
  isStaffRole(role) ? roleWords[language][role] : role;
const isStaffRole = (role: string): role is StaffRole => (staffRoles as readonly string[]).includes(role);

const texts = wording({
  sv: {
    allowed: 'Tilläts',
    refused: 'Nekades',
    loggedIn: 'inloggad',
    named: 'namngiven av mottagningens system',
    operator: 'Tjänstens drift',
    stranger: 'Någon som inte hör till',
    strangerAs: 'Okänd',
    own: 'Personen själv',
  },
  en: {
    allowed: 'Allowed',
    refused: 'Refused',
    loggedIn: 'logged in',
    named: 'named by the clinic’s system',
    operator: 'The service’s operator',
    stranger: 'Somebody who is no party to it',
    strangerAs: 'Unknown',
    own: 'The person',
  },
});
