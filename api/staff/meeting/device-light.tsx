import { deviceStateOf, testedDevices, type DeviceTest } from '../../../rules/device-test';
import type { Language } from '../../../rules/notices';
import { Tag, type Tone } from '../../frame/parts';
import { clockTime, dayOf } from '../../frame/time';
import { wording } from '../../frame/wording';
import { isSameDay } from './sight';

/**
 * What the device test came to, as one reads it in a list (R4.5): `Enhet: kameran fungerar inte (torsdag 3
 * december)`. The day stands there where it is another one: the test may be from before the meeting was moved.
 */
export function DeviceLight({
  test,
  language,
  at,
}: {
  test: DeviceTest | null;
  language: Language;
  at: Date;
}) {
  const words = texts[language];
  const { state, failing } = deviceStateOf(test);
  const day = test && !isSameDay(test.testedAt, at) ? ` (${dayOf(test.testedAt, language)})` : '';
  const what =
    state === 'fails' ? failing.map((device) => words.failing[device]).join(', ') : words.states[state];
  return (
    <Tag tone={tones[state]}>
      {words.device}: {what}
      {state !== 'not-tested' && day}
    </Tag>
  );
}

/** The same with each thing that was tested, and when. */
export function DeviceDetails({
  test,
  language,
  at,
}: {
  test: DeviceTest | null;
  language: Language;
  at: Date;
}) {
  const words = texts[language];
  return (
    <>
      <DeviceLight test={test} language={language} at={at} />
      {test && (
        <span class="hint">
          {testedDevices.map((device) => words.each(device, test[device])).join(', ')}.{' '}
          {words.tested(dayOf(test.testedAt, language), clockTime(test.testedAt, language))}
        </span>
      )}
    </>
  );
}

const tones = {
  works: 'success',
  partly: 'quiet',
  fails: 'warning',
  'not-tested': 'quiet',
} as const satisfies Record<string, Tone>;

const names = {
  sv: { camera: 'kamera', microphone: 'mikrofon', sound: 'ljud' },
  en: { camera: 'camera', microphone: 'microphone', sound: 'sound' },
} as const;
const results = {
  sv: { works: 'fungerar', fails: 'fungerar inte', 'not-tested': 'ej provat' },
  en: { works: 'works', fails: 'does not work', 'not-tested': 'not tested' },
} as const;

const texts = wording({
  sv: {
    device: 'Enhet',
    states: { works: 'fungerar', partly: 'delvis provad', 'not-tested': 'ej provad' },
    failing: {
      camera: 'kameran fungerar inte',
      microphone: 'mikrofonen fungerar inte',
      sound: 'ljudet fungerar inte',
    },
    each: (device: keyof typeof names.sv, result: keyof typeof results.sv) =>
      `${names.sv[device]} ${results.sv[result]}`,
    tested: (day: string, clock: string) => `Provat ${day} kl. ${clock}.`,
  },
  en: {
    device: 'Device',
    states: { works: 'works', partly: 'partly tested', 'not-tested': 'not tested' },
    failing: {
      camera: 'the camera does not work',
      microphone: 'the microphone does not work',
      sound: 'the sound does not work',
    },
    each: (device, result) => `${names.en[device]} ${results.en[result]}`,
    tested: (day, clock) => `Tested ${day} at ${clock}.`,
  },
});
