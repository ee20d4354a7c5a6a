import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { withNoticeHours } from '../../../rules/cancellation';
import { reminderKinds, type Language, type ReminderKind, type ReminderTime } from '../../../rules/notices';
import { settingsBody, type SettingsBody } from '../../../use-cases/clinic/bodies';
import { CheckField, TextArea, TextField } from '../../frame/fields';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import {
  Banner,
  Button,
  ButtonLink,
  ButtonRow,
  Card,
  ErrorSummary,
  Facts,
  Heading,
  type Fact,
} from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { managers, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { CameOf, managePath, ManageTabs } from './parts';
import {
  fieldAt,
  fieldNames,
  groupNames,
  groups,
  typedOf,
  withTyped,
  type FieldKind,
  type FieldName,
  type GroupName,
  type TypedSettings,
} from './settings-groups';
import { settingsWords } from './settings-words';
import { reasonOf } from '../../page-command';

const SETTINGS = managePath('settings');
const groupPath = (group: GroupName): string => `${SETTINGS}/${group}`;

/** What a form posts beside what was typed: what the group was when the page was made. */
const typedSettings = z.object({
  ...Object.fromEntries(fieldNames.map((name) => [name, z.string().optional()])),
  was: z.string().max(60),
});

/** What is wrong, by field. */
type Problems = Partial<Record<FieldName, string>>;

/** The clinic's settings in groups; each group is changed on a page of its own. */
export function settingsRoutes(deps: DeskRouteDeps): DeskRoute[] {
  return [
    {
      method: 'get',
      path: SETTINGS,
      operation: 'clinic.read-settings',
      summary: 'The clinic’s settings',
      roles: managers,
      subject: 'clinic',
      handle: (request) => Promise.resolve({ page: settingsPage(request) }),
    },
    ...groupNames.flatMap((group): DeskRoute[] => [
      {
        method: 'get',
        path: groupPath(group),
        operation: 'clinic.read-settings',
        summary: 'A group of the settings, to be changed',
        roles: managers,
        subject: 'clinic',
        handle: (request) => {
          const typed = typedOf(group, withNoticeHours(request.clinic.settings));
          return Promise.resolve({ page: groupPage(request, group, { typed, was: digestOf(typed) }) });
        },
      },
      {
        method: 'post',
        path: groupPath(group),
        operation: 'clinic.change-settings',
        summary: 'Changes a group of the settings; all others stay',
        roles: managers,
        subject: 'clinic',
        body: typedSettings,
        handle: (request) => save(deps, request, group),
      },
    ]),
  ];
}

/** Tells whether a group is still as a page has shown it. */
const digestOf = (typed: TypedSettings): string =>
  createHash('sha256').update(JSON.stringify(typed)).digest('base64url').slice(0, 22);

async function save(deps: DeskRouteDeps, request: DeskRequest, group: GroupName): Promise<PageAnswer> {
  const { was, ...typed } = request.body as TypedSettings & { was: string };
  const { now, changedAt } = await readNow(deps, request);
  const read = settingsBody.safeParse(withTyped(group, now, typed));
  if (!read.success) {
    const problems = problemsOf(group, read.error, request.language);
    const page = groupPage(request, group, { typed, was, problems, isElsewhere: problems === null });
    return { page, status: 422 };
  }
  // Also where this very form was posted before.
  if (isDeepStrictEqual(read.data, settingsBody.safeParse(now).data)) return { redirect: saidSaved };
  if (digestOf(typedOf(group, now)) !== was) return stale(request, group, typed, now);
  const answer = await giveDeskCommand(deps, request, {
    operation: 'clinic.change-settings',
    params: { ...request.params, asRead: changedAt ?? '' },
    body: read.data,
  });
  if (reasonOf(answer) === 'overtaken')
    return stale(request, group, typed, (await readNow(deps, request)).now);
  return afterCommand(answer, SETTINGS, 'saved');
}

const saidSaved = `${SETTINGS}?said=saved`;

async function readNow({ records }: DeskRouteDeps, { clinic }: DeskRequest) {
  const { settings, changedAt } = await records.clinics.settingsAsRead(clinic.clinicId);
  return { now: withNoticeHours(settings), changedAt };
}

/** Somebody has changed the group meanwhile: both are shown, and what was typed can be saved all the same. */
function stale(request: DeskRequest, group: GroupName, typed: TypedSettings, now: SettingsBody): PageAnswer {
  const holds = typedOf(group, now);
  return { page: groupPage(request, group, { typed, was: digestOf(holds), holds }), status: 409 };
}

/** What is wrong, at the group's fields; null where it is a setting that is not on this page. */
function problemsOf(group: GroupName, error: z.ZodError, language: Language): Problems | null {
  const { fields } = settingsWords[language];
  const names = new Set(error.issues.flatMap(({ path }) => fieldAt(group, path) ?? []));
  return names.size === 0 ? null : Object.fromEntries([...names].map((name) => [name, fields[name].problem]));
}

function settingsPage({ clinic, query, language }: DeskRequest): PageContent {
  const words = texts[language];
  const settings = withNoticeHours(clinic.settings);
  return {
    title: words.title,
    main: (
      <>
        <CameOf query={query} said={words.said} language={language} />
        <Heading above={words.above}>{words.title}</Heading>
        <ManageTabs current="settings" language={language} />
        {groupNames.map((group) => {
          const { title, what } = settingsWords[language].groups[group];
          return (
            <Card key={group}>
              <h2>{title}</h2>
              <p>{what}</p>
              <Facts facts={factsOf(group, settings, language)} />
              <ButtonRow>
                <ButtonLink href={groupPath(group)} kind="secondary">
                  {words.change(title)}
                </ButtonLink>
              </ButtonRow>
            </Card>
          );
        })}
        <Card>
          <h2>{words.others}</h2>
          <p>{words.othersWhat}</p>
          <Facts facts={otherFacts(settings, language)} />
        </Card>
      </>
    ),
  };
}

/** The names of a group's fields, in their order; a box comes before what it opens. */
function namesOf(group: GroupName): { name: FieldName; kind: FieldKind }[] {
  const { fields, whole } = groups[group];
  const { box, parts } = whole ?? {};
  return fields.flatMap(({ name, kind }) =>
    box !== undefined && parts?.[0] === name
      ? [
          { name: box, kind: 'yes-no' as const },
          { name, kind },
        ]
      : [{ name, kind }],
  );
}

function factsOf(group: GroupName, settings: SettingsBody, language: Language): Fact[] {
  const typed = typedOf(group, settings);
  return namesOf(group).flatMap(({ name, kind }) => {
    const value = valueInWords(name, kind, typed[name] ?? '', language);
    // Parts of what there is not.
    return value === null ? [] : [{ term: settingsWords[language].fields[name].label, value }];
  });
}

function valueInWords(name: FieldName, kind: FieldKind, typed: string, language: Language): string | null {
  const { unit, none } = settingsWords[language].fields[name];
  const words = texts[language];
  switch (kind) {
    case 'yes-no':
      return typed === 'yes' ? words.yes : words.no;
    case 'text-or-none':
      return typed === '' ? (none ?? null) : words.ownText(typed.length);
    case 'lines':
      return typed === '' ? (none ?? null) : typed.split('\n').join(', ');
    case 'line':
    case 'line-or-none':
    case 'number':
    case 'clock':
      return typed === ''
        ? (none ?? null)
        : unit === undefined
          ? typed
          : `${typed} ${unit[typed === '1' ? 0 : 1]}`;
  }
}

function otherFacts(settings: SettingsBody, language: Language): Fact[] {
  const words = texts[language];
  const { other } = words;
  return [
    { term: other.name, value: settings.name },
    ...reminderKinds.map((kind) => ({
      term: other.reminders[kind],
      value: reminderWords(settings.noticeRules.reminders[kind].when, language),
    })),
    { term: other.logo, value: settings.presentation.logo === null ? words.no : words.yes },
    { term: other.foreignNumbers, value: settings.foreignNumbers ? words.yes : words.no },
    { term: other.smsPerNumberPerDay, value: String(settings.smsPerNumberPerDay) },
    { term: other.smsPerDay, value: String(settings.smsPerDay) },
    { term: other.filesPerPersonPerDay, value: String(settings.filesPerPersonPerDay) },
    { term: other.megabytesPerPersonPerDay, value: String(settings.megabytesPerPersonPerDay) },
    { term: other.messagesPerPersonPerDay, value: String(settings.messagesPerPersonPerDay) },
  ];
}

/** When a reminder goes: at a clock time, or so long before the start. */
const reminderWords = (when: ReminderTime, language: Language): string =>
  'clock' in when ? texts[language].clock(when.clock) : texts[language].before(when.minutesBefore);

/** The form of a group. @param holds what holds now, where somebody has changed it meanwhile */
function groupPage(
  { guard, language }: DeskRequest,
  group: GroupName,
  {
    typed,
    was,
    problems = null,
    isElsewhere = false,
    holds = null,
  }: {
    typed: TypedSettings;
    was: string;
    problems?: Problems | null;
    isElsewhere?: boolean;
    holds?: TypedSettings | null;
  },
): PageContent {
  const words = texts[language];
  const { groups: groupWords, fields } = settingsWords[language];
  const { title, what } = groupWords[group];
  const wrong = namesOf(group).flatMap(({ name }) => {
    const text = problems?.[name];
    return text === undefined ? [] : [{ field: name, text }];
  });
  const others = namesOf(group).flatMap(({ name, kind }) => {
    if (holds === null || holds[name] === plainTyped(kind, typed[name])) return [];
    const value = valueInWords(name, kind, holds[name] ?? '', language) ?? words.nothing;
    return [{ term: fields[name].label, value }];
  });
  return {
    title,
    main: (
      <>
        {wrong.length > 0 && <ErrorSummary title={words.wrong} problems={wrong} />}
        {isElsewhere && (
          <Banner kind="error" takesFocus>
            {words.elsewhere}
          </Banner>
        )}
        {holds !== null && (
          <Banner kind="warning" takesFocus>
            {words.stale}
          </Banner>
        )}
        <Heading above={words.title}>{title}</Heading>
        {others.length > 0 && (
          <Card>
            <h2>{words.holds}</h2>
            <Facts facts={others} />
          </Card>
        )}
        <Card isMain>
          <p>{what}</p>
          <PostForm action={groupPath(group)} guard={guard} autocomplete="off" noValidate>
            <input type="hidden" name="was" value={was} />
            {namesOf(group).map(({ name, kind }) => (
              <GroupField
                key={name}
                name={name}
                kind={kind}
                typed={typed[name] ?? ''}
                problem={problems?.[name] ?? null}
                language={language}
              />
            ))}
            <ButtonRow>
              <Button>{words.save}</Button>
              <ButtonLink href={SETTINGS} kind="secondary">
                {words.cancel}
              </ButtonLink>
            </ButtonRow>
          </PostForm>
        </Card>
      </>
    ),
  };
}

/** As {@link typedOf} has it: a box that is not checked comes as nothing, line ends as two characters. */
const plainTyped = (kind: FieldKind, typed = ''): string =>
  kind === 'yes-no' ? (typed === 'yes' ? 'yes' : 'no') : typed.replaceAll('\r\n', '\n');

function GroupField({
  name,
  kind,
  typed,
  problem,
  language,
}: {
  name: FieldName;
  kind: FieldKind;
  typed: string;
  problem: string | null;
  language: Language;
}) {
  const { label, hint } = settingsWords[language].fields[name];
  const field = { id: name, name, label, problem, language, ...(hint === undefined ? {} : { hint }) };
  switch (kind) {
    case 'yes-no':
      return <CheckField {...field} isChecked={typed === 'yes'} />;
    case 'lines':
      return <TextArea {...field} value={typed} rows={3} />;
    case 'text-or-none':
      return <TextArea {...field} value={typed} rows={14} />;
    case 'number':
      return <TextField {...field} value={typed} inputMode="numeric" isShort />;
    case 'clock':
      return <TextField {...field} value={typed} isShort />;
    case 'line':
    case 'line-or-none':
      return <TextField {...field} value={typed} />;
  }
}

const texts = wording({
  sv: {
    above: 'Verksamheten',
    title: 'Inställningar',
    change: (group: string) => `Ändra: ${group}`,
    save: 'Spara',
    cancel: 'Avbryt',
    clock: (clock: string) => `kl. ${clock.replace(':', '.')}`,
    before: (minutes: number) =>
      minutes === 0 ? 'vid start' : minutes === 1 ? '1 minut före' : `${minutes} minuter före`,
    yes: 'Ja',
    no: 'Nej',
    nothing: 'Inget',
    ownText: (characters: number) => `Egen text, ${characters} tecken`,
    wrong: 'Något behöver rättas. Inget har sparats.',
    elsewhere:
      'Det gick inte att spara: en inställning som inte finns på den här sidan är felaktig. Kontakta supporten.',
    stale:
      'Någon annan har ändrat det här sedan du öppnade sidan. Inget av ditt har sparats. Kontrollera det du har ' +
      'skrivit, och spara igen om det ska gälla.',
    holds: 'Det här gäller nu',
    others: 'Övrigt',
    othersWhat: 'Det här ändras genom mottagningens system eller av den som driver tjänsten.',
    other: {
      name: 'Mottagningens namn',
      reminders: {
        morning: 'Påminnelse samma morgon',
        soon: 'Påminnelse strax före',
        start: 'Besked vid start',
      } satisfies Record<ReminderKind, string>,
      logo: 'Egen logotyp',
      foreignNumbers: 'Utländska mobilnummer',
      smsPerNumberPerDay: 'Högst antal SMS till ett nummer på ett dygn',
      smsPerDay: 'Högst antal SMS på ett dygn',
      filesPerPersonPerDay: 'Högst antal filer från en person på en dag',
      megabytesPerPersonPerDay: 'Högst antal megabyte från en person på en dag',
      messagesPerPersonPerDay: 'Högst antal meddelanden från en person på en dag',
    },
    said: { saved: 'Inställningarna är sparade.' },
  },
  en: {
    above: 'The clinic',
    title: 'Settings',
    change: (group) => `Change: ${group}`,
    save: 'Save',
    cancel: 'Cancel',
    clock: (clock) => `at ${clock}`,
    before: (minutes) =>
      minutes === 0 ? 'at the start' : minutes === 1 ? '1 minute before' : `${minutes} minutes before`,
    yes: 'Yes',
    no: 'No',
    nothing: 'Nothing',
    ownText: (characters) => `Own text, ${characters} characters`,
    wrong: 'Something needs to be put right. Nothing is saved.',
    elsewhere: 'It could not be saved: a setting that is not on this page is wrong. Contact the support.',
    stale:
      'Somebody else has changed this since you opened the page. Nothing of yours is saved. Check what you have ' +
      'written, and save again if it is to hold.',
    holds: 'This holds now',
    others: 'Other',
    othersWhat: 'This is changed by the clinic’s system, or by whoever runs the service.',
    other: {
      name: 'The clinic’s name',
      reminders: {
        morning: 'Reminder on the same morning',
        soon: 'Reminder just before',
        start: 'Notice at the start',
      },
      logo: 'Own logo',
      foreignNumbers: 'Foreign mobile numbers',
      smsPerNumberPerDay: 'Most SMS to one number in 24 hours',
      smsPerDay: 'Most SMS in 24 hours',
      filesPerPersonPerDay: 'Most files of one person in a day',
      megabytesPerPersonPerDay: 'Most megabytes of one person in a day',
      messagesPerPersonPerDay: 'Most messages of one person in a day',
    },
    said: { saved: 'The settings are saved.' },
  },
});
