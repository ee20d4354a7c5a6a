import { carryOut } from '../../use-cases/carry-out';
import { TemporalUnavailable } from '../../temporal/gateway';
import { DAY, MINUTE, expectProblem, inMs } from '../api/helpers';
import { openCase } from '../support/cases';
import { formIn, loggedIn, testPeople } from '../support/patient';
import { waitUntil } from '../support/wait-until';
import {
  booked,
  clinic,
  clock,
  deps,
  holdReconciler,
  service,
  stored,
  withStoredCommands,
} from './stored-commands';

/** Decision 16: what is judged by time is judged by the instant of receipt. */
withStoredCommands();

describe('A9 by the instant of receipt', () => {
  it('A9, R5.3 a cancellation at exactly 24 hours is in time, however slow the database; by staff, and on the patient’s page', async () => {
    const startAt = inMs(2 * DAY);
    const byStaff = await booked(startAt);
    const onPage = await booked(startAt);
    const page = `/my/meetings/${onPage.patientParticipantId}/change/cancel`;
    const exactly = new Date(Date.parse(startAt) - DAY);
    const { write } = service.records.audit;
    clock.holdAt(exactly);
    const browser = await loggedIn(service, testPeople.patient);
    const shown = await browser.get(page);
    expect(shown.status).toBe(200);
    Object.assign(service.records.audit, {
      write: async (...args: Parameters<typeof write>) => {
        await write(...args);
        clock.passMs(3_000);
      },
    });
    try {
      const answer = await clinic.call('POST', `${byStaff.path}/cancel`, { body: { by: 'patient' } });
      expect(answer.body).toMatchObject({ outcome: { outcome: 'cancelled-in-time' } });
      clock.holdAt(exactly);
      const sent = await browser.submit(shown, page, { sure: 'yes' });
      expect(sent.status).toBe(303);
    } finally {
      Object.assign(service.records.audit, { write });
    }
    const { course } = await service.records.meetings.get(onPage.meetingId);
    expect(course.outcome?.outcome).toBe('cancelled-in-time');
  });

  it('A9, R4.7 a confirmation of readiness that was stored in an outage confirms the time that it was given for', async () => {
    const meeting = await booked(inMs(2 * DAY));
    const confirm = service.records.evidence.confirm;
    Object.assign(service.records.evidence, { confirm: () => Promise.reject(new TemporalUnavailable(null)) });
    const body = { moment: 'before-opening', room: true, background: true, clothing: true, nameBadge: true };
    try {
      const answer = await clinic.call('POST', `${meeting.path}/confirmations`, {
        key: 'ready-in-outage',
        body,
      });
      expectProblem(answer, 503);
      const moved = { startAt: inMs(3 * DAY), by: 'clinic' };
      expect((await clinic.call('POST', `${meeting.path}/rebook`, { body: moved })).status).toBe(200);
    } finally {
      Object.assign(service.records.evidence, { confirm });
    }
    const again = await waitUntil(
      () => clinic.call('POST', `${meeting.path}/confirmations`, { key: 'ready-in-outage', body }),
      ({ status }) => status === 200,
    );
    expect(again.body).toMatchObject({ startVersion: 2, clinicReady: false });
    expect(await service.records.evidence.confirmations(meeting.meetingId)).toMatchObject([
      { startVersion: 1 },
    ]);
  });

  it('A9, R7.2 a guardian’s consent that was received before the midnight of the 13th birthday is judged at its receipt', async () => {
    const guardianId = await clinic.addPatient();
    const child = await clinic.addPatient({ birthDate: `${new Date().getUTCFullYear() - 12}-01-02` });
    const guardian = { kind: 'guardian', personId: guardianId } as const;
    holdReconciler();
    const command = await stored(guardian, {
      operation: 'person.record-care-history-consent',
      params: { personId: child },
      body: { given: true, givenBy: 'guardian' },
    });
    clock.passMs(400 * DAY);
    expect((await carryOut(deps, command)).status).toBe(200);
    const late = await stored(guardian, {
      operation: command.operation,
      params: command.params,
      body: command.body,
    });
    expect((await carryOut(deps, late)).status).toBe(422);
  });

  it('A9 a message of a guardian whose upload took until after midnight is taken', async () => {
    const guardianId = await clinic.addPatient({ personalNumber: testPeople.guardian, birthDate: undefined });
    const child = await clinic.addPatient({ birthDate: '2014-03-01' });
    const of = await openCase(clinic, child, { guardianIds: [guardianId] });
    const careCase = await service.records.cases.get(of.caseId);
    const my = `/my/cases/${careCase.participants.find(({ role }) => role === 'guardian')!.participantId}`;
    clock.holdAt(new Date('2027-02-28T22:59:00Z'));
    const browser = await loggedIn(service, testPeople.guardian);
    const shown = await browser.get(my);
    expect(shown.status).toBe(200);
    const { look } = service.records.sessions;
    Object.assign(service.records.sessions, {
      look: async (...args: Parameters<typeof look>) => {
        const session = await look(...args);
        clock.passMs(2 * MINUTE);
        return session;
      },
    });
    try {
      const form = new FormData();
      for (const [name, value] of Object.entries(formIn(shown, my))) form.append(name, value);
      form.append('text', 'Det kliar.');
      const response = await fetch(`${service.apiUrl}${my}`, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          cookie: [...browser.cookies].map(([n, v]) => `${n}=${v}`).join('; '),
          'sec-fetch-site': 'same-origin',
        },
        body: form,
      });
      expect([response.status, response.headers.get('location')]).toEqual([303, `${my}/sent`]);
    } finally {
      Object.assign(service.records.sessions, { look });
    }
    expect(clock.now() > new Date('2027-02-28T23:00:00Z')).toBe(true);
    // What a stranger sees (R7.10).
    expect((await browser.get(my)).status).toBe(404);
  });
});
