import type { PageContent } from '../../frame/page-content';
import { Button, ButtonLink, ButtonRow, Card, Facts, Heading } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { DESK_PATH } from '../frame/paths';
import { roleWords } from '../frame/role-words';
import { everybody, type DeskRequest, type DeskRoute } from '../frame/route';

/** One's own page: who one is here, and the ways out. */
export const meRoutes = (): DeskRoute[] => [
  {
    method: 'get',
    path: `${DESK_PATH}/me`,
    operation: 'staff.read-own',
    summary: 'Who one is at the clinic, and the ways to log out',
    roles: everybody,
    subject: 'clinic',
    handle: (request) => Promise.resolve({ page: mePage(request) }),
  },
];

function mePage({ member, roles, clinic, language, guard }: DeskRequest): PageContent {
  const words = texts[language];
  return {
    title: words.title,
    main: (
      <>
        <Heading above={words.title}>{member.name}</Heading>
        <Card isMain>
          <Facts
            facts={[
              { term: words.jobTitle, value: member.title, icon: 'person' },
              { term: words.shownName, value: `${member.shownName}, ${member.title}` },
              { term: words.roles, value: roles.map((role) => roleWords[language][role]).join(', ') },
              { term: words.references, value: member.staffIds.join(', ') },
              { term: words.login, value: member.login ?? words.none },
              { term: words.clinic, value: clinic.settings.name },
            ]}
          />
          <p>{words.wrong}</p>
          <ButtonRow>
            <ButtonLink href={`${DESK_PATH}/clinic`} kind="secondary">
              {words.change}
            </ButtonLink>
          </ButtonRow>
        </Card>
        <h2>{words.logOut}</h2>
        <p>{words.everywhereHint}</p>
        <ButtonRow>
          <PostForm action={`${DESK_PATH}/logout`} guard={guard}>
            <Button kind="secondary" icon="lock" name="everywhere" value="yes">
              {words.everywhere}
            </Button>
          </PostForm>
        </ButtonRow>
      </>
    ),
  };
}

const texts = wording({
  sv: {
    title: 'Min sida',
    jobTitle: 'Titel',
    shownName: 'Så ser patienter dig',
    roles: 'Roller',
    references: 'Beteckning i mottagningens system',
    login: 'Inloggning',
    none: 'Ingen',
    clinic: 'Mottagning',
    wrong: 'Stämmer något inte? Verksamhetschefen kan ändra det.',
    change: 'Byt mottagning',
    logOut: 'Är du inloggad någon annanstans?',
    everywhereHint: 'Har du lämnat en dator inloggad? Logga ut överallt. Då loggas du ut här också.',
    everywhere: 'Logga ut överallt',
  },
  en: {
    title: 'My page',
    jobTitle: 'Title',
    shownName: 'How patients see you',
    roles: 'Roles',
    references: 'Reference in the clinic’s systems',
    login: 'Login',
    none: 'None',
    clinic: 'Clinic',
    wrong: 'Is something wrong? The operations manager can change it.',
    change: 'Change clinic',
    logOut: 'Are you logged in somewhere else?',
    everywhereHint: 'Did you leave a computer logged in? Log out everywhere. That logs you out here too.',
    everywhere: 'Log out everywhere',
  },
});
