import type { z } from 'zod';
import { claimsView } from '../../../use-cases/person/claims';
import { decideClaimBody } from '../../../use-cases/person/bodies';
import type { PageAnswer } from '../../frame/page-content';
import { Button, ButtonRow, Card, Facts, Tag } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { afterCommand, giveDeskCommand } from '../frame/command';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords } from '../frame/words';
import { actPage, pathOf } from './parts';
import { formWith } from './posted';
import { noSuchPage, withSight } from './sight';

/** Who has logged in with the links of invitations without an identity, to be approved or not (R4.2). */
export const showClaims =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const { language, guard } = request;
      const words = texts[language];
      const { items } = await claimsView(deps.records, sight.meeting);
      return {
        page: actPage(request, sight, {
          title: words.title,
          children:
            items.length === 0 ? (
              <p>{words.nobody}</p>
            ) : (
              items.map(
                ({ claimId, participantId, role, state, name, personalNumber, askedAt, decidedAt }) => (
                  <Card key={claimId}>
                    <Facts
                      facts={[
                        { term: words.as, value: role ? deskWords[language].participants[role] : '–' },
                        ...(state === 'asked'
                          ? [
                              { term: words.name, value: name ?? words.noName, icon: 'person' as const },
                              { term: words.number, value: personalNumber ?? '–' },
                              { term: words.asked, value: askedAt ? dayAndTime(askedAt, language) : '–' },
                            ]
                          : [
                              { term: words.state, value: <Tag>{words.states[state]}</Tag> },
                              ...(decidedAt
                                ? [{ term: words.decided, value: dayAndTime(decidedAt, language) }]
                                : []),
                            ]),
                      ]}
                    />
                    {state === 'asked' && (
                      <PostForm action={pathOf(sight, 'claims')} guard={guard}>
                        <input type="hidden" name="claimId" value={claimId} />
                        <input type="hidden" name="participantId" value={participantId} />
                        <p>{words.check}</p>
                        <ButtonRow>
                          <Button name="do" value="approve">
                            {words.approve}
                          </Button>
                          <Button name="do" value="refuse" kind="secondary">
                            {words.refuse}
                          </Button>
                        </ButtonRow>
                      </PostForm>
                    )}
                  </Card>
                ),
              )
            ),
        }),
      };
    });

export const claimBody = formWith('claimId', 'participantId', 'do');

/** It is whom they invited, or not. */
export const decideClaim =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const posted = request.body as z.infer<typeof claimBody>;
      const approved = posted.do === 'approve';
      const body = decideClaimBody.safeParse({ claimId: posted.claimId, approved });
      const { meetingId, participants } = sight.meeting;
      const invited = participants.find(({ participantId }) => participantId === posted.participantId);
      if (!body.success || !invited || (!approved && posted.do !== 'refuse')) return noSuchPage(request);
      const answer = await giveDeskCommand(deps, request, {
        operation: 'meeting.decide-claim',
        params: { meetingId, participantId: invited.participantId },
        body: body.data,
      });
      return afterCommand(answer, pathOf(sight, 'claims'), approved ? 'approved' : 'declined');
    });

const texts = wording({
  sv: {
    title: 'Vilka som vill delta',
    nobody: 'Ingen har svarat på en inbjudan som saknar namn.',
    as: 'Inbjuden som',
    name: 'Namn',
    noName: 'Namnet är inte känt',
    number: 'Personnummer',
    asked: 'Loggade in',
    state: 'Läge',
    states: {
      arrived: 'Har loggat in',
      asked: 'Väntar',
      approved: 'Godkänd',
      refused: 'Inte godkänd',
      lapsed: 'Mötet hann ta slut',
    },
    decided: 'Avgjort',
    check: 'Är det den som ni bjöd in? Fråga patienten om du är osäker.',
    approve: 'Ja, godkänn',
    refuse: 'Nej, inte den',
  },
  en: {
    title: 'Who wants to take part',
    nobody: 'Nobody has answered an invitation without a name.',
    as: 'Invited as',
    name: 'Name',
    noName: 'The name is not known',
    number: 'Personal number',
    asked: 'Logged in',
    state: 'State',
    states: {
      arrived: 'Has logged in',
      asked: 'Waits',
      approved: 'Approved',
      refused: 'Not approved',
      lapsed: 'The meeting ended first',
    },
    decided: 'Decided',
    check: 'Is it whom you invited? Ask the patient if you are not sure.',
    approve: 'Yes, approve',
    refuse: 'No, not that one',
  },
});
