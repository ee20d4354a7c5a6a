import { clinicRoutes } from '../../../api/clinic/routes';
import { patientRoutes } from '../../../api/patient/routes';
import { isInWords, operationWords } from '../../../api/staff/manage/log-words';
import { deskRoutes } from '../../../api/staff/routes';
import { commands } from '../../../use-cases';

/** What the log says of each operation (R8.2, R8.5). */
it('R8.5 every operation that there is has its words, in both languages', () => {
  const nothing = {} as never;
  const tables = [clinicRoutes(nothing), patientRoutes(nothing), deskRoutes(nothing)];
  const operations = [
    ...tables.flatMap((routes) => routes.map(({ operation }) => operation)),
    ...Object.keys(commands),
  ];
  expect(operations.length).toBeGreaterThan(150);
  expect([...new Set(operations)].filter((operation) => !isInWords(operation))).toEqual([]);
  for (const operation of operations)
    for (const language of ['sv', 'en'] as const)
      expect(operationWords(operation, language)).toMatch(/^[A-ZÅÄÖ]/);
});

it('R8.2 one that nobody has words for is shown by its own name', () => {
  expect(operationWords('meeting.of-another-release', 'sv')).toBe('meeting.of-another-release');
});
