import { randomUUID } from 'node:crypto';
import { carryOut } from '../../use-cases/carry-out';
import { randomId } from '../../platform/keys/random-id';
import type { Answer } from '../../records/commands';
import type { Actor } from '../../rules/actor';
import type { Clock } from '../../rules/clock';
import type { TestClinic } from './clinic';
import { testKeys } from './keys';
import { notePersonal, noteTexts } from './personal';
import type { Service } from './service';

/** A message case of a test. */
export interface TestCase {
  caseId: string;
  path: string;
  patientId: string;
}

/** Staff open a case, which the member of staff then has. */
export async function openCase(clinic: TestClinic, patientId: string, body: object = {}): Promise<TestCase> {
  const { status, body: read } = await clinic.call('POST', '/clinic/cases', {
    body: { patientId, subject: 'Uppföljning', text: 'Hur går det?', assignTo: 'clinician-1', ...body },
  });
  if (status !== 201) throw new Error(`no case: ${status} ${JSON.stringify(read)}`);
  const { caseId } = read as { caseId: string };
  return { caseId, path: `/clinic/cases/${caseId}`, patientId };
}

/** Carries out what the patients' pages ask for: stored first, as whoever has logged in. */
export async function asPerson(
  { records, temporal }: Service,
  clock: Clock,
  request: {
    clinicId: string;
    actor: Exclude<Actor, { kind: 'staff' }>;
    operation: string;
    params?: Record<string, string>;
    body: unknown;
    key?: string;
  },
): Promise<Answer> {
  const { clinicId, actor, operation, params = {}, body, key = randomUUID() } = request;
  // As with what comes over HTTP.
  notePersonal('/clinic/cases', body);
  const stored = { clinicId, operation, actor, reason: null, params, body };
  const acceptance = await records.commands.accept(key, stored, clock.now());
  const deps = { records, temporal, clock, roomKey: testKeys.roomKey };
  switch (acceptance.kind) {
    case 'carry-out':
      return carryOut(deps, acceptance.command);
    case 'answered':
      return acceptance.answer;
    case 'under-way':
      return { status: 409, body: null };
    case 'other-content':
      throw new Error('the key came with other content before');
  }
}

/** The patient writes in a case. */
export const patientWrites = (
  service: Service,
  clock: Clock,
  { clinicId }: Pick<TestClinic, 'clinicId'>,
  { caseId, patientId }: TestCase,
  text: string,
  key?: string,
): Promise<Answer> =>
  asPerson(service, clock, {
    clinicId,
    actor: { kind: 'patient', personId: patientId },
    operation: 'case.write',
    params: { caseId },
    body: { text, fileIds: [], asksForMore: false },
    ...(key ? { key } : {}),
  });

/** A file in a form, as browsers send it; text only, which a small PDF can be. */
export function formWith(
  file: { name: string; type: string; content: string },
  boundary = `form-${randomId()}`,
): { body: string; headers: Record<string, string> } {
  noteTexts([file.name, file.content]);
  return {
    body:
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.name}"\r\n` +
      `Content-Type: ${file.type}\r\n\r\n${file.content}\r\n--${boundary}--\r\n`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

/** A PDF of one empty page. */
export const smallPdf =
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%%EOF\n';
