import { createServer } from 'node:http';
import { codecSettings, WrongSettings } from '../config';
import { createLog } from '../platform/log';
import { connectRecords } from '../records/connection';
import { KEEP_ALIVE_MS } from '../platform/keep-alive';
import { surviveStrayErrors } from '../platform/stray-errors';
import { createDecodes } from '../records/decodes';
import { createCodecApp } from './app';
import { createReaders } from './readers';

/** How long requests under way may take at a shutdown. */
const SHUTDOWN_GRACE_MS = 5_000;

/**
 * The codec server of a deployed Web UI, which passes on its user's access token. It has the payload keys and
 * no others.
 */
async function main(): Promise<void> {
  const settings = codecSettings();
  const log = createLog('codec', settings.LOG_LEVEL);
  const connection = await connectRecords(settings.MONGODB_URI);
  const decodes = createDecodes(connection);
  await Promise.all(Object.values(connection.models).map((model) => model.createIndexes()));
  const app = createCodecApp({
    payloadKeys: settings.PAYLOAD_KEYS,
    origins: [settings.CODEC_UI_ORIGIN],
    readerOf: createReaders({
      issuer: settings.CODEC_ISSUER,
      audience: settings.CODEC_AUDIENCE,
      roleClaim: settings.CODEC_ROLE_CLAIM,
      role: settings.CODEC_ROLE,
    }),
    async note(decode) {
      await decodes.note(decode);
      const { who, namespace, payloads, refused } = decode;
      if (refused) log.warn({ who, namespace, refused }, 'a decode was refused');
      else log.info({ who, namespace, payloads }, 'payloads were decoded');
    },
    now: () => new Date(),
    trustedProxies: settings.TRUSTED_PROXIES,
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, app);
  server.listen(settings.PORT, settings.HOST, () =>
    log.info({ port: settings.PORT }, 'the codec server listens'),
  );
  const stop = (exitCode = 0): void => {
    server.close(() => void connection.close().then(() => process.exit(exitCode)));
    setTimeout(() => process.exit(1), SHUTDOWN_GRACE_MS).unref();
  };
  surviveStrayErrors(log, { rejections: 'go-on', endWell: () => stop(1) });
  process.once('SIGTERM', () => stop());
  process.once('SIGINT', () => stop());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof WrongSettings ? error.message : String(error)}\n`);
  process.exit(1);
});
