import { questionsAsked } from '../../../rules/suitability';
import type { PageAnswer } from '../../frame/page-content';
import { Card, Facts } from '../../frame/parts';
import { wording } from '../../frame/wording';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { actPage } from './parts';
import { isChild, withSight } from './sight';
import { stateWords } from './state-words';

/** What was assessed before the meeting was booked, and by whom: care content (R1.2, R8.1). */
export const showSuitability =
  ({ records, clock }: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight({ records, clock }, request, async (sight) => {
      const { language } = request;
      const words = texts[language];
      const { clinicId, meetingId } = sight.meeting;
      const made = await records.suitabilities.read(meetingId);
      const staff = made ? await records.staff.byStaffIds(clinicId, [made.assessedBy]) : null;
      const asked = made
        ? questionsAsked(true, true).filter((question) => made.answers[question] !== undefined)
        : [];
      return {
        page: actPage(request, sight, {
          title: words.title,
          children: made ? (
            <Card>
              <Facts
                facts={[
                  {
                    term: words.by,
                    value: staff?.get(made.assessedBy)?.name ?? made.assessedBy,
                    icon: 'person',
                  },
                  ...asked.map((question) => ({
                    term: stateWords[language].suitability[question],
                    value: made.answers[question] ? words.yes : words.no,
                  })),
                ]}
              />
              {isChild(sight) && made.disability && <p>{words.disability}</p>}
            </Card>
          ) : (
            <p>{words.none}</p>
          ),
        }),
      };
    });

const texts = wording({
  sv: {
    title: 'Bedömning före bokningen',
    by: 'Bedömt av',
    yes: 'Ja',
    no: 'Nej',
    disability: 'Barnet har en funktionsnedsättning.',
    none: 'Ingen bedömning finns.',
  },
  en: {
    title: 'Assessment before the booking',
    by: 'Assessed by',
    yes: 'Yes',
    no: 'No',
    disability: 'The child has a disability.',
    none: 'There is no assessment.',
  },
});
