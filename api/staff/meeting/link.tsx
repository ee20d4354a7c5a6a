import { participantLink } from '../../../use-cases/meeting/participant-link';
import type { PageAnswer } from '../../frame/page-content';
import { Card } from '../../frame/parts';
import { wording } from '../../frame/wording';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords } from '../frame/words';
import { actPage } from './parts';
import { noSuchPage, withSight } from './sight';

/** The link of one who gets no notices, such as a guest: staff hand it over (R4.2). */
export const showLink =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const { language, params } = request;
      const words = texts[language];
      const { participantId = '' } = params;
      const link = await participantLink(deps, sight.meeting, participantId);
      const who = sight.meeting.participants.find((each) => each.participantId === participantId);
      if (link === null || !who) return noSuchPage(request);
      return {
        page: actPage(request, sight, {
          title: words.title,
          children: (
            <Card>
              <p>
                {words.who} {deskWords[language].participants[who.role].toLowerCase()}. {words.what}
              </p>
              <p>
                <code>{link}</code>
              </p>
            </Card>
          ),
        }),
      };
    });

const texts = wording({
  sv: {
    title: 'Länk att lämna över',
    who: 'Länken är till den som deltar som',
    what: 'Den leder till inloggningen och öppnar inget av sig själv. Skriv inte vem patienten är när du skickar den.',
  },
  en: {
    title: 'Link to hand over',
    who: 'The link is for the one who takes part as',
    what: 'It leads to the login and opens nothing by itself. Do not write who the patient is when you send it.',
  },
});
