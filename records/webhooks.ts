import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { KeyRing } from '../platform/keys/key-ring';
import { createSharedReads } from '../platform/shared-reads';
import { seal, unseal } from '../platform/keys/seal';
import { toInstant, type Instant } from '../rules/instant';
import { bytesOf, changeIf, collection, countBy, isDuplicate } from './schema';

/** Where a clinic's events go, as it can be shown. */
export interface Webhook {
  url: string;
  enabledAt: Instant;
  /** Until when the secret before the last rotation signs too; null where it does not. */
  oldSecretUntil: Instant | null;
}

/**
 * Where a clinic's events go, and what they are signed with, newest first: two while a secret is being
 * rotated.
 */
export interface WebhookEndpoint {
  url: string;
  secrets: string[];
}

/** The command that changes a webhook: run twice it changes it once, and gets the same secret. */
export interface WebhookChange {
  clinicId: string;
  commandId: string;
  receivedAt: Instant;
}

interface WebhookSecret {
  /** As Standard Webhooks writes them: `whsec_` and base64. */
  secret: string;
  /** The command that made it. */
  madeBy: string;
  /** Null for the one that stays. */
  until: Instant | null;
}

interface WebhookRow {
  _id: string;
  url: string;
  sealedBy: string;
  sealedSecrets: Buffer;
  oldSecretUntil: Instant | null;
  enabledAt: Instant;
  changedAt: Instant;
  /** Grows with each write: of two changes at once neither is lost. */
  version: number;
}

export interface Webhooks {
  find(clinicId: string): Promise<Webhook | null>;
  /** For the sender alone. */
  endpoint(clinicId: string, now: Date): Promise<WebhookEndpoint | null>;
  /** Whether there is one now; as of when it is asked, also in a transaction. */
  isSet(clinicId: string): Promise<boolean>;
  /** Sets the address; answers with the secret where this command made it. A change received later stands. */
  set(change: WebhookChange, url: string): Promise<{ webhook: Webhook; secret: string | null }>;
  /**
   * Makes a new secret, beside which the old one signs until then; an even older one ends. Null where there
   * is no webhook, or where a change received later stands.
   */
  rotate(
    change: WebhookChange,
    oldSecretUntil: Instant,
  ): Promise<{ webhook: Webhook; secret: string | null } | null>;
  /** Seals the secrets that an older field key sealed with the newest; answers with how many. */
  reseal(): Promise<number>;
  /** How many are sealed by each field key, by its id. */
  sealedBy(): Promise<Record<string, number>>;
}

export function createWebhooks(connection: Connection, fieldKeys: KeyRing): Webhooks {
  const rows = collection<WebhookRow>(connection, 'webhooks', {
    url: String,
    sealedBy: String,
    sealedSecrets: Buffer,
    oldSecretUntil: String,
    enabledAt: String,
    changedAt: String,
    version: Number,
  });
  const place = (clinicId: string): string => `webhook:${clinicId}`;

  const sealed = (clinicId: string, secrets: WebhookSecret[]) => ({
    sealedBy: fieldKeys.current.id,
    sealedSecrets: seal(fieldKeys.current.key, Buffer.from(JSON.stringify(secrets)), place(clinicId)),
    oldSecretUntil: secrets[1]?.until ?? null,
  });

  function secretsOf(row: WebhookRow): WebhookSecret[] {
    const key = fieldKeys.find(row.sealedBy);
    if (!key) throw new Error(`no field key with the id ${row.sealedBy}`);
    return JSON.parse(unseal(key, bytesOf(row.sealedSecrets), place(row._id)).toString()) as WebhookSecret[];
  }

  const isSet = createSharedReads(
    async (clinicId) => (await rows.findById(clinicId, { _id: 1 }).lean<{ _id: string }>()) !== null,
  );
  const read = (clinicId: string) => rows.findById(clinicId).lean<WebhookRow>();

  /** Writes where nobody else has written since it was read. */
  async function replace(row: WebhookRow, change: Partial<WebhookRow>): Promise<boolean> {
    const replaced = await changeIf(rows, row._id, ({ version }) => version === row.version, {
      $set: { ...change, version: row.version + 1 },
    });
    return replaced !== null;
  }

  const answer = (row: WebhookRow, secrets: WebhookSecret[], commandId: string) => ({
    webhook: webhookOf(row),
    secret: secrets.find(({ madeBy }) => madeBy === commandId)?.secret ?? null,
  });

  return {
    async find(clinicId) {
      const row = await read(clinicId);
      return row && webhookOf(row);
    },
    async endpoint(clinicId, now) {
      const row = await read(clinicId);
      if (!row) return null;
      const signing = secretsOf(row).filter(({ until }) => until === null || until > toInstant(now));
      return { url: row.url, secrets: signing.map(({ secret }) => secret) };
    },
    isSet,
    async set({ clinicId, commandId, receivedAt }, url) {
      for (;;) {
        const row = await read(clinicId);
        if (!row) {
          const secrets = [{ secret: newSecret(), madeBy: commandId, until: null }];
          const first = { enabledAt: receivedAt, changedAt: receivedAt, version: 1 };
          try {
            await rows.create({ _id: clinicId, url, ...sealed(clinicId, secrets), ...first });
          } catch (error) {
            if (!isDuplicate(error)) throw error;
          }
        } else if (row.changedAt > receivedAt || row.url === url) {
          return answer(row, secretsOf(row), commandId);
        } else {
          await replace(row, { url, changedAt: receivedAt });
        }
      }
    },
    async rotate({ clinicId, commandId, receivedAt }, oldSecretUntil) {
      for (;;) {
        const row = await read(clinicId);
        if (!row) return null;
        const secrets = secretsOf(row);
        if (secrets.some(({ madeBy }) => madeBy === commandId)) return answer(row, secrets, commandId);
        if (row.changedAt > receivedAt) return null;
        const rotated = [
          { secret: newSecret(), madeBy: commandId, until: null },
          ...secrets.slice(0, 1).map((old) => ({ ...old, until: oldSecretUntil })),
        ];
        await replace(row, { ...sealed(clinicId, rotated), changedAt: receivedAt });
      }
    },
    async reseal() {
      const older = await rows.find({ sealedBy: { $ne: fieldKeys.current.id } }).lean<WebhookRow[]>();
      let resealed = 0;
      // One that is changed meanwhile was sealed by whoever changed it; the next run sees with which key.
      for (const row of older) if (await replace(row, sealed(row._id, secretsOf(row)))) resealed += 1;
      return resealed;
    },
    sealedBy: () => countBy(rows, '$sealedBy'),
  };
}

const webhookOf = ({ url, enabledAt, oldSecretUntil }: WebhookRow): Webhook => ({
  url,
  enabledAt,
  oldSecretUntil,
});

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
