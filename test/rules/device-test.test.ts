import { deviceStateOf, deviceTestOfPatient, type DeviceTest } from '../../rules/device-test';

const test = (more: Partial<DeviceTest> = {}): DeviceTest => ({
  camera: 'works',
  microphone: 'works',
  sound: 'works',
  testedAt: '2026-12-01T09:00:00.000Z',
  ...more,
});
const side = [
  { participantId: 'p', role: 'patient' as const },
  { participantId: 'g1', role: 'guardian' as const },
  { participantId: 'g2', role: 'guardian' as const },
  { participantId: 'r', role: 'relative' as const },
];

it.each([
  [null, 'not-tested', []],
  [test({ camera: 'not-tested', microphone: 'not-tested', sound: 'not-tested' }), 'not-tested', []],
  [test(), 'works', []],
  [test({ sound: 'not-tested' }), 'partly', []],
  [test({ camera: 'fails', sound: 'not-tested' }), 'fails', ['camera']],
  [test({ camera: 'fails', sound: 'fails' }), 'fails', ['camera', 'sound']],
] as const)('R4.5 what a device test says as a whole: %j is %s', (of, state, failing) => {
  expect(deviceStateOf(of)).toEqual({ state, failing });
});

it('R4.5 R7.1 the patient’s own test tells of the patient’s side; else the last of a guardian’s', () => {
  const [own, early, late] = [
    test({ testedAt: '2026-12-01T08:00:00.000Z' }),
    test({ testedAt: '2026-12-02T08:00:00.000Z' }),
    test({ testedAt: '2026-12-03T08:00:00.000Z' }),
  ];
  const of = (deviceTests?: Record<string, DeviceTest>) =>
    deviceTestOfPatient({ participants: side, ...(deviceTests ? { deviceTests } : {}) });
  expect(of()).toBeNull();
  expect(of({ r: late })).toBeNull();
  expect(of({ g1: late, g2: early })).toBe(late);
  expect(of({ g1: early, g2: late })).toBe(late);
  expect(of({ p: own, g2: late })).toBe(own);
});
