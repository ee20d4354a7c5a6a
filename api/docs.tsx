import type { RequestHandler } from 'express';
import { ButtonLink, ButtonRow } from './frame/parts';
import { patientPage } from './patient/frame/layout';
import { renderPage } from './pages/page';

/** The API's documentation, readable and to be tried. */
export const docsPage: RequestHandler = (_request, response) => {
  response.send(
    renderPage({
      language: 'en',
      title: 'vardmote: the clinic’s API',
      stylesheets: ['/docs/files/swagger-ui.css'],
      scripts: ['/docs/files/swagger-ui-bundle.js', '/docs/start.js'],
      children: <main id="docs" />,
    }),
  );
};

/** What `/` says where no home page is set: this service's pages are reached by links. */
export const frontPage =
  ({ supportPhone, regionName }: { supportPhone: string; regionName: string | null }): RequestHandler =>
  (_request, response) => {
    const page = {
      title: 'Digitala möten',
      main: (
        <>
          <h1>Digitala möten</h1>
          <p>Har du fått ett sms om ett digitalt möte? Öppna länken i det, eller logga in här.</p>
          <ButtonRow>
            <ButtonLink href="/my">Mina möten och ärenden</ButtonLink>
          </ButtonRow>
          <p lang="en">Have you got an SMS about a digital meeting? Open the link in it, or log in here.</p>
        </>
      ),
    };
    response.send(
      patientPage(page, {
        language: 'sv',
        query: null,
        region: regionName,
        supportPhone,
        clinic: null,
        personName: null,
        guard: null,
      }),
    );
  };
