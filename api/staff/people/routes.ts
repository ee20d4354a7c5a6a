import { PEOPLE_PATH, ADD_FOUND_PATH, ADD_PATH } from './paths';
import { deskPersonPath } from '../frame/paths';
import { carers, everybody, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { add, addBody, numberBody, showAdd } from './add';
import { change, changeBody, showChange } from './change';
import { consentBody, consentPages, recordConsent, showConsent } from './consents';
import { showPerson } from './person';
import { search, searchBody, showSearch } from './search';

const ofPerson = (page = ''): string => deskPersonPath('{personId}', page);

/** People: found by number, added, and changed. What tells who one with protected data is: carers (R8.8). */
export const peopleRoutes = (deps: DeskRouteDeps): DeskRoute[] => [
  {
    method: 'get',
    path: PEOPLE_PATH,
    operation: 'person.open-search',
    summary: 'Where people are found',
    roles: everybody,
    subject: 'clinic',
    handle: (request) => Promise.resolve(showSearch(request)),
  },
  {
    method: 'post',
    path: PEOPLE_PATH,
    operation: 'person.search',
    summary: 'Find a person by number, or a meeting by its reference; never in an address (R8.3)',
    roles: everybody,
    subject: 'clinic',
    body: searchBody,
    handle: (request) => search(deps, request),
  },
  {
    method: 'get',
    path: ADD_PATH,
    operation: 'person.open-addition',
    summary: 'The form for a new person',
    roles: everybody,
    subject: 'clinic',
    handle: (request) => Promise.resolve(showAdd(request)),
  },
  {
    method: 'post',
    path: ADD_FOUND_PATH,
    operation: 'person.open-addition',
    summary: 'The same with a number that was searched for and that nobody has',
    roles: everybody,
    subject: 'clinic',
    body: numberBody,
    handle: (request) => Promise.resolve(showAdd(request)),
  },
  {
    method: 'post',
    path: ADD_PATH,
    operation: 'person.add',
    summary: 'Add a person, and record the consent to SMS',
    roles: everybody,
    subject: 'clinic',
    body: addBody,
    handle: (request) => add(deps, request),
  },
  {
    method: 'get',
    path: ofPerson(),
    operation: 'person.read',
    summary: 'A person: contact ways, consents, meetings, cases',
    roles: everybody,
    subject: 'person',
    handle: showPerson(deps, false),
  },
  {
    method: 'get',
    path: ofPerson('protected'),
    operation: 'person.read-protected',
    summary: 'The same with the name and the numbers of one with protected data (R8.8)',
    roles: carers,
    subject: 'person',
    content: true,
    handle: showPerson(deps, true),
  },
  {
    method: 'get',
    path: ofPerson('change'),
    operation: 'person.read',
    summary: 'The form for a person’s contact ways',
    roles: everybody,
    subject: 'person',
    handle: showChange(deps, false),
  },
  {
    method: 'post',
    path: ofPerson('change'),
    operation: 'person.change',
    summary: 'Change name, contact ways, language and protection',
    roles: everybody,
    subject: 'person',
    body: changeBody,
    handle: change(deps, false),
  },
  {
    method: 'get',
    path: ofPerson('protected/change'),
    operation: 'person.read-protected',
    summary: 'The same form for one with protected data',
    roles: carers,
    subject: 'person',
    content: true,
    handle: showChange(deps, true),
  },
  {
    method: 'post',
    path: ofPerson('protected/change'),
    operation: 'person.change',
    summary: 'The same change for one with protected data',
    roles: carers,
    subject: 'person',
    content: true,
    body: changeBody,
    handle: change(deps, true),
  },
  ...(['sms', 'history'] as const).flatMap((kind): DeskRoute[] => [
    {
      method: 'get',
      path: ofPerson(consentPages[kind]),
      operation: 'person.read',
      summary: 'The form for a consent',
      roles: everybody,
      subject: 'person',
      handle: showConsent(deps, kind),
    },
    {
      method: 'post',
      path: ofPerson(consentPages[kind]),
      operation: kind === 'sms' ? 'person.record-sms-consent' : 'person.record-care-history-consent',
      summary: kind === 'sms' ? 'Record a yes or no to SMS (R2.2)' : 'Record R3.2’s answer by telephone',
      roles: everybody,
      subject: 'person',
      body: consentBody[kind],
      handle: recordConsent(deps, kind),
    },
  ]),
];
