import type { ComponentChildren } from 'preact';

/** What a page's forms carry, so that only our own pages post and a double click does a thing once. */
export interface FormGuard {
  /** Known to this session's pages alone. */
  csrf: string;
  /** New for each page that is rendered: the same form twice is the same command (design, decision 6). */
  formKey: string;
}

/**
 * A form that posts to us, with what tells that it is ours. Without an action it posts to the page's own
 * address.
 */
export function PostForm({
  action,
  guard,
  children,
  ...rest
}: {
  action?: string;
  guard: FormGuard;
  children: ComponentChildren;
  id?: string;
  class?: string;
  target?: '_blank';
  autocomplete?: 'off';
  noValidate?: true;
  /** Where the page's script keeps what is filled in so far. */
  'data-draft'?: string;
}) {
  return (
    <form method="post" {...(action === undefined ? {} : { action })} {...rest}>
      <input type="hidden" name="csrf" value={guard.csrf} />
      <input type="hidden" name="formKey" value={guard.formKey} />
      {children}
    </form>
  );
}
