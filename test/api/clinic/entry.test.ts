import { decodeJwt, jwtVerify } from 'jose';
import type { DateTime } from 'luxon';
import type { Payload } from '@temporalio/common';
import { inStockholm } from '../../../rules/calendar/stockholm';
import { isEncrypted } from '../../../temporal/codec';
import { createDataConverter } from '../../../temporal/data-converter';
import { meetingWorkflowId } from '../../../temporal/ids';
import { looksLikeToken } from '../../support/looks-like-token';
import { testKeys } from '../../support/keys';
import { suitable, testSettings, type CallAnswer, type TestMeeting } from '../../support/clinic';
import { detailsOf } from '../../support/details';
import { startSkippedTime, stockholm, type SkippedTime } from '../../support/skipped-time';
import { waitUntil } from '../../support/wait-until';

/**
 * R3.4: the door says every reason why not, in words and for machines. Time only goes forward: each test
 * takes a later day.
 */
let time: SkippedTime;
let day: DateTime<true>;

beforeAll(async () => {
  time = await startSkippedTime();
  day = inStockholm(time.now()).startOf('day').plus({ days: 1 });
});
beforeEach(async () => {
  day = inStockholm(time.now()).startOf('day').plus({ days: 1 });
  await time.passTo(at('10:00'));
});
afterAll(() => time.close());

const at = (clock: string, daysLater = 0): Date =>
  stockholm(`${day.plus({ days: daysLater }).toISODate()}T${clock}`);

interface Door {
  admitted: boolean;
  reasons: string[];
  message: string;
  opensAt: string | null;
  room: { url: string; token: string; expiresAt: string };
  support: object;
}
const enter = (
  meeting: TestMeeting,
  participantId: string,
  identityChecked: string | null = 'known-to-staff',
) =>
  time.clinic.call('POST', `${meeting.path}/entry`, {
    body: { participantId, identityChecked },
    headers: { 'idempotency-key': undefined },
  });
const door = ({ status, body }: CallAnswer): Door => {
  expect(status).toBe(200);
  return body as Door;
};
const consent = (personId: string, body: object = { given: true, givenBy: 'person' }) =>
  time.clinic.call('PUT', `/clinic/people/${personId}/care-history-consent`, { body });
const historyOf = async ({ meetingId }: TestMeeting) =>
  time.service.client.workflow.getHandle(meetingWorkflowId(meetingId)).fetchHistory();
/** What commanded the workflow; its own activities and timers go on meanwhile, and it may be told to look. */
const updatesOf = async (meeting: TestMeeting) =>
  (await historyOf(meeting)).events!.filter(
    (event) =>
      event.workflowExecutionUpdateAdmittedEventAttributes ??
      event.workflowExecutionUpdateAcceptedEventAttributes ??
      event.workflowExecutionUpdateCompletedEventAttributes,
  );
/** How often it was told to look. */
const timesTold = async (meeting: TestMeeting): Promise<number> =>
  (await historyOf(meeting)).events!.filter((event) => event.workflowExecutionSignaledEventAttributes).length;
