import { z } from 'zod';
import type { Person } from '../../../records/people';
import { guardianMayAct } from '../../../rules/calendar/age';
import { guardianActsFor } from '../../../rules/calendar/guardian';
import { messageText, messageTextProblem } from '../../../rules/message';
import type { Language } from '../../../rules/notices';
import { isBlank } from '../../../rules/typed';
import { personalNumber } from '../../../use-cases/fields';
import { openCaseBody, type OpenCase } from '../../../use-cases/thread/bodies';
import { Choices, SelectField, TextArea, TextField } from '../../frame/fields';
import type { PageAnswer } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, ErrorSummary, Heading } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { threadTexts } from '../../patient/thread/thread-texts';
import { ChildHint } from '../frame/child-hint';
import { giveDeskCommand } from '../frame/command';
import { DESK_PATH, deskCasePath, deskPersonPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { lineOf } from '../frame/typed';
import { deskWords, nameInList } from '../frame/words';
import { personWords } from './case-head';
import { isStaffHere, staffOptions, type StaffOption } from './colleagues';
import { knownGuardians } from './known-guardians';
import { notFoundAnswer } from './thread';
import { isReceived, reasonOf } from '../../page-command';

const MOST_SUBJECT = 120;

/** What people type is judged where it can be told of; no number in it is in an address (R8.3). */
export const openForm = z.object({
  subject: z.string().default(''),
  text: z.string().default(''),
  assignTo: z.string().max(100).default(''),
  guardians: z
    .union([z.string(), z.array(z.string())])
    .transform((ids) => [ids].flat())
    .default([]),
  guardianNumber: z.string().default(''),
});
type OpenForm = z.infer<typeof openForm>;

type Field = 'subject' | 'text' | 'assignTo' | 'guardians' | 'guardianNumber';
interface Problem {
  field: Field;
  text: string;
}

/** Begins a case with a patient: what it is about, the first message, and who sees to it (R6.6). */
export const showOpen =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const { member, roles } = request;
    // Whoever has patients of their own begins a case for themselves, unless they say otherwise.
    const assignTo = roles.includes('clinician') ? (member.staffIds[0] ?? '') : '';
    const guardians: string[] = [];
    return openPage(deps, request, { subject: '', text: '', assignTo, guardians, guardianNumber: '' }, []);
  };

/** Opens it; the same form twice opens one. What is wrong is told with all that was typed. */
export const postOpen =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const form = request.body as OpenForm;
    const words = texts[request.language].problems;
    const patient = await patientOf(deps, request);
    if (!patient) return notFoundAnswer(request);
    const typed = await guardianByNumber(deps, request, form.guardianNumber);
    const problems = problemsOf(request.language, form);
    if (typed === 'wrong') problems.push({ field: 'guardianNumber', text: words.number });
    if (typed === 'unknown') problems.push({ field: 'guardianNumber', text: words.unknown });
    if (form.assignTo !== '' && !(await isStaffHere(deps, request, form.assignTo)))
      problems.push({ field: 'assignTo', text: words.assignTo });
    const byNumber = typed !== null && typeof typed === 'object' ? [typed.personId] : [];
    const body = openCaseBody.safeParse({
      patientId: patient.personId,
      guardianIds: [...new Set([...form.guardians, ...byNumber])],
      subject: lineOf(form.subject),
      text: form.text,
      assignTo: form.assignTo === '' ? null : form.assignTo,
    } satisfies OpenCase);
    if (problems.length > 0 || !body.success)
      return openPage(
        deps,
        request,
        form,
        problems.length > 0 ? problems : [{ field: 'guardians', text: words.guardians }],
      );
    // One who was typed by number is in the log already.
    const chosen = body.data.guardianIds.filter((each) => !byNumber.includes(each));
    const guardians = await deps.records.people.findAll(request.clinic.clinicId, chosen);
    await request.noteRead([...guardians.keys()]);
    const answer = await giveDeskCommand(deps, request, {
      operation: 'case.open',
      params: {},
      body: body.data,
    });
    const reason = reasonOf(answer);
    if (reason === null) {
      const { caseId } = answer.body as { caseId: string };
      return { redirect: `${deskCasePath(caseId)}?said=opened` };
    }
    if (isReceived(answer)) return { redirect: `${DESK_PATH}/inbox?said=received` };
    const isAge = reason === 'not-entitled';
    if (reason === 'posted-before') problems.push({ field: 'text', text: words.postedBefore });
    else if (reason === 'guardian-stopped')
      problems.push({
        field: byNumber.length > 0 ? 'guardianNumber' : 'guardians',
        text: words.stopped,
      });
    else problems.push({ field: 'guardians', text: isAge ? words.thirteen : words.guardians });
    return openPage(deps, request, form, problems);
  };

