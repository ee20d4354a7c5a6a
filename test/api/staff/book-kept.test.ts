import { createClinic } from '../../support/clinic';
import { filledForm } from '../../support/desk-forms';
import { addStaff, staffVisitor } from '../../support/staff';
import type { StaffMember } from '../../../records/staff';

import {
  type Fields,
  ADULT,
  CHECK,
  CONFIRM,
  atDesk,
  confirm,
  form,
  nextId,
  raw,
  service,
  suits,
  tenIn,
  timeAt,
  withBookingDesk,
} from './book-desk';

/** What was filled in of a booking outlives the login that it was filled in with (R8.1). */
withBookingDesk();

describe('a login that ends in the middle of the form', () => {
  /** The database has forgotten the session, as it does some time after its end. */
  const endSession = ({ login }: StaffMember) => raw.db.collection('staffSessions').deleteMany({ login });
  const KEPT = '/desk/book?kept=yes';
  const note = 'REF-kept-4711';

  async function fillInTooSlowly(path: string) {
    const { clinic, desk, member } = await atDesk();
    const patientId = await clinic.addPatient({ name: 'Tolvan Testsson' });
    const page = await desk.get(form(patientId));
    const typed = {
      ...filledForm(page, CHECK),
      ...timeAt(tenIn(3)),
      ...suits(ADULT),
      agreed: 'yes',
      toldOfFee: 'yes',
      reference: note,
      addRole: 'interpreter',
    };
    await endSession(member);
    return { clinic, member, patientId, typed, ended: await desk.post(path, typed) };
  }

  it.each([CHECK, '/desk/book/add-person', '/desk/book/edit', CONFIRM])(
    'R8.1 gives the form back to the same member of staff, filled in: %s',
    async (path) => {
      const { clinic, member, patientId, typed, ended } = await fillInTooSlowly(path);
      expect(ended.status).toBe(401);
      expect(ended.text).toContain('Det du fyllde i är kvar i en timme');
      // Nothing of it is in the page's address, in a cookie, or on the page that anybody sees.
      expect(ended.text).toContain(`name="returnTo" value="${KEPT}"`);
      expect(ended.text).not.toContain(note);
      expect(ended.text).not.toContain(patientId);
      expect(ended.headers.getSetCookie().join()).not.toContain(note);
      const stored = await raw.db
        .collection<{ sealed: { buffer: Uint8Array } }>('keptForms')
        .find()
        .toArray();
      expect(stored).not.toEqual([]);
      for (const { sealed, ...row } of stored) {
        expect(JSON.stringify(row)).not.toContain(note);
        expect(Buffer.from(sealed.buffer).includes(note)).toBe(false);
      }

      const again = await staffVisitor(service, member);
      const shown = await again.get(KEPT);
      expect(shown.text).toContain('Inget är bokat än.');
      const { csrf: _, formKey: __, do: ___, ...fields } = typed as Record<string, string | string[]>;
      expect(filledForm(shown, CHECK)).toMatchObject(fields);
      expect(await raw.audit({ operation: 'person.read', personId: patientId })).not.toEqual([]);
      const looked = await again.post(CHECK, { ...filledForm(shown, CHECK), addRole: '' });
      const done = await confirm(again, looked);
      expect([done.status, done.location]).toEqual([303, expect.stringMatching(/^\/desk\/book\/done\//)]);
      expect((await clinic.call('GET', `/clinic/meetings?patientId=${patientId}`)).body.items).toHaveLength(
        1,
      );
      // What was carried out is not offered again.
      expect((await again.get(KEPT)).location).toBe('/desk/people');
    },
  );

  it('R8.1 is nobody else’s: not a colleague’s, not at another clinic, and only for an hour', async () => {
    const { clinic, member, ended } = await fillInTooSlowly(CHECK);
    expect(ended.status).toBe(401);
    const colleague = await staffVisitor(service, await addStaff(service, clinic, { id: nextId() }));
    expect((await colleague.get(KEPT)).location).toBe('/desk/people');
    const elsewhere = await createClinic(service);
    const there = await addStaff(service, elsewhere, { id: nextId(), login: member.login });
    expect((await (await staffVisitor(service, there)).get(KEPT)).location).toBe('/desk/people');
    const again = await staffVisitor(service, member);
    expect((await again.get(KEPT)).status).toBe(200);
    await raw.db
      .collection('keptForms')
      .updateMany({}, { $set: { keptUntil: new Date(Date.now() - 1_000) } });
    expect((await again.get(KEPT)).location).toBe('/desk/people');
  });

  it('R8.1 keeps nothing of a stranger, of another clinic’s patient, nor after one has logged out', async () => {
    const { clinic, desk, member } = await atDesk();
    const patientId = await clinic.addPatient();
    const typed: Fields = { ...filledForm(await desk.get(form(patientId)), CHECK), reference: note };
    const isKept = async (): Promise<boolean> =>
      (await service.records.keptForms.read(member, new Date())) !== null;
    const other = await createClinic(service);
    const theirs = await other.addPatient();
    await desk.post(CHECK, { ...typed, csrf: 'x'.repeat(43), person: theirs });
    expect(await isKept()).toBe(false);
    await desk.post(CHECK, { ...typed, csrf: 'x'.repeat(43) }, { 'sec-fetch-site': 'cross-site' });
    expect(await isKept()).toBe(false);
    await desk.post('/desk/logout', { csrf: typed.csrf ?? '' });
    await desk.post(CHECK, typed);
    expect(await isKept()).toBe(false);
  });

  it('R8.1 a page from before one’s last login is kept too, by whoever is logged in now', async () => {
    const { clinic, desk, member } = await atDesk();
    const patientId = await clinic.addPatient();
    const typed: Fields = { ...filledForm(await desk.get(form(patientId)), CHECK), reference: note };
    const again = await staffVisitor(service, member);
    const stale = await again.post(CHECK, typed);
    expect(stale.status).toBe(403);
    expect(stale.text).toContain(`href="${KEPT}"`);
    expect(stale.text).toContain('Fortsätt med det du fyllde i');
    expect(filledForm(await again.get(KEPT), CHECK)).toMatchObject({ reference: note });
  });
});
