import type { Language } from '../../../rules/notices';
import { Banner, Button, ButtonRow, Card, Heading } from '../../frame/parts';
import type { FormGuard } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { DESK_PATH } from '../frame/paths';
import { everybody, type DeskRoute } from '../frame/route';

/** After so long without any input the desk covers itself; shorter than an unused login lasts. */
const LOCK_AFTER_MINUTES = 10;

const LOCK = `${DESK_PATH}/lock`;
/** Where a login that unlocks ends: in a window of its own, so that a call goes on in the other. */
const UNLOCKED = `${DESK_PATH}/unlocked`;

/**
 * What covers a desk that nobody uses (R8.8): it stands in every page, hidden, and the page's script shows it
 * in place of all that names anybody. A call goes on, with what one needs to leave it. The way back is a new
 * login, also while the old one lasts.
 */
export function Lock({
  language,
  guard,
  memberId,
}: {
  language: Language;
  guard: FormGuard;
  memberId: string;
}) {
  const words = texts[language];
  return (
    <section
      id="lock"
      class="card main"
      role="alertdialog"
      aria-labelledby="lock-title"
      data-path={LOCK}
      data-csrf={guard.csrf}
      data-member={memberId}
      data-after-minutes={LOCK_AFTER_MINUTES}
      data-title={words.title}
      hidden
    >
      <h2 id="lock-title" tabIndex={-1}>
        {words.heading}
      </h2>
      <p>{words.text}</p>
      <p id="lock-call" hidden>
        {words.call}
      </p>
      <form method="post" action={`${DESK_PATH}/login`} target="_blank" rel="noopener">
        <input type="hidden" name="returnTo" value={UNLOCKED} />
        <ButtonRow>
          <Button icon="lock">{words.logIn}</Button>
        </ButtonRow>
      </form>
    </section>
  );
}

/** The lock's own ways: it shuts the login, and tells the page when it is open again. */
export function lockRoutes(): DeskRoute[] {
  const own = { roles: everybody, subject: 'clinic', worksLocked: true } as const;
  return [
    {
      ...own,
      method: 'post',
      path: LOCK,
      operation: 'staff.lock',
      summary: 'The desk was left: nothing is shown until a new login',
      handle: async ({ lock }) => {
        await lock();
        return { json: { locked: true } };
      },
    },
    {
      ...own,
      method: 'get',
      path: LOCK,
      operation: 'staff.read-lock',
      summary: 'Whether the desk is open again, and for whom, for the page’s script',
      unattended: true,
      quiet: true,
      handle: ({ isLocked, member, guard }) =>
        Promise.resolve({ json: { locked: isLocked, member: member.memberId, csrf: guard.csrf } }),
    },
    {
      method: 'get',
      path: UNLOCKED,
      operation: 'staff.unlock',
      summary: 'Says that the desk is open again',
      roles: everybody,
      subject: 'clinic',
      handle: ({ language }) => Promise.resolve({ page: unlockedPage(language) }),
    },
  ];
}

function unlockedPage(language: Language) {
  const words = texts[language].unlocked;
  return {
    title: words.title,
    main: (
      <>
        <Heading>{words.title}</Heading>
        <Card isMain>
          <Banner kind="success">{words.text}</Banner>
        </Card>
      </>
    ),
  };
}

const texts = wording({
  sv: {
    title: 'Låst',
    heading: 'Arbetsbordet är låst',
    text: 'Ingen har använt det på tio minuter. Logga in igen, så fortsätter sidan där du var. Det du har skrivit finns kvar.',
    call: 'Samtalet pågår. Knapparna för mikrofon, kamera och att lämna fungerar som vanligt.',
    logIn: 'Logga in för att låsa upp',
    unlocked: {
      title: 'Arbetsbordet är upplåst',
      text: 'Stäng den här fliken och gå tillbaka till den där du var.',
    },
  },
  en: {
    title: 'Locked',
    heading: 'The desk is locked',
    text: 'Nobody has used it for ten minutes. Log in again, and the page goes on where you were. What you have written is still there.',
    call: 'The call goes on. The buttons for microphone, camera and leaving work as usual.',
    logIn: 'Log in to unlock',
    unlocked: {
      title: 'The desk is unlocked',
      text: 'Close this tab and go back to the one where you were.',
    },
  },
});
