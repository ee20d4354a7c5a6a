import type { CallOptions } from '../../support/clinic';
import { DAY, expectProblem, inMs, type AuditRow, dayInStockholm } from '../helpers';
import { auditOf, clinic, ids, service, withEveryRoute } from './access-setup';

/** R8.1: who sees care content, and who sees status and contact only. */
withEveryRoute();

describe('R8.1 care content', () => {
  const answersPath = (): string => `/clinic/meetings/${ids.meetingId}/forms/${ids.formId}/answers`;

  it('is read by a clinician who takes part', async () => {
    const { status, body } = await clinic.call('GET', answersPath(), { staffId: 'clinician-1' });
    expect([status, (body as { answers: unknown }).answers]).toEqual([200, { how: 3 }]);
  });

  it('is not read by a clinician who does not take part, and the try is written down', async () => {
    const { answer, rows } = await auditOf(() =>
      clinic.call('GET', answersPath(), { staffId: 'clinician-2' }),
    );
    expectProblem(answer, 403);
    expect(answer.body).toMatchObject({ title: 'not-your-patient' });
    expect(JSON.stringify(answer.body)).not.toContain('"how"');
    expect(rows).toMatchObject([
      { staffId: 'clinician-2', operation: 'form.read-answers', personId: ids.personId, allowed: false },
    ]);
  });

  it.each([undefined, ' '])('is not read by the operations manager without a reason (%p)', async (reason) => {
    const path = `/clinic/people/${ids.personId}/audit`;
    for (const address of [answersPath(), path]) {
      const answer = await clinic.call('GET', address, {
        role: 'operations-manager',
        headers: { 'acting-reason': reason },
      });
      expectProblem(answer, reason === undefined ? 403 : [400, 403]);
    }
  });

  it('is read by the operations manager with one, which stands in the log that the patient can be shown', async () => {
    const reason = 'Patienten har begart utdrag';
    const options = { role: 'operations-manager', staffId: 'chefen', reason };
    expect((await clinic.call('GET', answersPath(), options)).status).toBe(200);
    const { body } = await clinic.call('GET', `/clinic/people/${ids.personId}/audit`, options);
    const { items } = body as { items: (AuditRow & { operation: string })[] };
    expect(items[0]).toMatchObject({ operation: 'person.read-audit', staffId: 'chefen', reason });
    expect(items[1]).toMatchObject({
      operation: 'form.read-answers',
      staffId: 'chefen',
      reason,
      allowed: true,
    });
    expect(items.some(({ allowed }) => !allowed)).toBe(true);
    expect([...items].sort((a, b) => (a.at < b.at ? 1 : -1)).map(({ at }) => at)).toEqual(
      items.map(({ at }) => at),
    );
  });
});