/** The length of the history once the workflow rests. */
async function restingLength(meeting: TestMeeting): Promise<number> {
  let length = -1;
  for (;;) {
    const now = (await historyOf(meeting)).events!.length;
    if (now === length) return length;
    length = now;
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}
const refusedIn = async (meeting: TestMeeting): Promise<string[]> => {
  const { body } = await time.clinic.call('GET', `${meeting.path}/timeline`);
  const { happenings } = body as { happenings: { what: string; detail: string }[] };
  return happenings.filter(({ what }) => what === 'entry-refused').map(({ detail }) => detail);
};

async function bookWith({
  person = {},
  startAt = at('10:10'),
  consented = true,
  clinicReady = true,
  ...booking
}: { person?: object; startAt?: Date; consented?: boolean; clinicReady?: boolean } & Record<
  string,
  unknown
> = {}) {
  const patientId = await time.clinic.addPatient(person, false);
  if (consented) await consent(patientId);
  const meeting = await time.clinic.book({ patientId, startAt: startAt.toISOString(), ...booking });
  if (clinicReady) {
    await time.clinic.confirmReady(meeting);
    // The workflow is told so; what a test counts afterwards is its own.
    await waitUntil(
      () => timesTold(meeting),
      (told) => told > 0,
    );
  }
  return { ...meeting, patientId };
}

async function expectRefused(
  meeting: TestMeeting,
  participantId: string,
  reasons: string[],
  identityChecked?: string | null,
): Promise<Door> {
  const before = (await updatesOf(meeting)).length;
  const answer = door(await enter(meeting, participantId, identityChecked));
  expect(answer).toMatchObject({
    admitted: false,
    reasons,
    support: { supportPhone: testSettings.supportPhone, clinicPhone: testSettings.phone },
  });
  expect(answer).not.toHaveProperty('room');
  expect(await updatesOf(meeting)).toHaveLength(before);
  expect(await refusedIn(meeting)).toContain(reasons.join(' '));
  return answer;
}

const words = {
  sv: {
    'login-required': 'logga in',
    'not-entitled': 'inte vara med',
    cancelled: 'avbokat',
    ended: 'slut',
    'too-early': 'inte öppnat',
    'consent-missing': 'sjukvårdshistorik',
    'form-missing': 'formuläret',
    'clinic-not-ready': 'inte redo än',
  },
  en: {
    'login-required': 'log in',
    'not-entitled': 'cannot take part',
    cancelled: 'cancelled',
    ended: 'over',
    'too-early': 'not open yet',
    'consent-missing': 'care history',
    'form-missing': 'form',
    'clinic-not-ready': 'not ready yet',
  },
} as const;

describe.each(['sv', 'en'] as const)('R3.4, R3.5 a refused entry, in %s', (language) => {
  const says = ({ message, reasons }: Door): void => {
    for (const [reason, word] of Object.entries(words[language])) {
      if (reasons.includes(reason)) expect(message).toContain(word);
    }
    // Words for a person: no code of ours.
    expect(message).not.toMatch(/[a-z]+-(required|entitled|missing|early|ready)/);
    const otherLanguage = language === 'sv' ? /\b(You|The)\b/ : /\b(Du|Mötet|Dörren)\b/;
    expect(message).not.toMatch(otherLanguage);
  };

  it('login-required', async () => {
    const meeting = await bookWith({ person: { language } });
    says(await expectRefused(meeting, meeting.patientParticipantId, ['login-required'], null));
    // Nobody is told more before it is known who asks.
    const bare = await bookWith({ person: { language }, consented: false, startAt: at('10:00', 5) });
    says(await expectRefused(bare, bare.patientParticipantId, ['login-required'], null));
  });

  it('not-entitled', async () => {
    const meeting = await bookWith({ person: { language, protectedIdentity: true } });
    says(await expectRefused(meeting, meeting.patientParticipantId, ['not-entitled']));
  });

  it('cancelled, whatever else', async () => {
    const formId = await time.clinic.addForm();
    const meeting = await bookWith({
      person: { language },
      consented: false,
      formIds: [formId],
      startAt: at('12:00', 5),
    });
    await time.clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'patient' } });
    says(await expectRefused(meeting, meeting.patientParticipantId, ['cancelled']));
    says(await expectRefused(meeting, meeting.staffParticipantId, ['cancelled']));
  });

  it('too-early until the very minute the door opens, and when it does', async () => {
    const meeting = await bookWith({ person: { language }, startAt: at('12:00') });
    says(await expectRefused(meeting, meeting.patientParticipantId, ['too-early']));
    await time.passTo(at('11:44'));
    const answer = await expectRefused(meeting, meeting.patientParticipantId, ['too-early']);
    expect(answer.opensAt).toBe(at('11:45').toISOString());
    await time.passTo(at('11:45'));
    expect(door(await enter(meeting, meeting.patientParticipantId))).toMatchObject({ admitted: true });
  });

  it('several at once: too early, and what can be mended meanwhile', async () => {
    const formId = await time.clinic.addForm();
    const meeting = await bookWith({
      person: { language },
      consented: false,
      formIds: [formId],
      startAt: at('12:00'),
    });
    const { patientParticipantId } = meeting;
    says(
      await expectRefused(meeting, patientParticipantId, ['too-early', 'consent-missing', 'form-missing']),
    );
    await time.passTo(at('11:50'));
    says(await expectRefused(meeting, patientParticipantId, ['consent-missing', 'form-missing']));
    await time.clinic.call('PUT', `${meeting.path}/forms/${formId}/answers`, {
      body: { answers: { how: 1 }, answeredBy: 'patient' },
    });
    says(await expectRefused(meeting, patientParticipantId, ['consent-missing']));
    await consent(meeting.patientId, { given: false, givenBy: 'person' });
    says(await expectRefused(meeting, patientParticipantId, ['consent-missing']));
    await consent(meeting.patientId);
    expect(door(await enter(meeting, patientParticipantId))).toMatchObject({ admitted: true });
  });

  it('form-missing', async () => {
    const meeting = await bookWith({ person: { language }, formIds: [await time.clinic.addForm()] });
    says(await expectRefused(meeting, meeting.patientParticipantId, ['form-missing']));
  });

  it('R4.7 clinic-not-ready, told from the minute the door opens and to the patient only', async () => {
    const meeting = await bookWith({ person: { language }, clinicReady: false, startAt: at('12:00') });
    const { patientParticipantId } = meeting;
    says(await expectRefused(meeting, patientParticipantId, ['too-early']));
    await time.passTo(at('11:45'));
    says(await expectRefused(meeting, patientParticipantId, ['clinic-not-ready']));
    expect(door(await enter(meeting, meeting.staffParticipantId))).toMatchObject({ admitted: true });
    await time.clinic.confirmReady(meeting);
    expect(door(await enter(meeting, patientParticipantId))).toMatchObject({ admitted: true });
  });

  it('D16 back-up-routine, with the way in which it goes on', async () => {
    const meeting = await bookWith({ person: { language } });
    const body = { outcome: 'back-up-routine', way: 'telephone' };
    expect((await time.clinic.call('POST', `${meeting.path}/outcome`, { body })).status).toBe(200);
    for (const participantId of [meeting.patientParticipantId, meeting.staffParticipantId]) {
      const answer = await expectRefused(meeting, participantId, ['back-up-routine']);
      expect(answer).toMatchObject({ way: 'telephone', opensAt: null });
      says(answer);
    }
  });

  it('ended', async () => {
    const meeting = await bookWith({ person: { language } });
    await time.passTo(at('11:41'));
    says(await expectRefused(meeting, meeting.patientParticipantId, ['ended']));
    says(await expectRefused(meeting, meeting.staffParticipantId, ['ended']));
  });
});

