import { startService, type Service } from '../support/service';

/** What is half filled in: kept with the patient's key, each participant's own, and lost to nobody. */
describe('drafts of forms', () => {
  let service: Service;
  const of = (over: object = {}) => ({
    meetingId: 'meeting-1',
    formId: 'form-1',
    participantId: 'participant-1',
    patientId: 'patient-1',
    ...over,
  });
  const now = new Date('2026-05-17T10:00:00Z');

  beforeAll(async () => {
    service = await startService({ workers: false });
  });
  afterAll(() => service.close());

  it('keeps what is changed beside what stands, and another participant’s apart', async () => {
    const { formDrafts } = service.records;
    expect(await formDrafts.read(of())).toEqual({});
    await formDrafts.save(of(), { how: ['7'], why: ['because'] }, now);
    await formDrafts.save(of(), { why: [], which: ['a', 'b'] }, now);
    await formDrafts.save(of({ participantId: 'guardian-1' }), { how: ['3'] }, now);
    expect(await formDrafts.read(of())).toEqual({ how: ['7'], why: [], which: ['a', 'b'] });
    expect(await formDrafts.read(of({ participantId: 'guardian-1' }))).toEqual({ how: ['3'] });
    expect(await formDrafts.read(of({ formId: 'form-2' }))).toEqual({});
  });

  it('loses nothing where two pages save at the same moment', async () => {
    const { formDrafts } = service.records;
    const elsewhere = of({ meetingId: 'meeting-2' });
    const questions = Array.from({ length: 8 }, (_, index) => `q-${index}`);
    await Promise.all(questions.map((question) => formDrafts.save(elsewhere, { [question]: ['yes'] }, now)));
    expect(Object.keys(await formDrafts.read(elsewhere)).sort()).toEqual(questions);
  });

  it('is gone when the form was sent in, and only then', async () => {
    const { formDrafts } = service.records;
    await formDrafts.save(of({ meetingId: 'meeting-3' }), { how: ['7'] }, now);
    await formDrafts.save(of({ meetingId: 'meeting-4' }), { how: ['8'] }, now);
    await formDrafts.remove(of({ meetingId: 'meeting-3' }));
    expect(await formDrafts.read(of({ meetingId: 'meeting-3' }))).toEqual({});
    expect(await formDrafts.read(of({ meetingId: 'meeting-4' }))).toEqual({ how: ['8'] });
  });
});
