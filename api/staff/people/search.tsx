import { z } from 'zod';
import type { Meeting } from '../../../records/meetings';
import type { Language } from '../../../rules/notices';
import { isBlank, plain } from '../../../rules/typed';
import { reference } from '../../../use-cases/fields';
import { TextField } from '../../frame/fields';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, Card, ErrorSummary, Heading, Table } from '../../frame/parts';
import { PostForm, type FormGuard } from '../../frame/post-form';
import { dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { deskMeetingPath, deskPersonPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { typedText } from '../frame/typed';
import { deskWords, nameInList } from '../frame/words';
import { findByNumber, looksLikeNumber } from './find';
import { ADD_FOUND_PATH, ADD_PATH, PEOPLE_PATH } from './paths';
import { StateTag } from '../today/now-cells';

/** What a search carries: never in an address (R8.3). */
export const searchBody = z.object({ sought: typedText });

/** More meetings than have one reference. */
const MOST_MEETINGS = 50;

/** What was wrong with a search, or what came of it. */
type Outcome = 'nothing' | 'number' | 'reference' | 'two-centuries' | 'no-person' | 'no-meeting';

/** Finds a person by number, or a meeting by the booking's reference. */
export const showSearch = ({ language, guard }: DeskRequest): PageAnswer => ({
  page: searchPage(language, guard),
});

/**
 * Looks for what was typed. One hit leads to its page. The search itself stands in the log, also without a
 * hit (R8.8).
 */
export async function search(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const { language, guard, body } = request;
  const { sought } = body as z.infer<typeof searchBody>;
  const again = (outcome: Outcome): PageAnswer => ({
    page: searchPage(language, guard, { sought, outcome }),
    ...(outcome === 'no-person' || outcome === 'no-meeting' ? {} : { status: 422 }),
  });
  if (isBlank(sought)) return again('nothing');
  if (!looksLikeNumber(sought)) return searchMeetings(deps, request, sought, again);

  const found = await findByNumber(deps, request, sought);
  return 'personId' in found ? { redirect: deskPersonPath(found.personId) } : again(found.problem);
}

async function searchMeetings(
  { records }: DeskRouteDeps,
  { clinic, language, guard, noteRead }: DeskRequest,
  sought: string,
  again: (outcome: Outcome) => PageAnswer,
): Promise<PageAnswer> {
  const asked = reference.safeParse(plain(sought));
  if (!asked.success) return again('reference');
  const { clinicId } = clinic;
  const { items } = await records.meetings.list({
    clinicId,
    by: { reference: asked.data },
    state: null,
    cursor: null,
    limit: MOST_MEETINGS,
  });
  const [first, ...others] = items;
  if (!first) return again('no-meeting');
  const patientIds = [...new Set(items.map(({ patientId }) => patientId))];
  await noteRead(patientIds);
  if (others.length === 0) return { redirect: deskMeetingPath(first.meetingId) };
  const people = await records.people.findAll(clinicId, patientIds);
  const named = items.map((meeting) => ({
    meeting,
    name: nameInList(people.get(meeting.patientId), deskWords[language]),
  }));
  return { page: searchPage(language, guard, { sought, meetings: named }) };
}

function searchPage(
  language: Language,
  guard: FormGuard,
  {
    sought = '',
    outcome = null,
    meetings = [],
  }: { sought?: string; outcome?: Outcome | null; meetings?: { meeting: Meeting; name: string }[] } = {},
): PageContent {
  const words = texts[language];
  const problem =
    outcome === null || outcome === 'no-person' || outcome === 'no-meeting' ? null : words.problems[outcome];
  return {
    title: words.title,
    main: (
      <>
        {problem !== null && (
          <ErrorSummary title={words.wrong} problems={[{ field: 'sought', text: problem }]} />
        )}
        <Heading>{words.title}</Heading>
        {outcome === 'no-person' && (
          <Banner kind="info" title={words.noPerson} takesFocus>
            <PostForm action={ADD_FOUND_PATH} guard={guard}>
              <p>{words.noPersonText}</p>
              <input type="hidden" name="number" value={sought} />
              <Button kind="secondary">{words.addThis}</Button>
            </PostForm>
          </Banner>
        )}
        {outcome === 'no-meeting' && (
          <Banner kind="info" title={words.noMeeting} takesFocus>
            {words.noMeetingText}
          </Banner>
        )}
        {meetings.length > 0 && (
          <Table
            caption={words.several}
            head={[words.time, words.patient, words.state]}
            rows={meetings.map(({ meeting, name }) => ({
              key: meeting.meetingId,
              cells: [
                <a href={deskMeetingPath(meeting.meetingId)}>
                  {dayAndTime(meeting.course.time.startAt, language)}
                </a>,
                name,
                <StateTag meeting={meeting} language={language} />,
              ],
            }))}
          />
        )}
        <Card isMain>
          <PostForm action={PEOPLE_PATH} guard={guard} noValidate autocomplete="off">
            <TextField
              id="sought"
              name="sought"
              label={words.sought}
              hint={words.hint}
              value={sought}
              problem={problem}
              language={language}
              autocomplete="off"
            />
            <Button>{words.search}</Button>
          </PostForm>
        </Card>
        <p class="hint">{words.logged}</p>
        <h2>{words.newPerson}</h2>
        <ButtonRow>
          <ButtonLink href={ADD_PATH} kind="secondary" icon="person">
            {words.add}
          </ButtonLink>
        </ButtonRow>
      </>
    ),
  };
}

const texts = wording({
  sv: {
    title: 'Personer',
    sought: 'Personnummer eller bokningens referens',
    hint: 'Till exempel ÅÅÅÅMMDD-NNNN',
    search: 'Sök',
    logged: 'Varje sökning sparas i loggen.',
    wrong: 'Sökningen gick inte att göra',
    problems: {
      nothing: 'Skriv ett personnummer eller en referens.',
      number: 'Personnumret stämmer inte. Kontrollera siffrorna.',
      reference:
        'Skriv referensen som den står i bokningen: bokstäver, siffror och . _ : / - utan mellanslag.',
      'two-centuries': 'Två personer kan ha det numret. Skriv det med tolv siffror, som ÅÅÅÅMMDD-NNNN.',
    },
    noPerson: 'Ingen på mottagningen har det numret',
    noPersonText: 'Kontrollera siffrorna. Är personen ny hos er kan du lägga till den.',
    addThis: 'Lägg till personen',
    noMeeting: 'Inget möte har den referensen',
    noMeetingText: 'Kontrollera att den är skriven som i bokningen, också stora och små bokstäver.',
    several: 'Möten med referensen',
    time: 'Tid',
    patient: 'Patient',
    state: 'Läge',
    newPerson: 'Är personen ny hos er?',
    add: 'Lägg till en person',
  },
  en: {
    title: 'People',
    sought: 'Personal identity number, or the booking’s reference',
    hint: 'For example YYYYMMDD-NNNN',
    search: 'Search',
    logged: 'Each search is kept in the log.',
    wrong: 'The search could not be made',
    problems: {
      nothing: 'Write a personal number or a reference.',
      number: 'The personal number is not right. Check the digits.',
      reference: 'Write the reference as the booking has it: letters, digits and . _ : / - without spaces.',
      'two-centuries': 'Two people can have that number. Write it with twelve digits, as YYYYMMDD-NNNN.',
    },
    noPerson: 'Nobody at the clinic has that number',
    noPersonText: 'Check the digits. If the person is new to you, you can add them.',
    addThis: 'Add the person',
    noMeeting: 'No meeting has that reference',
    noMeetingText: 'Check that it is written as in the booking, capital letters too.',
    several: 'Meetings with the reference',
    time: 'Time',
    patient: 'Patient',
    state: 'State',
    newPerson: 'Is the person new to you?',
    add: 'Add a person',
  },
});
