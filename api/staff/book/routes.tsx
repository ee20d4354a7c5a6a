import { toInstant } from '../../../rules/instant';
import { isBlank } from '../../../rules/typed';
import type { Answer } from '../../../records/commands';
import type { FieldProblem } from '../../../use-cases/command';
import type { BookMeeting } from '../../../use-cases/meeting/bodies';
import { foreseeBooking } from '../../../use-cases/meeting/book';
import { actorOf } from '../../access';
import type { PageAnswer } from '../../frame/page-content';
import { giveDeskCommand, wasGiven } from '../frame/command';
import { DESK_PATH } from '../frame/paths';
import { refusalPage } from '../frame/refusals';
import { everybody, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { findByNumber } from '../people/find';
import { BOOK_PATH, PEOPLE_PATH } from '../people/paths';
import { refusedText } from '../people/refused';
import { checkPage, receivedPage } from './check';
import { showDone } from './done';
import { bookingForm, withStaff } from './form';
import { ADD_PERSON_PATH, CHECK_PATH, CONFIRM_PATH, donePath, EDIT_PATH } from './paths';
import { canAskSms, hasStaff, isChildAt, readBooking, referenceOf, type BookingView } from './read';
import {
  bookingBody,
  bookingOf,
  emptyBooking,
  invitedRoles,
  peopleIn,
  problemsAt,
  withPerson,
  type BookingProblems,
  type PostedBooking,
} from './typed';
import { isReceived, reasonOf } from '../../page-command';

/** What was filled in when the login ended, for the same member of staff. */
const KEPT_PATH = `${BOOK_PATH}?kept=yes`;
const keepsForm = { schema: bookingBody, goOnAt: KEPT_PATH } as const;

/** A meeting is booked on the desk alone: a form, a look at all of it, and a receipt (R1.1–R1.3). */
export const bookRoutes = (deps: DeskRouteDeps): DeskRoute[] => [
  {
    method: 'get',
    path: BOOK_PATH,
    operation: 'person.read',
    summary: 'The form of a booking for a person',
    roles: everybody,
    subject: 'clinic',
    handle: (request) => showBooking(deps, request),
  },
  {
    method: 'post',
    path: EDIT_PATH,
    operation: 'person.read',
    summary: 'The form again, with what was typed',
    roles: everybody,
    subject: 'people-in-body',
    body: bookingBody,
    keepsForm,
    handle: (request) => withView(deps, request, (view) => form(deps, request, view)),
  },
  {
    method: 'post',
    path: ADD_PERSON_PATH,
    operation: 'person.search',
    summary: 'Add somebody to the booking by number, or an invitation without an identity (R4.2)',
    roles: everybody,
    subject: 'people-in-body',
    body: bookingBody,
    keepsForm,
    handle: (request) => addPerson(deps, request),
  },
  {
    method: 'post',
    path: CHECK_PATH,
    operation: 'person.read',
    summary: 'All of a booking before it is made: its cost and notices too',
    roles: everybody,
    subject: 'people-in-body',
    body: bookingBody,
    keepsForm,
    handle: (request) => withView(deps, request, (view) => check(deps, request, view)),
  },
  {
    method: 'post',
    path: CONFIRM_PATH,
    operation: 'meeting.book',
    summary: 'Book the meeting',
    roles: everybody,
    subject: 'people-in-body',
    body: bookingBody,
    keepsForm,
    handle: (request) => withView(deps, request, (view) => confirm(deps, request, view)),
  },
  {
    method: 'get',
    path: donePath('{meetingId}'),
    operation: 'meeting.read',
    summary: 'The receipt of a booking, with what may not have been meant',
    roles: everybody,
    subject: 'meeting',
    handle: showDone(deps),
  },
];

/** The empty form. Whoever performs meetings takes part, until they say otherwise. */
async function showBooking(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const { query, roles, member, clinic, noteRead, language } = request;
  if (query.kept !== undefined) return showKept(deps, request);
  if (query.person === undefined) return { redirect: PEOPLE_PATH };
  const codes = [...new Set(clinic.settings.fees.map(({ feeCode }) => feeCode))];
  const known = {
    staff: roles.includes('clinician') ? [referenceOf(member)] : [],
    // Where there is one kind of contact there is nothing to choose.
    feeCode: codes.length === 1 ? (codes[0] ?? '') : '',
  };
  const asked = bookingBody.safeParse({ person: query.person });
  const view = asked.success && (await readBooking(deps, request, emptyBooking(asked.data.patientId, known)));
  if (!view) return notFoundPage(language);
  await noteRead([view.patient.personId]);
  return form(deps, request, view);
}

/**
 * The form as it was filled in when the login ended, for whoever filled it in; for anybody else as if there
 * were none.
 */
async function showKept(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const { member, noteRead } = request;
  const kept = await deps.records.keptForms.read(member, deps.clock.now());
  const posted = bookingBody.safeParse(kept);
  const view = posted.success ? await readBooking(deps, request, posted.data.typed) : null;
  if (!view) return { redirect: PEOPLE_PATH };
  await noteRead([view.patient.personId, ...view.people.keys()]);
  return { page: bookingForm(request, view, { now: deps.clock.now(), isKept: true }) };
}

const notFoundPage = (language: DeskRequest['language']): PageAnswer => ({
  page: refusalPage(language, 'not-found', `${DESK_PATH}/today`),
  status: 404,
});

async function withView(
  deps: DeskRouteDeps,
  request: DeskRequest,
  answer: (view: BookingView) => Promise<PageAnswer> | PageAnswer,
): Promise<PageAnswer> {
  const view = await readBooking(deps, request, (request.body as PostedBooking).typed);
  return view ? answer(view) : notFoundPage(request.language);
}

const form = (
  { clock }: Pick<DeskRouteDeps, 'clock'>,
  request: DeskRequest,
  view: BookingView,
): PageAnswer => ({
  page: bookingForm(request, view, { now: clock.now() }),
});

/** The form with what is wrong in it, or why nothing was done. */
const wrongForm = (
  { clock }: Pick<DeskRouteDeps, 'clock'>,
  request: DeskRequest,
  view: BookingView,
  { problems = {}, refusal = null, status = 422 }: WrongForm,
): PageAnswer => ({
  page: bookingForm(request, view, { now: clock.now(), problems, refusal }),
  status,
});
interface WrongForm {
  problems?: BookingProblems;
  refusal?: string | null;
  status?: number;
}

/** Adds the one with that number; without a number an invitation, for those who can have one. */
async function addPerson(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const { typed } = request.body as PostedBooking;
  const { addRole, addNumber } = typed;
  const again = (problems: BookingProblems): Promise<PageAnswer> =>
    withView(deps, request, (view) => wrongForm(deps, request, view, { problems }));
  if (addRole === '') return again({ addRole: 'no-role' });
  let personId: string | null = null;
  if (!isBlank(addNumber)) {
    const found = await findByNumber(deps, request, addNumber);
    if ('problem' in found)
      return again({ addNumber: found.problem === 'no-person' ? 'not-here' : 'number' });
    personId = found.personId;
    const isIn = [typed.person, ...peopleIn(typed).map((each) => each.personId)].includes(personId);
    if (isIn) return again({ addNumber: 'person-twice' });
  } else if (!invitedRoles.includes(addRole)) return again({ addNumber: 'no-number' });
  const added = await readBooking(deps, request, withPerson(typed, addRole, personId));
  return added ? form(deps, request, added) : notFoundPage(request.language);
}

/**
 * What was typed, as the command takes it; or the form with what is wrong.
 *
 * @param receivedAt null for a form that was posted before: it gets its answer, whatever has changed since
 */
function bookingIn(
  deps: DeskRouteDeps,
  request: DeskRequest,
  view: BookingView,
  receivedAt: Date | null,
): { body: BookMeeting } | { again: PageAnswer } {
  const { typed, patient } = view;
  const asked = bookingOf(typed, {
    assessedBy: request.caller.staffId,
    isChild: (startAt) => isChildAt(patient, startAt === null ? deps.clock.now() : new Date(startAt)),
    receivedAt,
  });
  // Whoever has left since a form was posted has not left when it was.
  const isStaffKnown = receivedAt === null || hasStaff(view);
  if ('body' in asked && isStaffKnown) return asked;
  const problems: BookingProblems = {
    ...('problems' in asked ? asked.problems : {}),
    ...(isStaffKnown ? {} : { addStaff: 'unknown' as const }),
  };
  return { again: wrongForm(deps, request, view, { problems }) };
}

/** Shows all of the booking, if the command would take it; its own answers say what is wrong (R1.2). */
async function check(deps: DeskRouteDeps, request: DeskRequest, view: BookingView): Promise<PageAnswer> {
  const { act } = request.body as PostedBooking;
  if (act === 'add-staff') return form(deps, request, withStaff(view));
  const { receivedAt, caller, read } = request;
  const asked = bookingIn(deps, request, view, receivedAt);
  if ('again' in asked) return asked.again;
  const foreseen = await foreseeBooking(
    { ...deps, readBefore: read },
    {
      clinicId: caller.clinic.clinicId,
      actor: actorOf(caller),
      receivedAt: toInstant(receivedAt),
      body: asked.body,
    },
  );
  if ('refused' in foreseen) return refusedForm(deps, request, view, foreseen.refused);
  return { page: await checkPage(deps, request, view, foreseen) };
}

/** Records the answer about SMS, then books: the notice of the booking goes by what was answered (R2.2). */
async function confirm(deps: DeskRouteDeps, request: DeskRequest, view: BookingView): Promise<PageAnswer> {
  const { typed, patient } = view;
  // A form that was posted before gets its answer again, also once its start has passed.
  const isAgain = await wasGiven(deps, request);
  const asked = bookingIn(deps, request, view, isAgain ? null : request.receivedAt);
  if ('again' in asked) return asked.again;

  if (typed.sms !== '' && canAskSms(patient)) {
    const consent = await giveDeskCommand(
      deps,
      request,
      {
        operation: 'person.record-sms-consent',
        params: { personId: patient.personId },
        body: { given: typed.sms !== 'no', source: typed.sms === '1177' ? '1177' : 'asked' },
      },
      '/sms',
    );
    if (reasonOf(consent) !== null && !isReceived(consent)) return refusedForm(deps, request, view, consent);
  }
  // What was read of the patient with the request is from before the answer about SMS.
  const answer = await giveDeskCommand(
    deps,
    { ...request, read: {} },
    { operation: 'meeting.book', params: {}, body: asked.body },
  );
  if (isReceived(answer)) {
    const guard = { ...request.guard, formKey: request.postedKey ?? request.guard.formKey };
    return { page: receivedPage(request.language, { typed, guard }), status: answer.status };
  }
  if (reasonOf(answer) !== null) return refusedForm(deps, request, view, answer);
  await deps.records.keptForms.remove(request.member);
  return { redirect: donePath((answer.body as { meetingId: string }).meetingId) };
}

/** What the command refused, at its fields; or in words where no field says it. */
function refusedForm(
  deps: DeskRouteDeps,
  request: DeskRequest,
  view: BookingView,
  { status, body }: Answer,
): PageAnswer {
  const { errors, title } = body as { errors: FieldProblem[]; title: string };
  return wrongForm(deps, request, view, {
    problems: problemsAt(errors, view.typed),
    refusal: errors.length > 0 ? null : refusedText(title, request.language),
    status,
  });
}
