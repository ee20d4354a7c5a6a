import * as personBodies from '../../use-cases/person/bodies';
import { bornProblems } from '../../use-cases/person/stated-dates';
import type { ClinicRoute } from '../route';
import * as answers from './answers';
import * as bodies from './bodies';
import type { Questions } from './questions';
import { everybody } from './roles';
import * as sight from './sight';

/** People, and who has read their data. */
export const peopleRoutes = (ask: Questions): ClinicRoute[] => [
  {
    method: 'post',
    path: '/clinic/people',
    operation: 'person.add',
    summary: 'Record a person: patient, guardian, relative, interpreter or guest',
    roles: everybody,
    subject: 'clinic',
    body: personBodies.addPersonBody,
    check: ({ birthDate }, now) => bornProblems(birthDate, now),
    answers: { 201: answers.personAnswer },
    handle: 'person.add',
  },
  {
    method: 'post',
    path: '/clinic/people/search',
    operation: 'person.search',
    summary: 'Find a person by number; never in an address, where it would be logged (R8.3)',
    roles: everybody,
    subject: 'clinic',
    body: bodies.findPersonBody,
    answers: { 200: answers.personAnswer },
    handle: ask.findPerson,
  },
  {
    method: 'get',
    path: '/clinic/people/{personId}',
    operation: 'person.read',
    summary: 'One person',
    roles: everybody,
    subject: 'person',
    answers: { 200: answers.personAnswer },
    forStatus: sight.personForStatus,
    handle: ask.person,
  },
  {
    method: 'patch',
    path: '/clinic/people/{personId}',
    operation: 'person.change',
    summary: 'Change name, contact ways or language; what is absent stays',
    roles: everybody,
    subject: 'person',
    body: personBodies.changePersonBody,
    answers: { 200: answers.personAnswer },
    forStatus: sight.personForStatus,
    handle: 'person.change',
  },
  {
    method: 'put',
    path: '/clinic/people/{personId}/sms-consent',
    operation: 'person.record-sms-consent',
    summary: 'Record a yes or no to SMS (R2.2)',
    roles: everybody,
    subject: 'person',
    body: personBodies.smsConsentBody,
    answers: { 200: answers.personAnswer },
    forStatus: sight.personForStatus,
    handle: 'person.record-sms-consent',
  },
  {
    method: 'put',
    path: '/clinic/people/{personId}/care-history-consent',
    operation: 'person.record-care-history-consent',
    summary: 'Record whether the clinic may see care history and medicines (R3.2)',
    roles: everybody,
    subject: 'person',
    body: personBodies.careHistoryConsentBody,
    answers: { 200: answers.personAnswer },
    forStatus: sight.personForStatus,
    handle: 'person.record-care-history-consent',
  },
  {
    method: 'get',
    path: '/clinic/people/{personId}/audit',
    operation: 'person.read-audit',
    summary: 'Who has read or changed this person’s data, newest first (R8.2)',
    roles: ['operations-manager'],
    subject: 'person',
    content: true,
    answers: { 200: answers.auditAnswer },
    handle: ask.audit,
  },
];
