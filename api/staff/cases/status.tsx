import type { PageAnswer } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, Card, Facts, Heading } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { DESK_PATH, deskCasePath, deskPersonPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { CaseState, caseWithQuery, personWords, readCase, Said, type CaseView } from './case-head';
import { notFoundAnswer, withCase } from './thread';
import { takesPart } from './urgency';

/**
 * Where a case stands, for everybody at the clinic: whoever takes part comes to what was written at once, a
 * clinician can take what nobody has, and the operations manager reads it for a reason (R6.5, R8.1).
 */
export const showCase =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const view = await readCase(deps, request);
    if (!view) return notFoundAnswer(request);
    const { caseId } = view.careCase;
    if (takesPart(view.careCase, request))
      return { redirect: caseWithQuery(caseId, 'thread', request.query) };
    const { language, query, clinic } = request;
    const words = texts[language];
    return {
      page: {
        title: words.title,
        main: (
          <>
            <Said language={language} query={query} />
            <Heading above={`${words.title}, ${clinic.settings.name}`}>
              {personWords(language, view.patient)}
            </Heading>
            <CaseState language={language} view={view} now={deps.clock.now()} />
            <WaysOn request={request} view={view} />
            <ButtonRow>
              <ButtonLink href={deskPersonPath(view.patient.personId)} kind="quiet">
                {words.toPerson}
              </ButtonLink>
              <ButtonLink href={`${DESK_PATH}/inbox`} kind="quiet">
                {words.toInbox}
              </ButtonLink>
            </ButtonRow>
          </>
        ),
      },
    };
  };

/** What one who takes no part can do with it. */
function WaysOn({ request, view }: { request: DeskRequest; view: CaseView }) {
  const { language, roles, member, guard } = request;
  const words = texts[language];
  const { caseId, assignedTo, course } = view.careCase;
  const isEnded = course.state === 'ended';
  const mayTake = roles.includes('clinician') && assignedTo === null && !isEnded;
  const isManager = roles.includes('operations-manager');
  return (
    <>
      {!mayTake && !isManager && <Banner kind="info">{words.notYours}</Banner>}
      <ButtonRow>
        {mayTake && (
          <PostForm action={deskCasePath(caseId, 'assign')} guard={guard}>
            <input type="hidden" name="staffId" value={member.staffIds[0]} />
            <input type="hidden" name="from" value="" />
            <Button>{words.take}</Button>
          </PostForm>
        )}
        {isManager && (
          <ButtonLink
            href={deskCasePath(caseId, 'thread')}
            kind={mayTake ? 'secondary' : 'primary'}
            icon="lock"
          >
            {words.read}
          </ButtonLink>
        )}
        {!isEnded && (isManager || roles.includes('booker')) && (
          <ButtonLink href={deskCasePath(caseId, 'assign')} kind="secondary">
            {assignedTo === null ? words.give : words.handOver}
          </ButtonLink>
        )}
      </ButtonRow>
    </>
  );
}

/** The name of one with protected data: one press in, and logged (R8.8). */
export const showName =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withCase(deps, request, ({ careCase: { caseId }, patient: { personal } }) => {
      const words = texts[request.language];
      return {
        title: words.nameTitle,
        main: (
          <>
            <Heading>{words.nameTitle}</Heading>
            <Banner kind="warning">{words.nameHint}</Banner>
            <Card isMain>
              <Facts
                facts={[
                  { term: words.name, value: personal.name, icon: 'person' },
                  { term: words.born, value: personal.birthDate, icon: 'calendar' },
                ]}
              />
            </Card>
            <ButtonRow>
              <ButtonLink href={deskCasePath(caseId, 'thread')}>{words.back}</ButtonLink>
            </ButtonRow>
          </>
        ),
      };
    });

const texts = wording({
  sv: {
    title: 'Ärende',
    take: 'Ta ärendet',
    read: 'Läs ärendet',
    give: 'Ge till en kollega',
    handOver: 'Lämna över',
    notYours: 'Det som är skrivet kan läsas av den som har eller har haft ärendet.',
    toPerson: 'Till patienten',
    toInbox: 'Till alla ärenden',
    nameTitle: 'Patientens namn',
    nameHint: 'Personen har skyddade personuppgifter. Att du har sett namnet sparas i loggen.',
    name: 'Namn',
    born: 'Född',
    back: 'Tillbaka till ärendet',
  },
  en: {
    title: 'Case',
    take: 'Take the case',
    read: 'Read the case',
    give: 'Give it to a colleague',
    handOver: 'Hand over',
    notYours: 'What is written can be read by whoever has or had the case.',
    toPerson: 'To the patient',
    toInbox: 'To all cases',
    nameTitle: 'The patient’s name',
    nameHint: 'The person has protected data. That you have seen the name stands in the log.',
    name: 'Name',
    born: 'Born',
    back: 'Back to the case',
  },
});
