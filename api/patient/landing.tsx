import type { RequestHandler } from 'express';
import { PhoneNumber, renderPage } from '../pages/page';

/**
 * Where the link in an SMS leads. It says only that login comes here, and says the same for every code: a preview, a scanner or
 * a forwarded SMS learns nothing, not even whether there is a meeting (R2.3). Opening it uses nothing up.
 */
export const landingPage =
  (supportPhone: string): RequestHandler =>
  (_request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .set('X-Robots-Tag', 'noindex')
      .send(
        renderPage({
          language: 'sv',
          title: 'Digitalt möte',
          children: (
            <main class="container">
              <h1>Ditt digitala möte</h1>
              <p>Här loggar du in med e-legitimation för att se ditt möte. Inloggningen öppnar inom kort.</p>
              <p>
                Behöver du hjälp? Ring mottagningen som har kallat dig, eller supporten på{' '}
                <PhoneNumber number={supportPhone} />.
              </p>
              <section lang="en">
                <h2>Your digital meeting</h2>
                <p>This is where you log in with e-identification to see your meeting. Login opens soon.</p>
                <p>
                  Do you need help? Call the clinic that invited you, or the support on{' '}
                  <PhoneNumber number={supportPhone} />.
                </p>
              </section>
            </main>
          ),
        }),
      );
  };