const patientOf = ({ records }: DeskRouteDeps, { clinic, params }: DeskRequest): Promise<Person | null> =>
  records.people.find(clinic.clinicId, params.personId ?? '');

/** Somebody of the clinic by the number that was typed; null where none was. */
async function guardianByNumber(
  { records }: DeskRouteDeps,
  { clinic, noteRead }: DeskRequest,
  number: string,
): Promise<Person | 'wrong' | 'unknown' | null> {
  if (isBlank(number)) return null;
  const identity = personalNumber.safeParse(number);
  if (!identity.success) return 'wrong';
  const found = await records.people.findByIdentity(clinic.clinicId, identity.data);
  if (!found) return 'unknown';
  await noteRead([found.personId]);
  return found;
}

function problemsOf(language: Language, form: OpenForm): Problem[] {
  const words = texts[language].problems;
  const subject = lineOf(form.subject);
  const textProblem = messageTextProblem(messageText(form.text));
  return [
    ...(isBlank(subject) ? [{ field: 'subject' as const, text: words.subject }] : []),
    ...(subject.length > MOST_SUBJECT ? [{ field: 'subject' as const, text: words.subjectTooLong }] : []),
    ...(textProblem === null
      ? []
      : [
          {
            field: 'text' as const,
            text: textProblem === 'empty' ? words.text : threadTexts[language].textProblems[textProblem],
          },
        ]),
  ];
}

async function openPage(
  deps: DeskRouteDeps,
  request: DeskRequest,
  form: OpenForm,
  problems: Problem[],
): Promise<PageAnswer> {
  const { records, clock } = deps;
  const { language, guard, noteRead } = request;
  const words = texts[language];
  const patient = await patientOf(deps, request);
  if (!patient) return notFoundAnswer(request);
  const { personId } = patient;
  const isChild = guardianMayAct(patient.personal.birthDate, clock.now());
  const known = isChild ? await knownGuardians(records, patient) : [];
  const guardians = known.filter(({ personId: each }) => guardianActsFor(patient, each, clock.now()));
  if (guardians.length > 0) await noteRead(guardians.map((each) => each.personId));
  const of = (field: Field) => ({
    id: field,
    name: field,
    language,
    problem: problems.find((each) => each.field === field)?.text ?? null,
  });
  const page = {
    title: `${problems.length > 0 ? threadTexts[language].wrongTitle : ''}${words.title}`,
    main: (
      <>
        {problems.length > 0 && <ErrorSummary title={words.notOpened} problems={problems} />}
        <Heading above={personWords(language, patient)}>{words.title}</Heading>
        <ChildHint language={language} patient={patient} now={clock.now()} />
        <PostForm action={`${DESK_PATH}/cases/open/${personId}`} guard={guard} noValidate autocomplete="off">
          {isChild && <GuardianFields language={language} guardians={guardians} form={form} of={of} />}
          {!isChild && of('guardians').problem !== null && (
            <Banner kind="error" id="guardians">
              {of('guardians').problem}
            </Banner>
          )}
          <TextField
            {...of('subject')}
            label={words.subject}
            hint={words.subjectHint}
            value={form.subject}
            autocomplete="off"
          />
          <TextArea {...of('text')} label={words.text} hint={words.textHint} rows={8} value={form.text} />
          <SelectField
            {...of('assignTo')}
            label={words.assignTo}
            options={holders(language, await staffOptions(deps, request))}
            value={form.assignTo}
          />
          <ButtonRow>
            <Button>{words.send}</Button>
            <ButtonLink href={deskPersonPath(personId)} kind="quiet">
              {words.back}
            </ButtonLink>
          </ButtonRow>
        </PostForm>
      </>
    ),
  };
  return problems.length > 0 ? { page, status: 422 } : { page };
}

const holders = (language: Language, staff: StaffOption[]): StaffOption[] => [
  ...staff,
  { value: '', text: texts[language].nobody },
];

