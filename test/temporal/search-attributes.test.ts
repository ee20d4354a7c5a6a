import { Connection } from '@temporalio/client';
import { caseWorkflowId, invoiceWorkflowId, meetingWorkflowId } from '../../temporal/ids';
import {
  lookAtSearchAttributes,
  registerSearchAttributes,
  searchAttributes,
  SearchAttributesMissing,
} from '../../temporal/search-attributes';
import { queryLink, readyQueries } from '../../temporal/web-ui';
import { completed, quietPatient } from '../api/clinic/after-meetings';
import { openCase, patientWrites } from '../support/cases';
import { createClinic, nextMobile, type TestClinic } from '../support/clinic';
import { detailsOf, metadataOf } from '../support/details';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';
import { systemClock } from '../../rules/clock';
import { defaultNoticeRules } from '../../rules/notices';

const MINUTE = 60_000;

describe('registering what workflows are found by', () => {
  const refusing = (
    code: number,
    details: string,
    known: Record<string, number> = {},
  ): Parameters<typeof registerSearchAttributes>[0] => {
    const refusal = Object.assign(new Error(details), { code, details, metadata: {} });
    return {
      operatorService: {
        listSearchAttributes: () => Promise.resolve({ customAttributes: known }),
        addSearchAttributes: () => Promise.reject(refusal),
      },
    } as unknown as Parameters<typeof registerSearchAttributes>[0];
  };

  it('can be done again and again, by several at once', async () => {
    const connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS ?? '' });
    try {
      await Promise.all([1, 2, 3].map(() => registerSearchAttributes(connection, 'test')));
      expect(await lookAtSearchAttributes(connection, 'test')).toEqual({ missing: [], wrong: [] });
    } finally {
      await connection.close();
    }
  });

  describe('with credentials that may not list them', () => {
    let connection: Connection;
    beforeAll(async () => {
      connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS ?? '' });
      await registerSearchAttributes(connection, 'test');
    });
    afterAll(() => connection.close());
    /** What a cluster lets one do who may start workflows and look for them, and administer nothing. */
    const notAdmitted = (
      workflowService: object = connection.workflowService,
    ): Parameters<typeof registerSearchAttributes>[0] => {
      const refusal = Object.assign(new Error(), {
        code: 7,
        details: 'Request unauthorized.',
        metadata: {},
      });
      const refuse = (): Promise<never> => Promise.reject(refusal);
      return {
        workflowService,
        operatorService: { listSearchAttributes: refuse, addSearchAttributes: refuse },
      } as unknown as Parameters<typeof registerSearchAttributes>[0];
    };

    it('goes on where they are there', async () => {
      expect(await lookAtSearchAttributes(notAdmitted(), 'test')).toEqual({ missing: [], wrong: [] });
      await registerSearchAttributes(notAdmitted(), 'test');
    });

    it('says which are missing, and how an operator adds them', async () => {
      // The server's own namespace, which nobody registers anything in.
      const registered = registerSearchAttributes(notAdmitted(), 'temporal-system');
      await expect(registered).rejects.toThrow(SearchAttributesMissing);
      await expect(registered).rejects.toThrow('Request unauthorized.');
      for (const { name } of searchAttributes) await expect(registered).rejects.toThrow(`--name ${name} `);
    });

    it('refuses a name that is taken by another type', async () => {
      // A cluster that has nothing but keywords: it takes any word for any of them.
      const keywordsOnly = { countWorkflowExecutions: () => Promise.resolve({}) };
      const registered = registerSearchAttributes(notAdmitted(keywordsOnly), 'care');
      await expect(registered).rejects.toThrow('the names are taken, with another type');
      await expect(registered).rejects.toThrow('--name StartsAt --type Datetime');
      await expect(registered).rejects.not.toThrow('--name ClinicId');
    });

    it('says that nobody lets it in, where nothing at all may be asked', async () => {
      const unauthorized = Object.assign(new Error(), { code: 16, details: 'Not logged in.', metadata: {} });
      const nothing = { countWorkflowExecutions: () => Promise.reject(unauthorized) };
      await expect(registerSearchAttributes(notAdmitted(nothing), 'care')).rejects.toThrow('Not logged in.');
    });
  });

  it('says how an operator adds them where this process may not', async () => {
    const registered = registerSearchAttributes(refusing(7, 'Request unauthorized.'), 'care');
    await expect(registered).rejects.toThrow(SearchAttributesMissing);
    await expect(registered).rejects.toThrow(
      /temporal operator search-attribute create --namespace care[^]*--name BlockedBy --type KeywordList/,
    );
    await expect(registered).rejects.toThrow('Request unauthorized.');
  });

  it('refuses a name that is taken by another type', async () => {
    const registered = registerSearchAttributes(refusing(3, 'none', { StartsAt: 2 }), 'care');
    await expect(registered).rejects.toThrow('the names are taken, with another type');
    await expect(registered).rejects.toThrow('--name StartsAt --type Datetime');
  });

  it('fits the columns that a cluster on SQL has for each type', () => {
    const most: Record<string, number> = { KEYWORD: 10, KEYWORD_LIST: 3, DATETIME: 3, BOOL: 3, INT: 3 };
    for (const [type, count] of Object.entries(most))
      expect(searchAttributes.filter((each) => each.type === type).length).toBeLessThanOrEqual(count);
  });
});