it('R3.4, R5.6 a refused entry is a piece of evidence, and the workflow is told of it once for the same reasons', async () => {
  const meeting = await bookWith({ startAt: at('12:00') });
  const told = await timesTold(meeting);
  expect(await refusedIn(meeting)).toEqual([]);
  for (let tries = 0; tries < 20; tries += 1)
    await expectRefused(meeting, meeting.patientParticipantId, ['too-early']);
  expect(await timesTold(meeting)).toBe(told + 1);
  const before = await restingLength(meeting);
  await expectRefused(meeting, meeting.patientParticipantId, ['too-early']);
  expect(await restingLength(meeting)).toBe(before);
  await expectRefused(meeting, meeting.patientParticipantId, ['login-required'], null);
  expect(await timesTold(meeting)).toBe(told + 2);
  // Another one's try is other news.
  await expectRefused(meeting, meeting.staffParticipantId, ['too-early']);
  expect(await timesTold(meeting)).toBe(told + 3);
  expect(new Set(await refusedIn(meeting))).toEqual(new Set(['login-required', 'too-early']));
  const page = await detailsOf(time.service, meeting.meetingId);
  expect(page).toContain('**patient**');
  expect(page).toContain('the door was not open yet (`too-early`) → _come again when it is_');
  expect(page).toContain('nobody had checked who it was (`login-required`)');
  // The role, never who.
  expect(page.split('**So far**')[0]).not.toContain(meeting.patientParticipantId);
});

it('R3.4 the words are in the language of the one at the door', async () => {
  const guardianId = await time.clinic.addPatient({ language: 'en', birthDate: '1985-01-01' }, false);
  const meeting = await bookWith({
    person: { language: 'sv', birthDate: day.minus({ years: 8 }).toISODate() },
    startAt: at('12:00'),
    participants: [
      { role: 'staff', staffId: 'clinician-1' },
      { role: 'guardian', personId: guardianId },
    ],
    suitability: suitable({ child: true }),
  });
  const { body } = await time.clinic.call('GET', meeting.path);
  const guardian = (
    body as { participants: { personId: string; participantId: string }[] }
  ).participants.find(({ personId }) => personId === guardianId)!;
  const { message } = await expectRefused(meeting, guardian.participantId, ['too-early']);
  expect(message).toContain('not open yet');
});

