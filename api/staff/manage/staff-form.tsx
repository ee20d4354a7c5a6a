import { z } from 'zod';
import type { Records } from '../../../records';
import type { StaffMember } from '../../../records/staff';
import type { Language } from '../../../rules/notices';
import { deskRoles } from '../../../rules/staff';
import { isBlank } from '../../../rules/typed';
import { staffMemberBody, type StaffMemberBody } from '../../../use-cases/staff/bodies';
import { CheckField, Choices, TextArea, TextField } from '../../frame/fields';
import { Banner, Button, ButtonRow, Card, ErrorSummary } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { roleWords } from '../frame/role-words';
import type { DeskRequest } from '../frame/route';
import { lineOf, listIn } from '../frame/typed';

const text = z.string();

/** What the form posts; whether it fits is judged by the command's own schema. */
export const typedStaff = z.object({
  name: text,
  title: text,
  shownName: text,
  staffIds: text,
  // One box of a name comes as a text, several as a list, none not at all.
  roles: z
    .union([text, z.array(text).max(10)])
    .optional()
    .transform((chosen) => [chosen ?? []].flat()),
  login: text,
  isActive: z
    .literal('yes')
    .optional()
    .transform((checked) => checked === 'yes'),
});
/** A member of staff as it stands in the form. */
export type TypedStaff = z.infer<typeof typedStaff>;

/** The fields of the form, by which what is wrong is told. */
const fields = ['name', 'title', 'shownName', 'roles', 'login', 'staffIds', 'isActive'] as const;
type Field = (typeof fields)[number];
/** What is wrong, at its field or with the page as a whole. */
export type StaffProblems = Partial<Record<Field | 'page', string>>;

/** A record as the form has it; of a new one what most have. */
export const typedOf = (member: StaffMember | null): TypedStaff => ({
  name: member?.name ?? '',
  title: member?.title ?? '',
  // Left out where it is the same: then it follows the name.
  shownName: member && member.shownName !== member.name ? member.shownName : '',
  staffIds: member?.staffIds.join('\n') ?? '',
  roles: member?.roles ?? [],
  login: member?.login ?? '',
  isActive: member?.isActive ?? true,
});

/** What was typed as the command takes it, by the same schema as the API's. */
export function readTyped(
  typed: TypedStaff,
  language: Language,
): { body: StaffMemberBody } | { problems: StaffProblems } {
  const { name, title, shownName, staffIds, login, ...others } = typed;
  const read = staffMemberBody.safeParse({
    ...others,
    name: lineOf(name),
    title: lineOf(title),
    ...(isBlank(shownName) ? {} : { shownName: lineOf(shownName) }),
    staffIds: listIn(staffIds),
    login: isBlank(login) ? null : login,
  });
  if (read.success) return { body: read.data };
  const wrong = new Set(read.error.issues.map(({ path }) => path[0]));
  const words = texts[language].problems;
  return {
    problems: Object.fromEntries(
      fields.filter((field) => wrong.has(field)).map((field) => [field, words[field]]),
    ),
  };
}

/**
 * What a manager must not take from themselves: with it they would lock themselves out by mistake. Null where
 * it is nothing of the kind.
 */
export function faultsOfOwn(
  { member: own, language }: DeskRequest,
  member: StaffMember,
  body: StaffMemberBody,
): StaffProblems | null {
  if (own.memberId !== member.memberId) return null;
  const words = texts[language].own;
  const problems: StaffProblems = {
    // Where the login carries the roles, the record need not have them.
    ...(member.roles.includes('operations-manager') && !body.roles.includes('operations-manager')
      ? { roles: words.roles }
      : {}),
    ...(body.login === member.login ? {} : { login: words.login }),
    ...(body.isActive ? {} : { isActive: words.isActive }),
  };
  return Object.keys(problems).length > 0 ? problems : null;
}

/** Of a refused record what another's has already. @param memberId whose it is; null for a new one */
export async function whatIsKnown(
  records: Records,
  { clinic, language }: DeskRequest,
  { staffIds }: StaffMemberBody,
  memberId: string | null,
): Promise<StaffProblems> {
  const words = texts[language].known;
  const holders = await records.staff.byStaffIds(clinic.clinicId, staffIds);
  const others = [...holders].filter(([, holder]) => holder.memberId !== memberId);
  return others.length === 0
    ? { login: words.login }
    : { staffIds: words.staffIds(others.map(([staffId, { name }]) => `${staffId} (${name})`).join(', ')) };
}

/** What is wrong, above the page's heading. */
export function StaffTrouble({ problems, language }: { problems: StaffProblems; language: Language }) {
  const atFields = fields.flatMap((name) => {
    const problem = problems[name];
    return problem === undefined ? [] : [{ field: name, text: problem }];
  });
  return (
    <>
      {problems.page !== undefined && (
        <Banner kind="warning" takesFocus>
          {problems.page}
        </Banner>
      )}
      {atFields.length > 0 && <ErrorSummary title={texts[language].wrong} problems={atFields} />}
    </>
  );
}