describe('ready queries', () => {
  let service: Service;
  let clinic: TestClinic;
  const meetings = new Map<string, string>();
  const refused = nextMobile();
  const undelivered = nextMobile();

  beforeAll(async () => {
    service = await startService();
    clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
    service.faults.set([{ fault: 'report-failed', to: undelivered }]);
    const formId = await clinic.addForm();
    const book = async (
      name: string,
      inMinutes: number,
      { withForm = false, mobile = nextMobile(), consent = true } = {},
    ): Promise<void> => {
      const patientId = await clinic.addPatient({ mobile }, consent);
      const careHistory = { given: true, givenBy: 'person' };
      await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, { body: careHistory });
      const minute = Math.ceil((Date.now() + inMinutes * MINUTE) / MINUTE) * MINUTE;
      const { meetingId } = await clinic.book({
        patientId,
        startAt: new Date(minute).toISOString(),
        formIds: withForm ? [formId] : [],
      });
      meetings.set(meetingWorkflowId(meetingId), name);
    };
    await book('form missing, soon', 30, { withForm: true });
    await book('form missing, later', 180, { withForm: true });
    await book('all well, soon', 31);
    await book('the door is open, nobody has confirmed', 5);
    await book('not delivered', 240, { mobile: undelivered });
    await book('no consent to SMS', 241, { mobile: refused, consent: false });
    const written = await openCase(clinic, await clinic.addPatient());
    await patientWrites(service, systemClock, clinic, written, 'Det kliar.');
    meetings.set(caseWorkflowId(written.caseId), 'a case in which the patient has written');
    const closed = await openCase(clinic, await clinic.addPatient());
    await clinic.call('POST', `${closed.path}/close`);
    meetings.set(caseWorkflowId(closed.caseId), 'a case that is closed');
  });
  afterAll(() => service.close());

  async function found(name: string): Promise<string[]> {
    const ready = readyQueries(new Date(), clinic.clinicId).find((each) => each.name === name);
    const names: string[] = [];
    for await (const { workflowId } of service.client.workflow.list({ query: ready?.query ?? '' }))
      names.push(meetings.get(workflowId) ?? workflowId);
    return names.sort();
  }
  const eventually = (name: string, expected: string[]): Promise<string[]> =>
    waitUntil(
      () => found(name),
      (names) => names.length >= expected.length,
    );

  it.each([
    ['form-missing-within-the-hour', ['form missing, soon']],
    ['waiting-for-staff', ['the door is open, nobody has confirmed']],
    ['sms-failed-today', ['not delivered']],
    ['late', []],
    ['invoices-waiting-for-billing', []],
    ['cases-waiting-for-reply', ['a case in which the patient has written']],
    ['cases-overdue', []],
    ['cases-to-be-documented', ['a case that is closed']],
  ])('%s finds what it should, and nothing else', async (name, expected) => {
    expect(await eventually(name, expected)).toEqual(expected);
  });

  it('every ready query is one that the server takes', async () => {
    for (const { query } of readyQueries(new Date()))
      await expect(service.client.workflow.count(query)).resolves.toBeDefined();
  });

  it('R2.7 the Web UI says why an SMS was not sent, to a numbered recipient', async () => {
    const pageOf = async (name: string): Promise<string> => {
      const [workflowId = ''] = [...meetings].find((each) => each[1] === name) ?? [];
      return detailsOf(service, workflowId.replace('meeting-', ''));
    };
    const failed = await waitUntil(
      () => pageOf('not delivered'),
      (page) => page.includes('failed'),
    );
    expect(failed).toMatch(/recipient \d by SMS: failed \(`delivery-report`\)/);
    const noConsent = await waitUntil(
      () => pageOf('no consent to SMS'),
      (page) => page.includes('no-consent'),
    );
    expect(noConsent).toMatch(/recipient \d: no-consent \(`no-consent`\).*ask for consent/);
    for (const number of [refused, undelivered]) expect(failed + noConsent).not.toContain(number);
  });

  it('R8.3 summary and details of a message case at its start are there, and encrypted', async () => {
    const [workflowId = ''] =
      [...meetings].find((each) => each[1] === 'a case in which the patient has written') ?? [];
    const { raw } = await service.client.workflow.getHandle(workflowId).describe();
    expect(raw.executionConfig?.userMetadata?.summary?.metadata?.encoding).toBeDefined();
    expect(JSON.stringify(raw)).not.toMatch(/Message case|kliar/);
  });

  describe('the Web UI says what each update, signal, query, timer and activity is for', () => {
    const meetingTakes = [
      'cancel',
      'rebook',
      'change-duration',
      'entry',
      'outcome',
      'register',
      'resend',
      'fact',
      'status',
    ];
    const invoiceTakes = [
      'propose',
      'approve',
      'waive',
      'object',
      'billing-answer',
      'credit',
      'replace',
      'charge',
    ];
    const caseTakes = [
      'patient-writes',
      'staff-writes',
      'close',
      'document',
      'read',
      'look-at-notices',
      'status',
    ];
    let workflowIds: Record<string, string>;
    beforeAll(async () => {
      // At a clinic of its own: the lists above are of the other one.
      const another = await createClinic(service);
      const { meetingId } = await completed(another, { patientId: await quietPatient(another) });
      const { caseId, path } = await openCase(another, await quietPatient(another));
      // Then it waits for the contact to be documented.
      await another.call('POST', `${path}/close`);
      workflowIds = {
        meeting: meetingWorkflowId(meetingId),
        invoice: invoiceWorkflowId(meetingId, 1),
        case: caseWorkflowId(caseId),
      };
    });

    it.each([
      ['meeting', meetingTakes],
      ['invoice', invoiceTakes],
      ['case', caseTakes],
    ])('of a workflow of type %s', async (type, takes) => {
      const workflowId = workflowIds[type]!;
      const { definition } = await metadataOf(service, workflowId);
      const { updateDefinitions, signalDefinitions, queryDefinitions } = definition!;
      const taken = [...updateDefinitions!, ...signalDefinitions!, ...queryDefinitions!];
      expect(taken.map(({ name }) => name)).toEqual(expect.arrayContaining(takes));
      expect(taken.filter(({ description }) => !description)).toEqual([]);
      const begun = await waitUntil(
        async () => {
          const { events } = await service.client.workflow.getHandle(workflowId).fetchHistory();
          return events!.filter(
            (event) => event.timerStartedEventAttributes ?? event.activityTaskScheduledEventAttributes,
          );
        },
        (events) => events.some((event) => event.timerStartedEventAttributes),
      );
      expect(begun.filter((event) => !event.userMetadata?.summary)).toEqual([]);
    });
  });

  it('R8.3 what stands in search attributes are opaque ids, instants and words', async () => {
    const word = /^([a-z]+(-[a-z]+)*|[\w-]{16,}|\d{4}-\d\d-\d\dT[\d:.]+Z)$/;
    for (const workflowId of meetings.keys()) {
      const { typedSearchAttributes } = await service.client.workflow.getHandle(workflowId).describe();
      const ours = typedSearchAttributes
        .getAll()
        .filter(({ key }) => searchAttributes.some((each) => each.name === key.name));
      expect(ours.length).toBeGreaterThanOrEqual(4);
      for (const { value } of ours)
        for (const each of [value].flat())
          expect(each instanceof Date ? each.toISOString() : String(each)).toMatch(word);
    }
  });

  it('links lead to the lists of the Web UI', () => {
    expect(queryLink({ url: 'https://ui.example', namespace: 'vardmote' }, 'State = "ready"')).toBe(
      'https://ui.example/namespaces/vardmote/workflows?query=State%20%3D%20%22ready%22',
    );
  });
});
