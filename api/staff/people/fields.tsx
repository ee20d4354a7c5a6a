import { z } from 'zod';
import type { FieldProblem } from '../../../use-cases/command';
import type { Person } from '../../../records/people';
import { channels } from '../../../rules/consents';
import { backUpWays } from '../../../rules/meeting';
import { languages, type Language } from '../../../rules/notices';
import { asWritten } from '../../../rules/phone-number';
import { isBlank, pasted } from '../../../rules/typed';
import { CheckField, Choices, DateField, TextField, type TypedDate } from '../../frame/fields';
import { wording } from '../../frame/wording';
import { lineOf, severalOf, typedDay, typedText, ticked } from '../frame/typed';
import { peopleWords } from './words';

/** A number and a birth date, as they were typed. */
export const typedIdentity = z.object({
  number: typedText,
  'birth.year': typedText,
  'birth.month': typedText,
  'birth.day': typedText,
});
export type TypedIdentity = z.infer<typeof typedIdentity>;

/** The fields of a person's form, as they were typed. */
export const typedPerson = typedIdentity.extend({
  name: typedText,
  mobile: typedText,
  email: typedText,
  language: z.enum(languages).default('sv'),
  noticesBy: z.enum(channels).default('sms'),
  unsuitable: severalOf(z.enum(backUpWays), backUpWays.length),
  protectedIdentity: ticked,
});
export type TypedPerson = z.infer<typeof typedPerson>;

/** The fields by their ids on the page. */
const personFields = ['name', 'number', 'birth', 'mobile', 'email'] as const;
export type PersonField = (typeof personFields)[number];
/** What is wrong, at each field, in words. */
export type PersonProblems = Partial<Record<PersonField, string>>;

/** The contact ways that an addition and a change have in common, as the commands' schemas read them. */
export const contactsOf = ({
  name,
  mobile,
  email,
  language,
  noticesBy,
  unsuitable,
  protectedIdentity,
}: TypedPerson) => ({
  name: lineOf(name),
  mobile: isBlank(mobile) ? null : mobile,
  email: isBlank(email) ? null : email,
  language,
  noticesBy,
  unsuitableWays: [...new Set(unsuitable)],
  protectedIdentity,
});

/** A new person, as the command's schema reads it. */
export const newPersonOf = (typed: TypedPerson) => ({ ...contactsOf(typed), ...identityOf(typed) });

/** Number and birth date, as the commands' schemas read them. */
export const identityOf = (typed: TypedIdentity) => {
  const birthDate = typedDay(birthOf(typed));
  return {
    personalNumber: isBlank(typed.number) ? null : typed.number,
    ...(birthDate === null ? {} : { birthDate }),
  };
};

const birthOf = (typed: TypedIdentity): TypedDate => ({
  year: typed['birth.year'],
  month: typed['birth.month'],
  day: typed['birth.day'],
});

/** What the record has, as it is typed. */
export const typedOf = ({ personal, language, noticesBy, protectedIdentity }: Person): TypedPerson => ({
  ...typedPerson.parse({}),
  name: personal.name,
  mobile: personal.mobile ? asWritten(personal.mobile.number) : '',
  email: personal.email?.address ?? '',
  language,
  noticesBy,
  unsuitable: personal.unsuitableWays,
  protectedIdentity,
});

/** The field that a problem of a command is shown at. */
const fieldOf: Record<string, PersonField> = {
  '/body/name': 'name',
  '/body/personalNumber': 'number',
  '/body/birthDate': 'birth',
  '/body/mobile': 'mobile',
  '/body/email': 'email',
};

/** A command's problems, or its schema's, in words at the fields; what has no field here is left out. */
export function personProblems(
  errors: FieldProblem[],
  typed: TypedIdentity & Partial<TypedPerson>,
  language: Language,
): PersonProblems {
  const words = texts[language].problems;
  return Object.fromEntries(
    errors.flatMap(({ field, reason }) => {
      const at = fieldOf[field];
      return at === undefined ? [] : [[at, textOf(at, reason, typed, words)]];
    }),
  );
}

function textOf(
  field: PersonField,
  reason: string,
  typed: TypedIdentity & Partial<TypedPerson>,
  words: (typeof texts)['sv']['problems'],
): string {
  switch (field) {
    case 'name':
      return isBlank(typed.name ?? '') ? words.noName : words.name;
    case 'number':
      if (reason === 'person-known') return words.known;
      return hasTenDigits(typed.number) ? words.tenDigits : words.number;
    case 'birth':
      if (reason === 'missing') return words.birthPartly;
      if (reason === 'in-the-future' || reason === 'too-long-ago') return words.birthUnbelieved;
      if (typedDay(birthOf(typed)) === null) return words.noBirth;
      return isBlank(typed.number) ? words.birth : words.birthOther;
    case 'mobile':
      return reason === 'foreign-number' ? words.foreign : words.mobile;
    case 'email':
      return words.email;
  }
}

/** A personal number without its century. */
export const hasTenDigits = (text: string): boolean => /^\d{6} ?[-+]? ?\d{4}$/.test(pasted(text));

/** The attributes that each field of a person's forms has. */
const fieldsIn = (problems: PersonProblems, language: Language) => (field: PersonField) => ({
  id: field,
  name: field,
  language,
  problem: problems[field] ?? null,
});

