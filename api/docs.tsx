import type { RequestHandler } from 'express';
import { PhoneNumber, renderPage } from './pages/page';

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
  (supportPhone: string): RequestHandler =>
  (_request, response) => {
    response.send(
      renderPage({
        language: 'sv',
        title: 'Digitala möten',
        children: (
          <main class="container">
            <h1>Digitala möten</h1>
            <p>Har du fått ett SMS om ett digitalt möte? Öppna länken i det.</p>
            <p>
              Supporten: <PhoneNumber number={supportPhone} />
            </p>
            <p lang="en">Have you got an SMS about a digital meeting? Open the link in it.</p>
          </main>
        ),
      }),
    );
  };
