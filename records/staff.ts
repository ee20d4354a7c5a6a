import type { Connection } from 'mongoose';
import { createSharedReads } from '../platform/shared-reads';
import type { Instant } from '../rules/instant';
import type { DeskRole } from '../rules/staff';
import { changeIf, collection, isDuplicate, notLater } from './schema';

/** A member of a clinic's staff (R8.7; design, decision 18). */
export interface StaffMember {
  memberId: string;
  clinicId: string;
  name: string;
  /** Such as `fysioterapeut`. */
  title: string;
  /** The name that patients see: staff can be protected too. */
  shownName: string;
  /** The references that the clinic's systems use for this person; acts on the desk are under the first. */
  staffIds: string[];
  roles: DeskRole[];
  /** Who it is at the staff's login provider, such as an HSA-id; null for one who does not log in. */
  login: string | null;
  /** Nobody who has left logs in; what they did keeps their name. */
  isActive: boolean;
  /** When the change that stands was received. */
  changedAt: Instant;
}

interface StaffRow extends Omit<StaffMember, 'memberId'> {
  _id: string;
  /** `<clinicId>/<staffId>` for each reference: a reference is one person's at a clinic. */
  refs: string[];
  /** `<clinicId>/<login>`: a login is one person's at a clinic, and can be known at several. Absent for none. */
  clinicLogin?: string;
}

export interface Staff {
  /** False where a reference or the login is another's at the clinic; the same again changes nothing. */
  add(member: StaffMember): Promise<boolean>;
  /**
   * Replaces a record, unless a change received later stands. `known`: a reference or login is another's.
   *
   * @param asRead when the record was changed last as the caller has read it: whatever came since stands
   */
  change(member: StaffMember, asRead?: Instant): Promise<'changed' | 'overtaken' | 'known'>;
  /** Null for one who is not this clinic's. */
  find(clinicId: string, memberId: string): Promise<StaffMember | null>;
  /** All of a clinic's, by name. */
  list(clinicId: string): Promise<StaffMember[]>;
  /** The active records of one login, over all clinics. */
  ofLogin(login: string): Promise<StaffMember[]>;
  /** By the reference that was asked for; what nobody has is left out. */
  byStaffIds(clinicId: string, staffIds: string[]): Promise<Map<string, StaffMember>>;
}

export function createStaff(connection: Connection): Staff {
  const rows = collection<StaffRow>(
    connection,
    'staff',
    {
      clinicId: String,
      name: String,
      title: String,
      shownName: String,
      staffIds: [String],
      roles: [String],
      login: String,
      isActive: Boolean,
      changedAt: String,
      refs: [String],
      clinicLogin: String,
    },
    [
      [{ refs: 1 }, { unique: true }],
      [{ clinicLogin: 1 }, { unique: true, sparse: true }],
      [{ clinicId: 1 }],
      [{ login: 1 }],
    ],
  );
  const rowOf = ({ memberId, ...member }: StaffMember): StaffRow => ({
    _id: memberId,
    ...member,
    refs: member.staffIds.map((staffId) => refOf(member.clinicId, staffId)),
    ...(member.login === null ? {} : { clinicLogin: refOf(member.clinicId, member.login) }),
  });
  const memberOf = ({ _id, refs, clinicLogin, ...member }: StaffRow): StaffMember => ({
    memberId: _id,
    ...member,
  });
  // Each request of the desk reads who asks; a list of meetings asks for the same few again.
  const read = createSharedReads((memberId) => rows.findById(memberId).lean<StaffRow>());

  return {
    async add(member) {
      try {
        await rows.create(rowOf(member));
        return true;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const known = await rows.findById(member.memberId).lean<StaffRow>();
        return known?.clinicId === member.clinicId;
      }
    },
    async change(member, asRead) {
      const { _id, ...set } = rowOf(member);
      // Carried out twice, the second run finds what the first has written.
      const isAsRead = ({ changedAt }: StaffRow): boolean =>
        asRead === undefined || changedAt === asRead || changedAt === member.changedAt;
      try {
        const before = await changeIf(
          rows,
          _id,
          (row) =>
            row.clinicId === member.clinicId && isAsRead(row) && notLater(row.changedAt, member.changedAt),
          { $set: set, ...(member.login === null ? { $unset: { clinicLogin: 1 } } : {}) },
        );
        return before ? 'changed' : 'overtaken';
      } catch (error) {
        if (isDuplicate(error)) return 'known';
        throw error;
      }
    },
    async find(clinicId, memberId) {
      const row = await read(memberId);
      return row?.clinicId === clinicId ? memberOf(row) : null;
    },
    async list(clinicId) {
      const found = await rows.find({ clinicId }).lean<StaffRow[]>();
      return found.map(memberOf).sort((a, b) => a.name.localeCompare(b.name, 'sv'));
    },
    async ofLogin(login) {
      const found = await rows.find({ login }).lean<StaffRow[]>();
      return found.map(memberOf).filter(({ isActive }) => isActive);
    },
    async byStaffIds(clinicId, staffIds) {
      if (staffIds.length === 0) return new Map();
      const refs = staffIds.map((staffId) => refOf(clinicId, staffId));
      const found = (await rows.find({ refs: { $in: refs } }).lean<StaffRow[]>()).map(memberOf);
      return new Map(
        staffIds.flatMap((staffId) => {
          const member = found.find((each) => each.staffIds.includes(staffId));
          return member ? [[staffId, member] as const] : [];
        }),
      );
    },
  };
}

/** A clinic's id has no slash. */
const refOf = (clinicId: string, reference: string): string => `${clinicId}/${reference}`;