it('R7.1, R7.2 a guardian comes in for a child of 12, and from midnight of the 13th birthday not', async () => {
  const guardianId = await time.clinic.addPatient({ birthDate: '1985-01-01' }, false);
  const patientId = await time.clinic.addPatient(
    { birthDate: day.plus({ days: 1 }).minus({ years: 13 }).toISODate() },
    false,
  );
  await consent(patientId, { given: true, givenBy: 'guardian' });
  const meeting = await time.clinic.book({
    patientId,
    startAt: at('23:55').toISOString(),
    durationMinutes: 60,
    participants: [
      { role: 'staff', staffId: 'clinician-1' },
      { role: 'guardian', personId: guardianId },
    ],
    suitability: suitable({ child: true }),
  });
  await time.clinic.confirmReady(meeting);
  const { body } = await time.clinic.call('GET', meeting.path);
  const guardian = (
    body as { participants: { personId: string; participantId: string }[] }
  ).participants.find(({ personId }) => personId === guardianId)!.participantId;
  await time.passTo(at('23:59'));
  // C7 The guardian's token ends with the right to be there; the child's own lives on.
  const midnight = at('00:00', 1).getTime();
  const expiryOf = async (participantId: string): Promise<number> => {
    const answer = door(await enter(meeting, participantId));
    expect(answer).toMatchObject({ admitted: true });
    const { room } = answer as { room: { token: string; expiresAt: string } };
    expect((decodeJwt(room.token).exp ?? 0) * 1000).toBe(
      Math.floor(Date.parse(room.expiresAt) / 1000) * 1000,
    );
    return Date.parse(room.expiresAt);
  };
  expect(await expiryOf(guardian)).toBe(midnight);
  expect(await expiryOf(meeting.patientParticipantId)).toBeGreaterThan(midnight);
  await time.passTo(at('00:00', 1));
  await expectRefused(meeting, guardian, ['not-entitled']);
  // What the guardian said for the child is asked anew.
  await expectRefused(meeting, meeting.patientParticipantId, ['consent-missing']);
  await consent(patientId);
  expect(door(await enter(meeting, meeting.patientParticipantId))).toMatchObject({ admitted: true });
});

