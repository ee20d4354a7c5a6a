import type { Connection } from 'mongoose';
import type { FormAnswers, FormQuestion } from '../rules/forms';
import type { Instant } from '../rules/instant';
import type { PersonKeys } from './person-keys';
import { changeIf, collection, isDuplicate, json, notLater } from './schema';

/**
 * A clinic's form. It never changes once made, so that answers keep their questions; a new wording is a new
 * form.
 */
export interface Form {
  formId: string;
  clinicId: string;
  title: string;
  questions: FormQuestion[];
}

interface FormRow {
  _id: string;
  clinicId: string;
  title: string;
  questions: FormQuestion[];
  createdAt: Date;
}

/** Answers given for one meeting; a later filling-in replaces an earlier one. */
export interface FilledForm {
  meetingId: string;
  /** The time that the meeting had when it was filled in. */
  startVersion: number;
  formId: string;
  clinicId: string;
  patientId: string;
  answers: FormAnswers;
  /** By the patient's side, or by staff with the patient by telephone (R3.1). */
  answeredBy: 'patient' | 'guardian' | 'staff-by-telephone';
  recordedBy: string;
  recordedAt: Instant;
}

interface FilledFormRow extends Omit<FilledForm, 'answers'> {
  _id: string;
  sealed: Buffer;
}

export interface Forms {
  add(form: Form, now: Date): Promise<void>;
  find(clinicId: string, formId: string): Promise<Form | null>;
  list(clinicId: string): Promise<Form[]>;
  /** Saves answers, unless some given later stand already. */
  saveFilled(filled: FilledForm): Promise<void>;
  /** Which forms are filled in for a meeting, by whom and when; without their answers. */
  filledFor(meetingId: string): Promise<Omit<FilledForm, 'answers'>[]>;
  readFilled(clinicId: string, meetingId: string, formId: string): Promise<FilledForm | null>;
}

export function createForms(connection: Connection, personKeys: PersonKeys): Forms {
  const forms = collection<FormRow>(
    connection,
    'forms',
    { clinicId: String, title: String, questions: json, createdAt: Date },
    [[{ clinicId: 1 }]],
  );
  const filledForms = collection<FilledFormRow>(
    connection,
    'filledForms',
    {
      meetingId: String,
      startVersion: Number,
      formId: String,
      clinicId: String,
      patientId: String,
      sealed: Buffer,
      answeredBy: String,
      recordedBy: String,
      recordedAt: String,
    },
    [[{ meetingId: 1 }]],
  );
  const formOf = ({ _id, clinicId, title, questions }: FormRow): Form => ({
    formId: _id,
    clinicId,
    title,
    questions,
  });
  const idOf = (meetingId: string, formId: string): string => `${meetingId}:${formId}`;
  const withoutAnswers = (row: FilledFormRow): Omit<FilledForm, 'answers'> => ({
    meetingId: row.meetingId,
    startVersion: row.startVersion,
    formId: row.formId,
    clinicId: row.clinicId,
    patientId: row.patientId,
    answeredBy: row.answeredBy,
    recordedBy: row.recordedBy,
    recordedAt: row.recordedAt,
  });

  return {
    async add({ formId, clinicId, title, questions }, now) {
      await forms.updateOne(
        { _id: formId },
        { $setOnInsert: { clinicId, title, questions, createdAt: now } },
        { upsert: true },
      );
    },
    async find(clinicId, formId) {
      const row = await forms.findById(formId).lean<FormRow>();
      return row?.clinicId === clinicId ? formOf(row) : null;
    },
    async list(clinicId) {
      return (await forms.find({ clinicId }).sort({ createdAt: 1 }).lean<FormRow[]>()).map(formOf);
    },
    async saveFilled({ answers, ...filled }) {
      const _id = idOf(filled.meetingId, filled.formId);
      const sealed = await personKeys.seal(filled.patientId, `form:${_id}`, answers);
      try {
        await filledForms.create({ _id, ...filled, sealed });
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const isOlder = (row: FilledFormRow): boolean => notLater(row.recordedAt, filled.recordedAt);
        await changeIf(filledForms, _id, isOlder, { $set: { ...filled, sealed } });
      }
    },
    async filledFor(meetingId) {
      return (await filledForms.find({ meetingId }).lean<FilledFormRow[]>()).map(withoutAnswers);
    },
    async readFilled(clinicId, meetingId, formId) {
      const _id = idOf(meetingId, formId);
      const row = await filledForms.findById(_id).lean<FilledFormRow>();
      if (row?.clinicId !== clinicId) return null;
      const answers = await personKeys.unseal<FormAnswers>(row.patientId, `form:${_id}`, row.sealed);
      return { ...withoutAnswers(row), answers };
    },
  };
}
