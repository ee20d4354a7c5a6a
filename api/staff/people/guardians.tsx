import { z } from 'zod';
import type { Person, RecordedStop } from '../../../records/people';
import { guardianMayAct } from '../../../rules/calendar/age';
import { stopOf } from '../../../rules/calendar/guardian';
import type { Language } from '../../../rules/notices';
import { isBlank } from '../../../rules/typed';
import { MOST_STOP_REASON, stopGuardianBody } from '../../../use-cases/person/bodies';
import { Choices, TextField } from '../../frame/fields';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, Card, Facts, Heading, Tag } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { writeAudit } from '../../access';
import { reasonOf } from '../../page-command';
import { knownGuardians } from '../cases/known-guardians';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { deskPersonPath } from '../frame/paths';
import { carers, type DeskRequest, type DeskRouteDeps } from '../frame/route';
import { lineOf, typedText } from '../frame/typed';
import { deskWords, nameInList } from '../frame/words';
import { findByNumber } from './find';
import { formPage } from './form-page';
import { personIn } from './read';
import { askedAgain } from './refused';

/** The page of a child's guardians, and those under it. */
export const guardiansPage = 'guardians';
const pathOf = ({ personId }: Person, page = ''): string =>
  deskPersonPath(personId, page === '' ? guardiansPage : `${guardiansPage}/${page}`);

/** Who is to be stopped, of those whom the clinic knows or by number, and why. */
export const stopBody = z.object({ guardian: z.string().default(''), number: typedText, reason: typedText });
type Typed = z.infer<typeof stopBody>;
/** Whose stop is lifted. */
export const allowBody = z.object({ guardian: z.string().default('') });

type Field = 'guardian' | 'number' | 'reason';
type Problems = Partial<Record<Field, string>>;

/**
 * The request with what it reads logged as reading: in a guardian's own log a row of this act would tell of the stop
 * (R7.10).
 */
const asReading = (deps: DeskRouteDeps, request: DeskRequest): DeskRequest => ({
  ...request,
  noteRead: (personIds) => writeAudit(deps, { operation: 'person.read' }, request, personIds),
});

/** Guardians of a child, whether staff have stopped them, and the form that stops one (R7.3). */
export const showGuardians =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => ({
    page: await guardiansPageOf(deps, request, { guardian: '', number: '', reason: '' }),
  });

/** Stops a guardian: one who is chosen, or one of the clinic's people by number, also before they take part. */
export const stopGuardian =
  (deps: DeskRouteDeps) =>
  async (posted: DeskRequest): Promise<PageAnswer> => {
    const request = asReading(deps, posted);
    const child = await personIn(deps, request);
    const words = texts[request.language].problems;
    const typed = request.body as Typed;
    const problems: Problems = {};
    let guardianId = typed.guardian;
    if (!isBlank(typed.number)) {
      const found = await findByNumber(deps, request, typed.number);
      if ('problem' in found) problems.number = words[found.problem];
      else guardianId = found.personId;
    } else if (guardianId === '') problems.guardian = words.nobody;
    const reason = lineOf(typed.reason);
    const body = stopGuardianBody.safeParse({ guardianId, reason });
    if (reason === '' || reason.length > MOST_STOP_REASON) problems.reason = words.reason;
    else if (!body.success && !problems.number) problems.guardian ??= words.nobody;
    if (!body.success || Object.keys(problems).length > 0)
      return { page: await guardiansPageOf(deps, request, typed, { problems }), status: 422 };
    const answer = await giveDeskCommand(deps, request, {
      operation: 'person.stop-guardian',
      body: body.data,
    });
    const refusal = reasonOf(answer);
    if (refusal === null) return { redirect: `${deskPersonPath(child.personId)}?said=stopped` };
    const at = isBlank(typed.number) ? 'guardian' : 'number';
    const refused: Problems =
      refusal === 'not-entitled'
        ? { [at]: words.own }
        : refusal === 'unknown-person'
          ? { [at]: words['no-person'] }
          : {};
    return {
      page: await guardiansPageOf(deps, askedAgain(request, answer), typed, {
        problems: refused,
        refusal: Object.keys(refused).length > 0 ? null : refusal,
      }),
      status: answer.status,
    };
  };

/** Lifts a stop. */
export const allowGuardian =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const child = await personIn(deps, request);
    const { guardian } = request.body as z.infer<typeof allowBody>;
    const answer = await giveDeskCommand(deps, request, {
      operation: 'person.allow-guardian',
      body: { guardianId: guardian },
    });
    return afterCommand(answer, deskPersonPath(child.personId), 'allowed');
  };