/** The form of a member of staff. @param asRead when the record was changed last; null for a new one */
export function StaffForm({
  action,
  typed,
  problems,
  asRead,
  request: { guard, language },
}: {
  action: string;
  typed: TypedStaff;
  problems: StaffProblems;
  asRead: string | null;
  request: DeskRequest;
}) {
  const words = texts[language];
  const field = (name: Field, hint?: string) => ({
    id: name,
    name,
    label: words.labels[name],
    problem: problems[name] ?? null,
    language,
    ...(hint === undefined ? {} : { hint }),
  });
  return (
    <Card isMain>
      <PostForm action={action} guard={guard} autocomplete="off" noValidate>
        {asRead !== null && <input type="hidden" name="asRead" value={asRead} />}
        <TextField {...field('name')} value={typed.name} />
        <TextField {...field('title', words.hints.title)} value={typed.title} />
        <TextField {...field('shownName', words.hints.shownName)} value={typed.shownName} isOptional />
        <Choices
          {...field('roles')}
          many
          chosen={typed.roles}
          choices={deskRoles.map((role) => ({
            value: role,
            text: roleWords[language][role],
            hint: words.roleHints[role],
          }))}
        />
        <TextField {...field('login', words.hints.login)} value={typed.login} isOptional />
        <TextArea {...field('staffIds', words.hints.staffIds)} value={typed.staffIds} rows={3} />
        <CheckField {...field('isActive', words.hints.isActive)} isChecked={typed.isActive} />
        <ButtonRow>
          <Button>{words.save}</Button>
        </ButtonRow>
      </PostForm>
    </Card>
  );
}

const texts = wording({
  sv: {
    wrong: 'Något behöver rättas. Inget har sparats.',
    save: 'Spara',
    labels: {
      name: 'Namn',
      title: 'Titel',
      shownName: 'Namn som patienter ser',
      staffIds: 'Beteckning i mottagningens system',
      roles: 'Roller',
      login: 'Inloggning',
      isActive: 'Arbetar här',
    } satisfies Record<Field, string>,
    hints: {
      title: 'Så som patienter läser den, till exempel fysioterapeut',
      shownName: 'Fyll i bara om patienter ska se ett annat namn',
      staffIds: 'Så som journalsystemet kallar personen. En på varje rad, den första används i loggen.',
      login: 'Till exempel HSA-id. Lämna tomt för den som inte loggar in. Aldrig ett personnummer.',
      isActive: 'Ta bort bocken för den som har slutat. Personen kan då inte logga in.',
    },
    roleHints: {
      booker: 'Bokar och ser var möten och ärenden står, inte vårdens innehåll',
      clinician: 'Har möten och ärenden, och läser innehållet i sina egna',
      'operations-manager': 'Ser hela verksamheten, ändrar personal och inställningar',
    },
    problems: {
      name: 'Skriv ett namn på högst 120 tecken.',
      title: 'Skriv en titel på högst 80 tecken.',
      shownName: 'Skriv ett namn på högst 120 tecken, eller lämna tomt.',
      staffIds:
        'Skriv 1–10 olika beteckningar, var och en på 1–64 tecken: A–Z, a–z, 0–9 och . : _ -. Inget personnummer.',
      roles: 'Välj bland rollerna.',
      login: 'Skriv högst 128 tecken utan mellanslag, och inget personnummer. Å, ä och ö går inte.',
      isActive: 'Välj om personen arbetar här.',
    } satisfies Record<Field, string>,
    own: {
      roles: 'Du kan inte ta bort din egen roll som verksamhetschef. Be en annan verksamhetschef göra det.',
      login: 'Du kan inte ändra din egen inloggning. Be en annan verksamhetschef göra det.',
      isActive: 'Du kan inte avsluta dig själv. Be en annan verksamhetschef göra det.',
    },
    known: {
      staffIds: (others: string) => `Beteckningen används redan: ${others}.`,
      login: 'Inloggningen används redan av någon annan på mottagningen.',
    },
  },
  en: {
    wrong: 'Something needs to be put right. Nothing is saved.',
    save: 'Save',
    labels: {
      name: 'Name',
      title: 'Title',
      shownName: 'Name that patients see',
      staffIds: 'Reference in the clinic’s systems',
      roles: 'Roles',
      login: 'Login',
      isActive: 'Works here',
    },
    hints: {
      title: 'As patients read it, for example physiotherapist',
      shownName: 'Only where patients are to see another name',
      staffIds: 'As the record system calls the person. One a line; the first stands in the log.',
      login: 'For example an HSA-id. Leave it empty for one who does not log in. Never a personal number.',
      isActive: 'Uncheck it for one who has left. The person cannot log in then.',
    },
    roleHints: {
      booker: 'Books, and sees where meetings and cases stand, not the content of the care',
      clinician: 'Has meetings and cases, and reads the content of their own',
      'operations-manager': 'Sees the whole clinic, changes staff and settings',
    },
    problems: {
      name: 'Write a name of at most 120 characters.',
      title: 'Write a title of at most 80 characters.',
      shownName: 'Write a name of at most 120 characters, or leave it empty.',
      staffIds:
        'Write 1–10 different references of 1–64 characters each: A–Z, a–z, 0–9 and . : _ -. No personal number.',
      roles: 'Choose among the roles.',
      login: 'Write at most 128 characters without spaces, and no personal number. No å, ä or ö.',
      isActive: 'Choose whether the person works here.',
    },
    own: {
      roles: 'You cannot take away your own role as operations manager. Ask another operations manager.',
      login: 'You cannot change your own login. Ask another operations manager.',
      isActive: 'You cannot end your own record. Ask another operations manager.',
    },
    known: {
      staffIds: (others) => `The reference is taken already: ${others}.`,
      login: 'The login is taken already by another at the clinic.',
    },
  },
});
