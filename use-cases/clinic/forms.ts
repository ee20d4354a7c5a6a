import { nameOf } from '../../rules/actor';
import { answerProblems, readAnswers } from '../../rules/forms';
import { seenVersion } from '../as-received';
import type { AddForm, FillInForm } from './bodies';
import { notFound, problem, wrongField, type CarryOut } from '../command';
import { tellFactNow } from '../meeting/facts';

/** Adds a form to the clinic. */
export const addForm: CarryOut<AddForm> = async ({ records, clock }, command) => {
  const { clinicId, targetId: formId, body } = command;
  await records.forms.add({ formId, clinicId, ...body }, clock.now());
  return { status: 201, body: { formId, ...body } };
};

/**
 * Records the answers to a form given for a meeting (R3.1), and tells the meeting where that opens its gates.
 */
export const fillInForm: CarryOut<FillInForm> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, params, body, actor, receivedAt } = command;
  const { meetingId = '', formId = '' } = params;
  const meeting = await records.meetings.find(clinicId, meetingId);
  const form = await records.forms.find(clinicId, formId);
  if (!meeting) return notFound('meeting');
  if (!form || !meeting.formIds.includes(formId)) {
    return wrongField('/params/formId', 'unknown-form', 'This form was not given for this meeting.');
  }
  const answers = readAnswers(form.questions, body.answers);
  const problems = answerProblems(form.questions, answers);
  if (problems.length > 0) {
    return problem(
      422,
      'wrong-answers',
      'The answers do not fit the form.',
      problems.map(({ questionId, reason }) => ({
        field: `/body/answers/${questionId}`,
        reason,
        message: reason.replaceAll('-', ' '),
      })),
    );
  }
  await records.forms.saveFilled({
    meetingId,
    startVersion: seenVersion(command, meeting),
    formId,
    clinicId,
    patientId: meeting.patientId,
    answers,
    answeredBy: body.answeredBy,
    recordedBy: nameOf(actor),
    recordedAt: receivedAt,
  });
  await tellFactNow(deps, meetingId, 'gates');
  return { status: 200, body: { meetingId, formId, answeredBy: body.answeredBy, recordedAt: receivedAt } };
};
