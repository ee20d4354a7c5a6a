import { stylesheet } from '../../api/frame/stylesheet';
import { renderPage } from '../../api/pages/page';
import type { TestPerson } from './people';

/** Who one wants to be: in the place of the app of BankID or Freja. */
export const choosePage = (people: TestPerson[], action: string): string =>
  renderPage({
    language: 'en',
    title: 'Stand-in for e-identification',
    stylesheets: [stylesheet],
    children: (
      <main class="container">
        <h1>Stand-in for e-identification</h1>
        <p>
          On this machine there is no BankID and no Freja. Choose which of Skatteverket’s test persons logs
          in; nobody real has these numbers.
        </p>
        {people.map(({ name, personalNumber, whoIsIt }) => (
          <form method="post" action={action} key={personalNumber}>
            <input type="hidden" name="personalNumber" value={personalNumber} />
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
