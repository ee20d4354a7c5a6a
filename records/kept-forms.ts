import type { Connection } from 'mongoose';
import type { PersonKeys } from './person-keys';
import { collection } from './schema';
import type { ActingMember } from './staff-sessions';

/** The fields of a form as they were posted. */
export type PostedForm = Record<string, string | string[]>;

interface KeptFormRow {
  _id: string;
  personId: string;
  /** With the key of the person whom it is about. */
  sealed: Buffer;
  keptUntil: Date;
}

/**
 * What a member of staff had filled in when their login ended: given back to them alone, at the same clinic,
 * after they have logged in again.
 */
export interface KeptForms {
  /** Keeps it in place of the one before. @param personId of the clinic, whom it is about */
  keep(who: ActingMember, personId: string, form: PostedForm, now: Date): Promise<void>;
  /** Null where there is none, or no longer. */
  read(who: ActingMember, now: Date): Promise<PostedForm | null>;
  /** It was carried out, and is of no more use. */
  remove(who: ActingMember): Promise<void>;
}

/** Long enough to log in again, with a pause. */
const KEPT_MS = 60 * 60_000;

export function createKeptForms(connection: Connection, personKeys: PersonKeys): KeptForms {
  const rows = collection<KeptFormRow>(
    connection,
    'keptForms',
    { personId: String, sealed: Buffer, keptUntil: Date },
    [[{ keptUntil: 1 }, { expireAfterSeconds: 0 }]],
  );
  const idOf = ({ clinicId, memberId }: ActingMember): string => `${clinicId}:${memberId}`;
  const placeOf = (who: ActingMember): string => `kept-form:${idOf(who)}`;
  return {
    async keep(who, personId, form, now) {
      const sealed = await personKeys.seal(personId, placeOf(who), form);
      const keptUntil = new Date(now.getTime() + KEPT_MS);
      await rows.updateOne({ _id: idOf(who) }, { $set: { personId, sealed, keptUntil } }, { upsert: true });
    },
    async read(who, now) {
      const row = await rows.findById(idOf(who)).lean<KeptFormRow>();
      if (!row || row.keptUntil <= now) return null;
      return personKeys.unseal<PostedForm>(row.personId, placeOf(who), row.sealed);
    },
    async remove(who) {
      await rows.deleteOne({ _id: idOf(who) });
    },
  };
}