/** Why guardians were stopped, in the words of whoever did: for those who care for the child (R8.1). */
export const showStops =
  (deps: DeskRouteDeps) =>
  async (asked: DeskRequest): Promise<PageAnswer> => {
    const { records } = deps;
    const request = asReading(deps, asked);
    const { language, noteRead } = request;
    const words = texts[language];
    const child = await personIn(deps, request);
    const stops = await records.people.stopsWithReasons(child.clinicId, child.personId);
    const guardians = await records.people.findAll(
      child.clinicId,
      stops.map(({ guardianId }) => guardianId),
    );
    await noteRead([...guardians.keys()]);
    const page = {
      title: words.reasonsTitle,
      main: (
        <>
          <Heading above={words.reasonsTitle}>{nameInList(child, deskWords[language])}</Heading>
          {stops.length === 0 && <p>{words.neverStopped}</p>}
          {stops.map((stop) => (
            <Card key={`${stop.guardianId} ${stop.since}`}>
              <h2>{nameInList(guardians.get(stop.guardianId), deskWords[language])}</h2>
              <Facts facts={stopFacts(stop, language)} />
            </Card>
          ))}
          <ButtonRow>
            <ButtonLink href={pathOf(child)} kind="quiet">
              {words.toGuardians}
            </ButtonLink>
          </ButtonRow>
        </>
      ),
    };
    return { page };
  };

function stopFacts({ since, by, liftedAt, liftedBy, reason }: RecordedStop, language: Language) {
  const words = texts[language];
  return [
    { term: words.since, value: dayAndTime(since, language) },
    { term: words.by, value: by },
    { term: words.reason, value: reason },
    ...(liftedAt === null
      ? []
      : [{ term: words.lifted, value: `${dayAndTime(liftedAt, language)}, ${liftedBy ?? ''}` }]),
  ];
}

async function guardiansPageOf(
  deps: DeskRouteDeps,
  request: DeskRequest,
  typed: Typed,
  { problems = {}, refusal = null }: { problems?: Problems; refusal?: string | null } = {},
): Promise<PageContent> {
  const { records, clock } = deps;
  const { language, guard, noteRead, roles } = request;
  const words = texts[language];
  const child = await personIn(deps, request);
  const now = clock.now();
  const stoppedIds = child.guardianStops.map(({ guardianId }) => guardianId);
  const found = [
    ...(await knownGuardians(records, child)),
    ...(await records.people.findAll(child.clinicId, stoppedIds)).values(),
  ];
  const guardians = [...new Map(found.map((each) => [each.personId, each])).values()];
  if (guardians.length > 0) await noteRead(guardians.map(({ personId }) => personId));
  const free = guardians.filter(({ personId }) => stopOf(child, personId, now) === null);
  const of = (field: Field) => ({
    id: field,
    name: field,
    language,
    problem: problems[field] ?? null,
  });
  const fieldProblems = (['guardian', 'number', 'reason'] as const).flatMap((field) => {
    const text = problems[field];
    // Where nobody can be chosen, the number is what is left to fill in.
    return text === undefined
      ? []
      : [{ field: field === 'guardian' && free.length === 0 ? 'number' : field, text }];
  });
  const noChoice = free.length === 0 ? (problems.guardian ?? null) : null;
  return formPage({
    language,
    guard,
    title: words.title,
    of: nameInList(child, deskWords[language]),
    wrong: { title: words.wrong, problems: fieldProblems },
    refusal,
    lead: (
      <>
        {!guardianMayAct(child.personal.birthDate, now) && <Banner kind="info">{words.thirteen}</Banner>}
        {guardians.length === 0 && <p>{words.none}</p>}
        {guardians.map((guardian) => {
          const stop = stopOf(child, guardian.personId, now);
          return (
            <Card key={guardian.personId}>
              <h2>{nameInList(guardian, deskWords[language])}</h2>
              {stop === null ? (
                <p>{words.notStopped}</p>
              ) : (
                <>
                  <p>
                    <Tag tone="warning">{words.stopped(dayAndTime(stop.since, language), stop.by)}</Tag>
                  </p>
                  <PostForm action={pathOf(child, 'allow')} guard={guard}>
                    <input type="hidden" name="guardian" value={guardian.personId} />
                    <Button kind="secondary">{words.allow}</Button>
                  </PostForm>
                </>
              )}
            </Card>
          );
        })}
        {stoppedIds.length > 0 && roles.some((role) => carers.includes(role)) && (
          <p>
            <a href={pathOf(child, 'reasons')}>{words.toReasons}</a>
          </p>
        )}
        <h2>{words.stopTitle}</h2>
        <p>{words.what}</p>
        <p>{words.silent}</p>
      </>
    ),
    action: pathOf(child),
    fields: (
      <>
        {free.length > 0 && (
          <Choices
            {...of('guardian')}
            label={words.who}
            chosen={[typed.guardian]}
            choices={free.map((each) => ({
              value: each.personId,
              text: nameInList(each, deskWords[language]),
            }))}
          />
        )}
        <TextField
          {...of('number')}
          problem={problems.number ?? noChoice}
          label={free.length > 0 ? words.otherNumber : words.number}
          hint={words.numberHint}
          value={typed.number}
          autocomplete="off"
          isOptional={free.length > 0}
        />
        <TextField
          {...of('reason')}
          label={words.why}
          hint={words.whyHint}
          value={typed.reason}
          autocomplete="off"
        />
      </>
    ),
    autocomplete: 'off',
    save: words.stop,
    cancel: { text: words.toPerson, href: deskPersonPath(child.personId) },
  });
}

