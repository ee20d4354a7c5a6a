import { stylesheet } from '../../api/frame/stylesheet';
import { renderPage } from '../../api/pages/page';
import type { Account } from './people';

/** Who one wants to be: in the place of the app of BankID or Freja. */
export const choosePage = (
  accounts: Account[],
  { action, about }: { action: string; about: string },
): string =>
  renderPage({
    language: 'en',
    title: 'Stand-in for a login',
    stylesheets: [stylesheet],
    children: (
      <main class="container">
        <h1>Stand-in for a login</h1>
        <p>{about}</p>
        {accounts.map(({ name, accountId, whoIsIt }) => (
          <form method="post" action={action} key={accountId}>
            <input type="hidden" name="accountId" value={accountId} />
            <button type="submit">
              Log in as {name} <small>({whoIsIt})</small>
            </button>
          </form>
        ))}
        <form method="post" action={action}>
          <input type="hidden" name="cancel" value="yes" />
          <button type="submit" class="secondary outline">
            Stop the login
          </button>
        </form>
      </main>
    ),
  });