/** The fields for a number and a birth date. */
export function IdentityFields({
  typed,
  problems,
  language,
}: {
  typed: TypedIdentity;
  problems: PersonProblems;
  language: Language;
}) {
  const [words, people] = [texts[language], peopleWords[language]];
  const of = fieldsIn(problems, language);
  return (
    <>
      <TextField
        {...of('number')}
        label={people.number}
        hint={words.numberHint}
        value={typed.number}
        autocomplete="off"
      />
      <DateField {...of('birth')} label={people.birthDate} hint={words.birthHint} value={birthOf(typed)} />
    </>
  );
}

/** The fields of a person's form. A number and a birth date are asked for of a new person. */
export function PersonFields({
  typed,
  problems,
  isNew,
  language,
}: {
  typed: TypedPerson;
  problems: PersonProblems;
  isNew: boolean;
  language: Language;
}) {
  const [words, people] = [texts[language], peopleWords[language]];
  const of = fieldsIn(problems, language);
  return (
    <>
      <TextField {...of('name')} label={people.name} value={typed.name} autocomplete="off" />
      {isNew && <IdentityFields typed={typed} problems={problems} language={language} />}
      <TextField
        {...of('mobile')}
        label={people.mobile}
        isOptional
        value={typed.mobile}
        inputMode="tel"
        autocomplete="off"
      />
      <TextField
        {...of('email')}
        label={people.email}
        isOptional
        value={typed.email}
        inputMode="email"
        autocomplete="off"
      />
      <Choices
        id="language"
        name="language"
        label={people.language}
        language={language}
        chosen={[typed.language]}
        inRow
        choices={languages.map((value) => ({ value, text: people.languages[value] }))}
      />
      <Choices
        id="noticesBy"
        name="noticesBy"
        label={people.noticesBy}
        language={language}
        chosen={[typed.noticesBy]}
        inRow
        choices={channels.map((value) => ({ value, text: people.channels[value] }))}
      />
      <Choices
        id="unsuitable"
        name="unsuitable"
        label={people.unsuitable}
        hint={words.unsuitableHint}
        isOptional
        language={language}
        many
        chosen={typed.unsuitable}
        choices={backUpWays.map((value) => ({ value, text: people.ways[value] }))}
      />
      <CheckField
        id="protectedIdentity"
        name="protectedIdentity"
        label={people.protectedIdentity}
        hint={words.protectedHint}
        language={language}
        isChecked={typed.protectedIdentity}
      />
    </>
  );
}

/** For the summary of errors: in the order of the fields. */
export const summaryOf = (problems: PersonProblems): { field: string; text: string }[] =>
  personFields.flatMap((field) => {
    const text = problems[field];
    return text === undefined ? [] : [{ field, text }];
  });

const texts = wording({
  sv: {
    numberHint:
      'Personnummer, samordningsnummer eller reservnummer med tolv tecken, till exempel ÅÅÅÅMMDD-NNNN',
    birthHint: 'Behövs bara om personnummer saknas, eller om numret inte säger hela datumet',
    unsuitableHint: 'En döv person kan till exempel inte ringas upp',
    protectedHint: 'Namnet visas inte i listor, och inga sms eller e-postmeddelanden skickas',
    problems: {
      noName: 'Skriv namnet.',
      name: 'Skriv namnet på en rad, med högst 120 tecken.',
      number: 'Numret stämmer inte. Kontrollera siffrorna. Skriv det som ÅÅÅÅMMDD-NNNN.',
      tenDigits: 'Skriv numret med tolv siffror, som ÅÅÅÅMMDD-NNNN, så att århundradet är säkert.',
      known: 'Personen finns redan på mottagningen.',
      noBirth: 'Skriv personnummer eller födelsedatum.',
      birth: 'Födelsedatumet finns inte. Skriv till exempel år 1980, månad 5, dag 17.',
      birthOther: 'Födelsedatumet är inte det som står i personnumret.',
      birthPartly: 'Skriv födelsedatumet också: numret säger inte hela.',
      birthUnbelieved: 'Födelsedatumet kan inte stämma.',
      mobile: 'Mobilnumret verkar inte stämma. Skriv det som 070-123 45 67.',
      foreign: 'Mottagningen skickar bara till svenska mobilnummer.',
      email: 'E-postadressen verkar inte stämma.',
    },
  },
  en: {
    numberHint: 'Personal, co-ordination or reserve number with twelve characters, such as YYYYMMDD-NNNN',
    birthHint: 'Needed only where there is no number, or where the number does not tell all of the date',
    unsuitableHint: 'A deaf person cannot be called, for example',
    protectedHint: 'The name is not shown in lists, and no SMS or e-mail is sent',
    problems: {
      noName: 'Write the name.',
      name: 'Write the name on one line, in at most 120 characters.',
      number: 'The number is not right. Check the digits. Write it as YYYYMMDD-NNNN.',
      tenDigits: 'Write the number with twelve digits, as YYYYMMDD-NNNN, so that the century is certain.',
      known: 'The clinic has this person already.',
      noBirth: 'Write a personal number or a birth date.',
      birth: 'There is no such birth date. Write for example year 1980, month 5, day 17.',
      birthOther: 'The birth date is not the one in the personal number.',
      birthPartly: 'Write the birth date too: the number does not tell all of it.',
      birthUnbelieved: 'The birth date cannot be right.',
      mobile: 'The mobile number does not seem right. Write it as 070-123 45 67.',
      foreign: 'The clinic sends to Swedish mobile numbers only.',
      email: 'The e-mail address does not seem right.',
    },
  },
});