describe('R8.1 who sees status and contact only', () => {
  let own: { path: string; meetingId: string };
  let hiddenId: string;
  const whole = ['system', 'clinician', 'manager with a reason'] as const;
  const partly = ['booker', 'another clinician', 'manager'] as const;
  const as: Record<(typeof whole | typeof partly)[number], CallOptions> = {
    system: { role: 'system', staffId: 'pas' },
    clinician: { role: 'clinician', staffId: 'clinician-1' },
    'manager with a reason': { role: 'operations-manager', reason: 'a complaint' },
    booker: { role: 'booker', staffId: 'clinician-1' },
    'another clinician': { role: 'clinician', staffId: 'clinician-2' },
    manager: { role: 'operations-manager', staffId: 'clinician-1' },
  };
  const read = async (who: keyof typeof as, path: string) => {
    const answer = await clinic.call('GET', path, as[who]);
    expect([who, path, answer.status]).toEqual([who, path, 200]);
    return answer.body as Record<string, unknown> & { items: Record<string, unknown>[] };
  };

  beforeAll(async () => {
    hiddenId = await clinic.addPatient(
      {
        name: 'Skyddad Testsson',
        personalNumber: '198107249289',
        birthDate: undefined,
        protectedIdentity: true,
      },
      false,
    );
    own = await clinic.book({ patientId: hiddenId, startAt: inMs(40 * DAY) });
    const { records } = service;
    const { meetingId } = own;
    const at = inMs(0);
    const reasons = ['not-entitled' as const];
    await records.evidence.refused({
      meetingId,
      startVersion: 1,
      participantId: 'p',
      role: 'patient',
      reasons,
      at,
    });
    await records.evidence.joined(
      { meetingId, startVersion: 1, participantId: 'p', role: 'patient' },
      'a',
      at,
    );
    const { course } = await records.meetings.get(meetingId);
    await records.transaction(async (session) => {
      await records.meetings.saveCourse(
        {
          ...course,
          version: course.version + 1,
          state: 'ended',
          outcome: { outcome: 'unclear', because: ['patient-tried'], decidedBy: 'evidence', way: null },
        },
        session,
      );
      await records.meetings.addCorrection(
        meetingId,
        {
          number: 1,
          commandId: 'c',
          outcome: 'completed',
          way: null,
          was: 'unclear',
          by: 'x',
          at,
          reason: 'patient-explained',
        },
        session,
      );
      const desired = { state: 'open', dueAt: null, invoiceId: null, reminders: 0, overdue: false } as const;
      await records.tasks.save(
        { clinicId: clinic.clinicId, patientId: hiddenId, meetingId },
        [
          { ...desired, kind: 'unclear-outcome', occasion: '1', because: ['patient-tried'] },
          { ...desired, kind: 'nobody-reached', occasion: '1', because: ['no-consent'] },
        ],
        new Date(),
        session,
      );
    });
  });

  it('a meeting: why it came to that, and why that was corrected, is for those who see content', async () => {
    const lists = [
      `/clinic/meetings?patientId=${hiddenId}`,
      `/clinic/meetings?day=${dayInStockholm(inMs(40 * DAY))}`,
    ];
    const seenBy = async (who: keyof typeof as) => [
      await read(who, own.path),
      ...(await Promise.all(
        lists.map(async (list) =>
          (await read(who, list)).items.find(({ meetingId }) => meetingId === own.meetingId)!,
        ),
      )),
    ];
    for (const who of whole)
      for (const meeting of await seenBy(who))
        expect(meeting).toMatchObject({
          outcome: { outcome: 'completed', because: ['patient-explained'] },
          corrections: [{ was: 'unclear', reason: 'patient-explained' }],
        });
    for (const who of partly)
      for (const meeting of await seenBy(who)) {
        expect(meeting).toMatchObject({
          state: 'ended',
          patientId: hiddenId,
          gates: {},
          outcome: { outcome: 'completed' },
          corrections: [{ was: 'unclear', outcome: 'completed' }],
        });
        expect(JSON.stringify(meeting)).not.toContain('patient-explained');
      }
  });

  it('its timeline: who came, who was refused and why', async () => {
    const evidence = ['entry-refused', 'joined-room'];
    const happenings = async (who: keyof typeof as) => {
      const timeline = await read(who, `${own.path}/timeline`);
      const { happenings: all } = timeline as unknown as { happenings: { what: string; detail: string }[] };
      return {
        complete: timeline.complete,
        whats: all.map(({ what }) => what),
        text: JSON.stringify(timeline),
      };
    };
    for (const who of whole) {
      const { complete, whats, text } = await happenings(who);
      expect(complete).toBe(true);
      expect(whats).toEqual(expect.arrayContaining([...evidence, 'booked', 'outcome-corrected']));
      expect(text).toContain('completed patient-explained');
    }
    for (const who of partly) {
      const { complete, whats, text } = await happenings(who);
      expect(complete).toBe(false);
      expect(whats).toEqual(expect.arrayContaining(['booked', 'outcome-corrected']));
      expect(whats.filter((what) => evidence.includes(what))).toEqual([]);
      expect(text).not.toMatch(/patient-explained|not-entitled/);
    }
  });

  it('its tasks: the reasons that are evidence; those of a call to make are for all', async () => {
    const tasksBy = async (who: keyof typeof as) => {
      const lists = [
        `${own.path}/tasks`,
        '/clinic/tasks?kind=unclear-outcome',
        '/clinic/tasks?kind=nobody-reached',
      ];
      return (await Promise.all(lists.map(async (list) => (await read(who, list)).items)))
        .flat()
        .filter(({ meetingId }) => meetingId === own.meetingId);
    };
    for (const who of whole) {
      const tasks = await tasksBy(who);
      expect(tasks).toHaveLength(4);
      for (const { kind, because } of tasks)
        expect(because).toEqual(kind === 'unclear-outcome' ? ['patient-tried'] : ['no-consent']);
    }
    for (const who of partly)
      for (const { kind, because } of await tasksBy(who))
        expect(because).toEqual(kind === 'unclear-outcome' ? undefined : ['no-consent']);
  });

  it('R8.8 a person with protected data, read, found and changed; all others are for every role', async () => {
    const search = (who: keyof typeof as) =>
      clinic.call('POST', '/clinic/people/search', { ...as[who], body: { personalNumber: '198107249289' } });
    const change = (who: keyof typeof as) =>
      clinic.call('PATCH', `/clinic/people/${hiddenId}`, { ...as[who], body: { language: 'sv' } });
    const seenBy = async (who: keyof typeof as) => [
      await read(who, `/clinic/people/${hiddenId}`),
      (await search(who)).body as object,
      (await change(who)).body as object,
    ];
    for (const who of whole)
      for (const person of await seenBy(who))
        expect(person).toMatchObject({
          personId: hiddenId,
          name: 'Skyddad Testsson',
          personalNumber: '198107249289',
        });
    for (const who of partly)
      for (const person of await seenBy(who)) {
        const nothing = { name: null, personalNumber: null, birthDate: null, mobile: null, email: null };
        expect(person).toMatchObject({ personId: hiddenId, protectedIdentity: true, ...nothing });
      }
    for (const who of partly)
      expect(await read(who, `/clinic/people/${ids.relativeId}`)).toMatchObject({
        name: 'Tolvan Testperson',
      });
  });

  it('a command’s answer is kept once, and told to each who asks again as far as they see', async () => {
    const { participants } = await service.records.meetings.get(own.meetingId);
    const body = { participantId: participants[0]!.participantId };
    for (const who of [...partly, ...whole, ...partly]) {
      const noted = { ...as[who], body, key: 'a-try-that-was-noted' };
      const { status, body: answered } = await clinic.call('POST', `${own.path}/tries`, noted);
      expect(status).toBe(200);
      const isWhole = whole.some((each) => each === who);
      expect([who, JSON.stringify(answered).includes('patient-explained')]).toEqual([who, isWhole]);
    }
  });
});
