import type { SettingsBody } from '../../../use-cases/clinic/bodies';
import { listIn, typedNumber } from '../frame/typed';

/**
 * What an operations manager changes of the clinic's settings, in groups of what is decided together. Where a
 * value stands in the settings is told by its path; what is in no group stays as it is.
 */
export interface SettingField {
  /** Of the field on the page. */
  name: FieldName;
  /** In the settings' body, with dots. */
  path: string;
  kind: FieldKind;
}

/**
 * How a value is typed and read: a line, a line or none, a whole number, a clock time, yes or no, a list with
 * one a line, or a text of several lines or none.
 */
export type FieldKind = 'line' | 'line-or-none' | 'number' | 'clock' | 'yes-no' | 'lines' | 'text-or-none';

/** Every field of every group. */
export const fieldNames = [
  'phone',
  'supportPhone',
  'noticeHours',
  'graceMinutes',
  'doorOpensMinutesBefore',
  'overrunMinutes',
  'linkInSms',
  'hasQuietHours',
  'quietFrom',
  'quietUntil',
  'quietUnlessBefore',
  'opensAt',
  'closesAt',
  'warnMinutesBeforeClosing',
  'patientsMayOpen',
  'burstMinutes',
  'staffEmails',
  'managerEmails',
  'colour',
  'controller',
  'dataProtectionOfficer',
  'privacySv',
  'privacyEn',
  'accessibilitySv',
  'accessibilityEn',
] as const;
export type FieldName = (typeof fieldNames)[number];

export const groupNames = [
  'contact',
  'meetings',
  'notices',
  'cases',
  'look',
  'privacy',
  'accessibility',
] as const;
export type GroupName = (typeof groupNames)[number];

/** What is typed, by the name of the field. */
export type TypedSettings = Partial<Record<FieldName, string>>;

/** A value that can be none as a whole: while it is, its parts are not asked for. */
interface Whole {
  path: string;
  /** The parts that it is made of. */
  parts: FieldName[];
  /** The box that says whether there is one; without a box it is none where all its parts are empty. */
  box?: FieldName;
}

interface SettingsGroup {
  fields: SettingField[];
  whole?: Whole;
}

const field = (name: FieldName, path: string, kind: FieldKind): SettingField => ({ name, path, kind });

const texts = (which: 'privacy' | 'accessibility', path: string): SettingsGroup => ({
  fields: [
    field(`${which}Sv`, `${path}.sv`, 'text-or-none'),
    field(`${which}En`, `${path}.en`, 'text-or-none'),
  ],
  whole: { path, parts: [`${which}Sv`, `${which}En`] },
});

/** The groups, each a page of its own. */
export const groups: Record<GroupName, SettingsGroup> = {
  contact: { fields: [field('phone', 'phone', 'line'), field('supportPhone', 'supportPhone', 'line')] },
  meetings: {
    fields: [
      field('noticeHours', 'noticeHours', 'number'),
      field('graceMinutes', 'graceMinutes', 'number'),
      field('doorOpensMinutesBefore', 'doorOpensMinutesBefore', 'number'),
      field('overrunMinutes', 'overrunMinutes', 'number'),
    ],
  },
  notices: {
    fields: [
      field('linkInSms', 'linkInSms', 'yes-no'),
      field('quietFrom', 'noticeRules.quietHours.from', 'clock'),
      field('quietUntil', 'noticeRules.quietHours.until', 'clock'),
      field('quietUnlessBefore', 'noticeRules.quietHours.unlessBefore', 'clock'),
    ],
    whole: {
      path: 'noticeRules.quietHours',
      parts: ['quietFrom', 'quietUntil', 'quietUnlessBefore'],
      box: 'hasQuietHours',
    },
  },
  cases: {
    fields: [
      field('opensAt', 'caseRules.opensAt', 'clock'),
      field('closesAt', 'caseRules.closesAt', 'clock'),
      field('warnMinutesBeforeClosing', 'caseRules.warnMinutesBeforeClosing', 'number'),
      field('patientsMayOpen', 'caseRules.patientsMayOpen', 'yes-no'),
      field('burstMinutes', 'caseRules.burstMinutes', 'number'),
      field('staffEmails', 'caseRules.staffEmails', 'lines'),
      field('managerEmails', 'caseRules.managerEmails', 'lines'),
    ],
  },
  look: {
    fields: [
      field('colour', 'presentation.colour', 'line-or-none'),
      field('controller', 'presentation.controller', 'line-or-none'),
      field('dataProtectionOfficer', 'presentation.dataProtectionOfficer', 'line-or-none'),
    ],
  },
  privacy: texts('privacy', 'presentation.privacyNotice'),
  accessibility: texts('accessibility', 'presentation.accessibilityStatement'),
};

/** A group as it stands in the settings, as one would type it. */
export function typedOf(group: GroupName, settings: SettingsBody): TypedSettings {
  const { fields, whole } = groups[group];
  const typed = Object.fromEntries(
    fields.map(({ name, path, kind }) => [name, typedAs(kind, valueAt(settings, path))]),
  );
  return whole?.box ? { ...typed, [whole.box]: yesOrNo(valueAt(settings, whole.path) !== null) } : typed;
}

/** The settings with what was typed in a group; what cannot be read stays as it was typed, to be refused. */
export function withTyped(group: GroupName, settings: SettingsBody, typed: TypedSettings): unknown {
  const { fields, whole } = groups[group];
  const changed = structuredClone(settings) as unknown as Tree;
  const isNone = whole !== undefined && isWholeNone(whole, typed);
  if (whole) setAt(changed, whole.path, isNone ? null : {});
  for (const { name, path, kind } of fields) {
    if (isNone && whole.parts.includes(name)) continue;
    setAt(changed, path, readAs(kind, typed[name] ?? ''));
  }
  return changed;
}

const isWholeNone = ({ box, parts }: Whole, typed: TypedSettings): boolean =>
  box === undefined ? parts.every((name) => (typed[name] ?? '').trim() === '') : typed[box] !== 'yes';

/**
 * The field of a group that a refusal of the settings is about, by the path that the schema names; null for
 * what is not in the group.
 */
export function fieldAt(group: GroupName, path: readonly PropertyKey[]): FieldName | null {
  const place = path.map(String).join('.');
  return (
    groups[group].fields.find((each) => place === each.path || place.startsWith(`${each.path}.`))?.name ??
    null
  );
}

function typedAs(kind: FieldKind, value: unknown): string {
  switch (kind) {
    case 'yes-no':
      return yesOrNo(value === true);
    case 'lines':
      return Array.isArray(value) ? value.join('\n') : '';
    case 'line':
    case 'line-or-none':
    case 'number':
    case 'clock':
    case 'text-or-none':
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  }
}

const yesOrNo = (is: boolean): string => (is ? 'yes' : 'no');

function readAs(kind: FieldKind, typed: string): unknown {
  switch (kind) {
    case 'yes-no':
      return typed === 'yes';
    case 'number':
      return typedNumber(typed);
    case 'lines':
      return listIn(typed);
    case 'line':
    case 'clock':
      return typed;
    case 'line-or-none':
      return typed.trim() === '' ? null : typed;
    case 'text-or-none':
      // A browser sends each line's end as two characters, which nobody has typed.
      return typed.replaceAll('\r\n', '\n');
  }
}

interface Tree {
  [name: string]: unknown;
}

function valueAt(settings: SettingsBody, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isTree(value) ? value[name] : undefined), settings);
}

function setAt(tree: Tree, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop()!;
  let at = tree;
  for (const name of names) at = at[name] as Tree;
  at[last] = value;
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;
