import type { ComponentChildren } from 'preact';
import type { Language } from '../../../rules/notices';
import { Banner } from '../../frame/parts';
import { wording } from '../../frame/wording';

/**
 * What came of the command that led to this page: `said` or `refused` in its address, each by a table of
 * words. A word that no table has is never shown: it may be anybody's.
 *
 * @param more what stands below a refusal, such as who was first
 */
export function CameOf({
  language,
  query,
  said,
  refused = {},
  more,
}: {
  language: Language;
  query: Record<string, string>;
  said: Record<string, string>;
  refused?: Record<string, string>;
  more?: ComponentChildren;
}) {
  const words = texts[language];
  const wordFor = (table: Record<string, string>, key: string): string | undefined =>
    Object.hasOwn(table, key) ? table[key] : undefined;
  if (query.refused !== undefined) {
    const why = wordFor(refused, query.refused) ?? wordFor(words.refused, query.refused) ?? words.otherwise;
    const isReceived = query.refused === 'not-carried-out-yet';
    return (
      <Banner
        kind={isReceived ? 'info' : 'warning'}
        title={isReceived ? words.received : words.notDone}
        takesFocus
      >
        <p>{why}</p>
        {more}
      </Banner>
    );
  }
  const done = query.said === undefined ? undefined : wordFor(said, query.said);
  return done === undefined ? null : (
    <Banner kind="success" takesFocus>
      {done}
    </Banner>
  );
}

const texts = wording({
  sv: {
    notDone: 'Det blev inte gjort',
    received: 'Det är mottaget men inte gjort än',
    refused: {
      'command-under-way': 'Det görs just nu. Ladda om sidan om en liten stund.',
      'posted-before': 'Sidan hade redan skickats med annat innehåll. Se hur det står nu, och gör om det.',
      'not-carried-out-yet': 'Det görs så snart det går. Du behöver inte göra om det.',
      'given-up': 'Felet är vårt. Försök igen. Hjälper det inte: ring supporten.',
      'not-found': 'Det finns inte längre.',
      'not-possible': 'Det går inte som det står nu.',
    },
    otherwise: 'Se hur det står nu, och försök igen.',
  },
  en: {
    notDone: 'It was not done',
    received: 'It is received, and not done yet',
    refused: {
      'command-under-way': 'It is being done. Load the page again in a little while.',
      'posted-before': 'The page was sent before with other content. See how things stand, and do it anew.',
      'not-carried-out-yet': 'It is done as soon as it can be. You need not do it again.',
      'given-up': 'The fault is ours. Try again. If that does not help: call the support.',
      'not-found': 'It is not there any more.',
      'not-possible': 'As things stand that is not possible.',
    },
    otherwise: 'See how things stand, and try again.',
  },
});