const texts = wording({
  sv: {
    title: 'Vårdnadshavare',
    wrong: 'Ingen är stoppad än. Rätta det här',
    thirteen: 'Barnet har fyllt 13 år. Vårdnadshavare agerar inte för barnet längre, stoppade eller inte.',
    none: 'Mottagningen känner inte till någon vårdnadshavare.',
    notStopped: 'Inte stoppad.',
    stopped: (since: string, by: string) => `Stoppad sedan ${since}, av ${by}`,
    allow: 'Häv stoppet',
    toReasons: 'Läs varför',
    stopTitle: 'Stoppa en vårdnadshavare',
    what: 'Den som är stoppad kommer inte in i barnets möten och ärenden, och får inga meddelanden om dem. Det gäller genast, på er mottagning, också möten som redan är bokade. Är personen i ett rum nu måste ni själva avsluta samtalet.',
    silent: 'Den som stoppas får inte veta det, och ser samma sidor som en främling.',
    who: 'Vem ska stoppas?',
    number: 'Vårdnadshavarens personnummer',
    otherNumber: 'Någon annan: personnummer',
    numberHint: 'Personen ska finnas på mottagningen. Lägg till den först om den inte gör det.',
    why: 'Varför?',
    whyHint: 'För kollegor som frågar senare. Bara vårdpersonal och verksamhetschefen kan läsa det.',
    stop: 'Stoppa',
    toGuardians: 'Till vårdnadshavarna',
    toPerson: 'Till personen',
    reasonsTitle: 'Varför vårdnadshavare är stoppade',
    neverStopped: 'Ingen har varit stoppad.',
    since: 'Stoppad',
    by: 'Av',
    reason: 'Varför',
    lifted: 'Stoppet hävdes',
    problems: {
      nobody: 'Välj vem som ska stoppas, eller skriv numret.',
      reason: `Skriv varför, med högst ${MOST_STOP_REASON} tecken.`,
      own: 'Det är barnet självt. Ingen kan stoppas från sin egen vård.',
      number: 'Numret stämmer inte. Kontrollera siffrorna.',
      'no-person': 'Mottagningen har ingen person med det numret. Lägg till personen först.',
      'two-centuries': 'Två personer kan ha det numret. Skriv det med tolv siffror.',
    },
  },
  en: {
    title: 'Guardians',
    wrong: 'Nobody is stopped yet. Please correct this',
    thirteen: 'The child is 13 or older. Guardians do not act for the child any more, stopped or not.',
    none: 'The clinic knows of no guardian.',
    notStopped: 'Not stopped.',
    stopped: (since, by) => `Stopped since ${since}, by ${by}`,
    allow: 'Lift the stop',
    toReasons: 'Read why',
    stopTitle: 'Stop a guardian',
    what: 'Who is stopped does not come into the child’s meetings and cases, and gets no messages about them. It holds at once, at your clinic, also for meetings that are booked already. If the person is in a room now, you have to end the call yourselves.',
    silent: 'Who is stopped is not told, and sees the same pages as a stranger.',
    who: 'Who is to be stopped?',
    number: 'The guardian’s personal number',
    otherNumber: 'Somebody else: personal number',
    numberHint: 'The person must be at the clinic. Add them first if they are not.',
    why: 'Why?',
    whyHint: 'For colleagues who ask later. Only clinicians and the operations manager can read it.',
    stop: 'Stop',
    toGuardians: 'To the guardians',
    toPerson: 'To the person',
    reasonsTitle: 'Why guardians are stopped',
    neverStopped: 'Nobody has been stopped.',
    since: 'Stopped',
    by: 'By',
    reason: 'Why',
    lifted: 'The stop was lifted',
    problems: {
      nobody: 'Choose who is to be stopped, or write the number.',
      reason: `Write why, in at most ${MOST_STOP_REASON} characters.`,
      own: 'That is the child. Nobody can be stopped from their own care.',
      number: 'The number is not right. Check the digits.',
      'no-person': 'The clinic has no person with that number. Add the person first.',
      'two-centuries': 'Two people can have that number. Write it with twelve digits.',
    },
  },
});
