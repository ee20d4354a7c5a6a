import type { Shown } from './patient';

/** What people read on a page: its main part without tags, in one line. */
export const readOf = ({ text }: Shown): string =>
  (/<main[^>]*>([^]*)<\/main>/.exec(text)?.[1] ?? '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');

/** The title of a page, as it stands in a browser's tab. */
export const titleOf = ({ text }: Shown): string => /<title>([^<]*)<\/title>/.exec(text)?.[1] ?? '';

/** What is wrong on a page, at which field: `problem` by the field's id. */
export const problemsIn = ({ text }: Shown): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/<span id="([^"]+)-problem" class="problem">([^<]*)<\/span>/g)].map(
      ([, id = '', problem = '']) => [id, problem],
    ),
  );

/** The form to an address as a browser would post it: what is typed, ticked and chosen in it. */
export function filledForm(page: Shown, action: string): Record<string, string | string[]> {
  const form = [...page.text.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([^]*?)<\/form>/g)].find(
    ([, to]) => to === action,
  )?.[2];
  if (form === undefined) throw new Error(`no form to ${action} on ${page.path}`);
  const fields: [string, string][] = [];
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = attribute(tag, 'name');
    const isTicked = !/type="(radio|checkbox)"/.test(tag) || / checked(?=[\s/>])/.test(tag);
    if (name !== null && isTicked) fields.push([name, attribute(tag, 'value') ?? '']);
  }
  for (const [, tag = '', options = ''] of form.matchAll(/(<select[^>]*>)([^]*?)<\/select>/g)) {
    const chosen = [...options.matchAll(/<option[^>]*>/g)].find(([option]) =>
      / selected(?=[\s/>])/.test(option),
    );
    fields.push([attribute(tag, 'name') ?? '', chosen ? (attribute(chosen[0], 'value') ?? '') : '']);
  }
  const names = [...new Set(fields.map(([name]) => name))];
  return Object.fromEntries(
    names.map((name) => {
      const values = fields.filter(([each]) => each === name).map(([, value]) => value);
      return [name, values.length === 1 ? values[0]! : values];
    }),
  );
}

const attribute = (tag: string, name: string): string | null =>
  new RegExp(` ${name}="([^"]*)"`)
    .exec(tag)?.[1]
    ?.replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&') ?? null;

/** A page without its way to the other language, which keeps the page's address as it was asked for. */
export const withoutOtherLanguage = ({ text }: Shown): string =>
  text.replace(/href="\?[^"]*language=(sv|en)"/, '');
