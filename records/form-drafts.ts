import type { Connection } from 'mongoose';
import type { PersonKeys } from './person-keys';
import { changeIf, collection, isDuplicate } from './schema';

/** What somebody has filled in so far, as they typed it, by question id. */
export type DraftAnswers = Record<string, string[]>;

/** Whose draft it is: each participant has their own, of the patient's form for one meeting. */
export interface DraftOf {
  meetingId: string;
  formId: string;
  participantId: string;
  patientId: string;
}

interface FormDraftRow {
  _id: string;
  patientId: string;
  /** With the patient's key: what is half filled in is as much the patient's as what is sent in. */
  sealed: Buffer;
  savedAt: Date;
  /** Counted up by each save, so that none is lost to another from elsewhere. */
  version: number;
}

/**
 * Forms that are not sent in yet, kept as they are filled in: on another device one goes on where one was.
 */
export interface FormDrafts {
  read(of: DraftOf): Promise<DraftAnswers>;
  /** The same, with when it was saved last; null where there is none. */
  find(of: DraftOf): Promise<{ answers: DraftAnswers; savedAt: Date } | null>;
  /**
   * Keeps what was changed, beside what stands already: an older page in another tab undoes nothing but what
   * is changed there.
   */
  save(of: DraftOf, changed: DraftAnswers, now: Date): Promise<void>;
  /** The same, where what is changed depends on what stands; nothing is written where that is null. */
  change(of: DraftOf, how: (draft: DraftAnswers) => DraftAnswers | null, now: Date): Promise<void>;
  /** The form was sent in: its draft is of no more use. */
  remove(of: DraftOf): Promise<void>;
}

/** A draft that was never sent in goes after this long (R8.4; ours). */
const KEPT_SECONDS = 90 * 24 * 3_600;
/** Tries against saves from other tabs; each of them means that another one got through. */
const TRIES = 20;

export function createFormDrafts(connection: Connection, personKeys: PersonKeys): FormDrafts {
  const rows = collection<FormDraftRow>(
    connection,
    'formDrafts',
    { patientId: String, sealed: Buffer, savedAt: Date, version: Number },
    [[{ savedAt: 1 }, { expireAfterSeconds: KEPT_SECONDS }]],
  );
  const idOf = ({ meetingId, formId, participantId }: DraftOf): string =>
    `${meetingId}:${formId}:${participantId}`;
  const placeOf = (of: DraftOf): string => `form-draft:${idOf(of)}`;

  async function find(
    of: DraftOf,
  ): Promise<{ answers: DraftAnswers; version: number; savedAt: Date } | null> {
    const row = await rows.findById(idOf(of)).lean<FormDraftRow>();
    if (!row) return null;
    const answers = await personKeys.unseal<DraftAnswers>(row.patientId, placeOf(of), row.sealed);
    return { answers, version: row.version, savedAt: row.savedAt };
  }

  /** False where another save came first. */
  async function write(
    of: DraftOf,
    known: { answers: DraftAnswers; version: number } | null,
    changed: DraftAnswers,
    savedAt: Date,
  ): Promise<boolean> {
    const sealed = await personKeys.seal(of.patientId, placeOf(of), { ...known?.answers, ...changed });
    const version = (known?.version ?? 0) + 1;
    const fresh = { patientId: of.patientId, sealed, savedAt, version };
    if (known) {
      const written = await changeIf(rows, idOf(of), (row) => row.version === known.version, { $set: fresh });
      return written !== null;
    }
    try {
      await rows.create({ _id: idOf(of), ...fresh });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  const change: FormDrafts['change'] = async (of, how, now) => {
    for (let left = TRIES; left > 0; left -= 1) {
      const known = await find(of);
      const changed = how(known?.answers ?? {});
      if (changed === null || (await write(of, known, changed, now))) return;
    }
    throw new Error('a draft was being changed from elsewhere all the time');
  };

  return {
    read: async (of) => (await find(of))?.answers ?? {},
    find,
    save: (of, changed, now) => change(of, () => changed, now),
    change,
    async remove(of) {
      await rows.deleteOne({ _id: idOf(of) });
    },
  };
}