/** Who writes for a child of at most 12 (R7.1). */
function GuardianFields({
  language,
  guardians,
  form,
  of,
}: {
  language: Language;
  guardians: Person[];
  form: OpenForm;
  of: (field: Field) => { id: string; name: string; language: Language; problem: string | null };
}) {
  const words = texts[language];
  return (
    <>
      {guardians.length > 0 && (
        <Choices
          {...of('guardians')}
          label={words.guardians}
          hint={words.guardiansHint}
          many
          choices={guardians.map((each) => ({
            value: each.personId,
            text: nameInList(each, deskWords[language]),
          }))}
          chosen={form.guardians}
        />
      )}
      {guardians.length === 0 && of('guardians').problem !== null && (
        <Banner kind="error" id="guardians">
          {of('guardians').problem}
        </Banner>
      )}
      <TextField
        {...of('guardianNumber')}
        label={guardians.length > 0 ? words.otherGuardian : words.guardian}
        hint={words.numberHint}
        value={form.guardianNumber}
        inputMode="numeric"
        autocomplete="off"
        isOptional
      />
    </>
  );
}

const texts = wording({
  sv: {
    title: 'Öppna ett ärende',
    guardians: 'Vilka vårdnadshavare ska kunna läsa och skriva?',
    guardiansHint: 'För barn till och med 12 år. De som mottagningen känner till visas här.',
    guardian: 'Vårdnadshavarens personnummer',
    otherGuardian: 'Annan vårdnadshavare: personnummer',
    numberHint: 'Personen ska redan finnas på mottagningen. Tolv siffror.',
    subject: 'Vad gäller det?',
    subjectHint: 'Några ord. Patienten ser dem.',
    text: 'Meddelande till patienten',
    textHint: 'Bilder kan du lägga till när ärendet är öppnat.',
    assignTo: 'Vem ska ha ärendet?',
    nobody: 'Ingen: den som kan tar det',
    send: 'Öppna och skicka',
    back: 'Till patienten',
    notOpened: 'Ärendet är inte öppnat än',
    problems: {
      subject: 'Skriv med några ord vad det gäller.',
      subjectTooLong: `Skriv kortare vad det gäller, högst ${MOST_SUBJECT} tecken.`,
      text: 'Skriv ett meddelande till patienten.',
      assignTo: 'Den du valde arbetar inte på mottagningen längre. Välj någon annan.',
      number: 'Numret stämmer inte. Skriv personnumret med tolv siffror.',
      unknown: 'Mottagningen har ingen person med det numret. Lägg till personen först.',
      guardians: 'Kontrollera vårdnadshavarna. Det ska vara högst fyra, och ingen av dem patienten själv.',
      thirteen: 'Patienten har fyllt 13 år och skriver själv, utan vårdnadshavare. Öppna sidan igen.',
      stopped: 'Vårdnadshavaren är stoppad för det här barnet. Välj någon annan.',
      postedBefore:
        'Den här sidan har redan skickats, med en annan text. Se bland ärendena innan du skickar igen.',
    },
  },
  en: {
    title: 'Open a case',
    guardians: 'Which guardians are to read and write?',
    guardiansHint: 'For children up to and including 12. Those whom the clinic knows of are shown here.',
    guardian: 'The guardian’s personal number',
    otherGuardian: 'Another guardian: personal number',
    numberHint: 'The person must be at the clinic already. Twelve digits.',
    subject: 'What is it about?',
    subjectHint: 'A few words. The patient sees them.',
    text: 'Message to the patient',
    textHint: 'You can add pictures once the case is open.',
    assignTo: 'Who is to have the case?',
    nobody: 'Nobody: whoever can takes it',
    send: 'Open and send',
    back: 'To the patient',
    notOpened: 'The case is not open yet',
    problems: {
      subject: 'Write in a few words what it is about.',
      subjectTooLong: `Make it shorter, at most ${MOST_SUBJECT} characters.`,
      text: 'Write a message to the patient.',
      assignTo: 'The one you chose does not work at the clinic any more. Choose somebody else.',
      number: 'The number is not right. Write the personal number with twelve digits.',
      unknown: 'The clinic has no person with that number. Add the person first.',
      guardians: 'Check the guardians. There can be four at most, and none of them the patient.',
      thirteen: 'The patient has turned 13 and writes alone, without guardians. Open the page again.',
      stopped: 'The guardian is stopped for this child. Choose somebody else.',
      postedBefore:
        'This page was sent before, with another text. Look among the cases before you send again.',
    },
  },
});
