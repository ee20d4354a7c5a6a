import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** A whole page: no stylesheet and no script but what it names, a language, a heading. */
export function renderPage(props: {
  language: 'sv' | 'en';
  title: string;
  stylesheets: string[];
  scripts?: string[];
  /** Loads itself again after so many seconds, where there are no scripts. */
  refreshSeconds?: number;
  /** Goes on there, at once unless `refreshSeconds` says when. */
  refreshTo?: string;
  bodyClass?: string;
  children: ComponentChildren;
}): string {
  const { language, title, stylesheets, scripts = [], children } = props;
  const { refreshSeconds, refreshTo, bodyClass } = props;
  return `<!doctype html>${renderToString(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        {refreshSeconds !== undefined && refreshTo === undefined && (
          <noscript>
            <meta http-equiv="refresh" content={String(refreshSeconds)} />
          </noscript>
        )}
        {refreshTo !== undefined && (
          <meta http-equiv="refresh" content={`${refreshSeconds ?? 0}; url=${refreshTo}`} />
        )}
        {/* None of its own; without this a browser asks for one. */}
        <link rel="icon" href="data:," />
        {stylesheets.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        {scripts.map((src) => (
          <script key={src} src={src} defer />
        ))}
      </head>
      <body {...(bodyClass === undefined ? {} : { class: bodyClass })}>{children}</body>
    </html>,
  )}`;
}

/** A number that a phone can call at a touch. */
export function PhoneNumber({ number }: { number: string }) {
  return <a href={`tel:${number.replace(/[^+\d]/g, '')}`}>{number}</a>;
}
