import { z } from 'zod';
import { clinicRoutes } from '../../api/clinic/routes';
import type { CommandRequest } from '../../api/patient/frame/command';
import type { ClinicRoute } from '../../api/route';
import { commands } from '../../use-cases';
import { cancelMeetingBody } from '../../use-cases/meeting/bodies';
import { smsConsentBody } from '../../use-cases/person/bodies';

/** The compiler ties a row to its command: a line that is marked here and compiles makes `tsc` fail. */
const row = { method: 'post', path: '/x', summary: 'x', roles: [], subject: 'clinic', answers: {} } as const;
const cancel = { ...row, operation: 'meeting.cancel', handle: 'meeting.cancel' } as const;
const close = { ...row, operation: 'case.close', handle: 'case.close' } as const;
const addFile = { ...row, operation: 'case.add-file', handle: 'case.add-file' } as const;
const door = () => Promise.resolve({ body: { given: true } });
const cancellation = { by: 'patient', receivedAt: null } as const;

describe('rows and their commands', () => {
  it('a row whose schema does not give what its command takes does not compile', () => {
    const right: ClinicRoute = { ...cancel, body: cancelMeetingBody };
    // @ts-expect-error another command's schema
    const another: ClinicRoute = { ...cancel, body: smsConsentBody };
    // @ts-expect-error a schema that gives too little
    const less: ClinicRoute = { ...cancel, body: z.strictObject({ by: z.literal('clinic') }) };
    // @ts-expect-error no schema at all
    const none: ClinicRoute = cancel;
    // @ts-expect-error a schema for a command that takes nothing
    const more: ClinicRoute = { ...close, body: smsConsentBody };
    // @ts-expect-error a door that gives another body
    const wrongDoor: ClinicRoute = { ...addFile, upload: door };
    // @ts-expect-error the name of another command
    const misnamed: ClinicRoute = { ...right, operation: 'meeting.rebook' };

    expect([right, another, less, none, more, wrongDoor, misnamed]).toHaveLength(7);
  });

  it('a patient’s command with another one’s body does not compile', () => {
    const right: CommandRequest = { operation: 'meeting.cancel', params: {}, body: cancellation };
    // @ts-expect-error another command's body
    const another: CommandRequest = { operation: 'meeting.cancel', params: {}, body: { given: true } };
    // @ts-expect-error a body for a command that takes none
    const more: CommandRequest = { operation: 'invoice.object', params: {}, body: cancellation };

    expect([right, another, more]).toHaveLength(3);
  });

  it('each command has one row, but for the one that only patients give', () => {
    const routes = clinicRoutes({} as Parameters<typeof clinicRoutes>[0]);
    const handled = routes.flatMap(({ handle }) => (typeof handle === 'string' ? [handle] : []));
    const expected = Object.keys(commands).filter((name) => name !== 'meeting.choose-offered-time');

    expect(handled.sort()).toEqual(expected.sort());
  });
});
