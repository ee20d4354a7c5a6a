import { DEMO_PATIENT_NUMBER, demoStaff } from '../demo-clinic';

/** Somebody whom a stand-in of a login provider can be. */
export interface Account {
  /** What the claim has that tells who it is. */
  accountId: string;
  name: string;
  whoIsIt: string;
}

/** A patient or a relative whom the stand-in of e-identification can be. */
export interface TestPerson {
  name: string;
  /** One of Skatteverket's published test numbers: nobody has it. */
  personalNumber: string;
  /** Who that is in the demo clinic. */
  whoIsIt: string;
}

/** Those whom one can log in as on one machine. */
export const testPeople: TestPerson[] = [
  { name: 'Tolvan Tolvansson', personalNumber: '191212121212', whoIsIt: 'The demo clinic’s patient' },
  {
    name: 'Demopatienten',
    personalNumber: DEMO_PATIENT_NUMBER,
    whoIsIt: 'The patient of the demo meeting that was booked last',
  },
  {
    name: 'Kim Anhörigsson',
    personalNumber: '199001012385',
    whoIsIt: 'Somebody who can be invited as a guest',
  },
  { name: 'Robin Annansson', personalNumber: '198107249289', whoIsIt: 'Somebody else: the wrong person' },
];

/** People as accounts of the stand-in of e-identification. */
export const accountsOf = (people: TestPerson[]): Account[] =>
  people.map(({ personalNumber, name, whoIsIt }) => ({ accountId: personalNumber, name, whoIsIt }));

/** The demo clinic's staff, as accounts of the stand-in of their login. */
export const staffAccounts: Account[] = demoStaff.map(({ login, name, title }) => ({
  accountId: login,
  name,
  whoIsIt: title,
}));
