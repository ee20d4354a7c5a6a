import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { recordsSettings } from '../../config';
import { randomId, randomSecret } from '../../platform/keys/random-id';
import { createRecords } from '../../records';
import { connectRecords } from '../../records/connection';
import { fromNoticeHours } from '../../rules/cancellation';
import { settingsBody } from '../../use-cases/clinic/bodies';
import { id } from '../../use-cases/fields';
import { fieldProblems, withInput } from '../../api/problems';

const usage = `node dist/ops/operations/add-clinic.js --settings clinic.json [--clinic ID [--create]]

Makes a clinic with the settings in the file, which are those of PUT /clinic/settings (see /docs), and prints its id and its
key. The key is shown this once: only its hash is kept. With --clinic an existing clinic gets one more key instead, and keeps the
settings that it has; one that does not exist is refused, unless --create says that it shall be made under this id.
Needs MONGODB_URI, FIELD_KEYS and HASH_KEYS.`;

/** Makes a clinic, or one more key for it. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { settings: { type: 'string' }, clinic: { type: 'string' }, create: { type: 'boolean' } },
  });
  if (!values.settings || (values.create && values.clinic === undefined)) throw new Error(usage);
  const given = values.clinic === undefined ? null : id.safeParse(values.clinic);
  if (given && !given.success) throw new Error('--clinic is no id of this service: 22 of A-Z a-z 0-9 _ -');
  const read = settingsBody.safeParse(JSON.parse(await readFile(values.settings, 'utf8')), withInput);
  if (!read.success) {
    const problems = fieldProblems('settings', read.error).map(
      ({ field, message }) => `  ${field} ${message}`,
    );
    throw new Error(`The settings are wrong:\n${problems.join('\n')}`);
  }
  const settings = recordsSettings();
  const records = createRecords(await connectRecords(settings.MONGODB_URI), {
    fieldKeys: settings.FIELD_KEYS,
    hashKeys: settings.HASH_KEYS,
  });
  await records.prepare();
  const clinicId = given?.data ?? randomId();
  if (given && !values.create && !(await records.clinics.ids()).includes(clinicId)) {
    await records.close();
    throw new Error(`There is no clinic ${clinicId}. To make it under this id, say --create.`);
  }
  const apiKey = `vk_${randomSecret()}`;
  await records.clinics.save({ clinicId, settings: fromNoticeHours(read.data) }, apiKey);
  await records.close();
  process.stdout.write(`clinic ${clinicId}\nkey    ${apiKey}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