describe('R4.1 who is let in', () => {
  const features = {
    recording: false,
    livestreaming: false,
    transcription: false,
    'outbound-call': false,
    'file-upload': false,
    'send-groupchat': false,
  };

  it.each(['patient', 'staff'] as const)(
    '%s gets a room and a personal token for it alone, for minutes',
    async (role) => {
      const meeting = await bookWith({ person: { name: 'Hemlig Namnsson' } });
      const participantId = role === 'staff' ? meeting.staffParticipantId : meeting.patientParticipantId;
      const { room, support } = door(await enter(meeting, participantId));
      expect(support).toEqual({ supportPhone: testSettings.supportPhone, clinicPhone: testSettings.phone });
      const name = new URL(room.url).pathname.slice(1);
      expect(room.url).toBe(`https://jitsi.test/${name}`);
      expect(name).toMatch(/^[a-z2-7]{26,}$/);
      expect(name).not.toContain(meeting.meetingId.toLowerCase());
      const { payload, protectedHeader } = await jwtVerify(
        room.token,
        new TextEncoder().encode(testKeys.jitsiAppSecret),
        {
          issuer: 'vardmote',
          audience: 'vardmote',
          subject: 'meet.jitsi',
          algorithms: ['HS256'],
          currentDate: time.now(),
        },
      );
      expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
      expect(payload).toMatchObject({
        aud: 'vardmote',
        room: name,
        exp: expect.any(Number),
        nbf: expect.any(Number),
      });
      const moderator = role === 'staff';
      expect(payload.context).toEqual({
        user: { id: participantId, name: role, moderator, affiliation: moderator ? 'owner' : 'member' },
        features,
      });
      const lifeMs = payload.exp! * 1000 - time.now().getTime();
      expect(lifeMs).toBeGreaterThan(0);
      expect(lifeMs).toBeLessThanOrEqual(15 * 60_000);
      expect(Math.abs(Date.parse(room.expiresAt) - payload.exp! * 1000)).toBeLessThan(1_000);
      expect(Buffer.from(room.token.split('.')[1]!, 'base64url').toString()).not.toMatch(
        /Hemlig|Namnsson|070|1980/,
      );
      // Asked again, as after a reload: the same room, and in the timeline as one who came in.
      const again = door(await enter(meeting, participantId));
      expect(again.room.url).toBe(room.url);
      const { body } = await time.clinic.call('GET', `${meeting.path}/timeline`);
      const entered = (body as { happenings: { what: string; detail: string }[] }).happenings.filter(
        ({ what }) => what === 'entered',
      );
      expect(new Set(entered.map(({ detail }) => detail))).toEqual(new Set([participantId]));
    },
  );

  it('R3.1 staff wait in the room also while consent and form are missing', async () => {
    const meeting = await bookWith({ consented: false, formIds: [await time.clinic.addForm()] });
    expect(door(await enter(meeting, meeting.staffParticipantId))).toMatchObject({ admitted: true });
    await expectRefused(meeting, meeting.patientParticipantId, ['consent-missing', 'form-missing']);
  });

  it('R4.1, R8.1 staff come in as themselves: nobody else gets a moderator’s token', async () => {
    const meeting = await bookWith();
    const answer = await time.clinic.call('POST', `${meeting.path}/entry`, {
      body: { participantId: meeting.staffParticipantId, identityChecked: 'known-to-staff' },
      staffId: 'some-booker',
      role: 'booker',
    });
    expect(door(answer)).toMatchObject({ admitted: false, reasons: ['not-entitled'] });
  });

  it('coming in again and again makes one happening, and a fresh token each time', async () => {
    const meeting = await bookWith();
    const tokens = new Set<string>();
    for (let times = 0; times < 5; times += 1) {
      await time.passMinutes(0.1);
      tokens.add(door(await enter(meeting, meeting.patientParticipantId)).room.token);
    }
    expect(tokens.size).toBe(5);
    const { body } = await time.clinic.call('GET', `${meeting.path}/timeline`);
    const entered = (body.happenings as { what: string }[]).filter(({ what }) => what === 'entered');
    expect(entered).toHaveLength(1);
  });

  it('a moved meeting has another room, and the old time’s door is shut', async () => {
    const meeting = await bookWith();
    const first = door(await enter(meeting, meeting.patientParticipantId));
    const startAt = at('15:00');
    await time.clinic.call('POST', `${meeting.path}/rebook`, {
      body: { by: 'clinic', startAt: startAt.toISOString() },
    });
    await expectRefused(meeting, meeting.patientParticipantId, ['too-early']);
    await time.passTo(at('14:50'));
    // R4.7: what was confirmed was confirmed for the old time.
    await expectRefused(meeting, meeting.patientParticipantId, ['clinic-not-ready']);
    await time.clinic.confirmReady(meeting);
    const second = door(await enter(meeting, meeting.patientParticipantId));
    expect(second.admitted).toBe(true);
    expect(second.room.url).not.toBe(first.room.url);
  });

  it('R8.3 neither token nor room stands in the workflow’s history or in the logs', async () => {
    const meeting = await bookWith();
    const { room } = door(await enter(meeting, meeting.patientParticipantId));
    const codec = createDataConverter(testKeys.payloadKeys).payloadCodecs![0]!;
    const found: Payload[] = [];
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array)
        found.push(value as Payload);
      else for (const each of Object.values(value)) collect(each);
    };
    collect((await historyOf(meeting)).events);
    expect(found.length).toBeGreaterThan(3);
    const context = { type: 'workflow', workflowId: meetingWorkflowId(meeting.meetingId) } as never;
    const decoded = await codec.decode(found.filter(isEncrypted), context);
    const plain = [...decoded, ...found].map((payload) => Buffer.from(payload.data!).toString());
    expect(plain.join('\n')).toContain(meeting.patientParticipantId);
    const roomOf = new URL(room.url).pathname.slice(1);
    expect(looksLikeToken(room.token)).toBe(true);
    expect([...plain, ...time.service.logLines].filter(looksLikeToken)).toEqual([]);
    for (const secret of [room.token, room.token.split('.')[2]!, roomOf]) {
      expect([secret, plain.some((text) => text.includes(secret))]).toEqual([secret, false]);
      expect([secret, time.service.logLines.some((line) => line.includes(secret))]).toEqual([secret, false]);
    }
  });
});
