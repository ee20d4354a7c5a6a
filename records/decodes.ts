import type { Connection } from 'mongoose';
import { randomId } from '../platform/keys/random-id';
import { collection, withoutId } from './schema';

/**
 * One reading of workflows' payloads by an administrator, or a refused one. It tells who, which workflows,
 * when and how many. It has nothing of the content.
 */
export interface Decode {
  at: Date;
  /** The subject of the administrator's access token; null where there was none that holds. */
  who: string | null;
  namespace: string | null;
  workflowIds: string[];
  payloads: number;
  /** Why it was refused; null where it was decoded. */
  refused: string | null;
}

/** Who has had which workflows' payloads decoded (R8.2). */
export interface Decodes {
  note(decode: Decode): Promise<void>;
  /** Newest first. */
  ofWorkflow(workflowId: string, limit: number): Promise<Decode[]>;
}

export function createDecodes(connection: Connection): Decodes {
  const rows = collection<Decode & { _id: string }>(
    connection,
    'decodes',
    { at: Date, who: String, namespace: String, workflowIds: [String], payloads: Number, refused: String },
    [[{ workflowIds: 1, at: -1 }], [{ at: -1 }]],
  );
  return {
    async note(decode) {
      await rows.create({ _id: randomId(), ...decode });
    },
    async ofWorkflow(workflowId, limit) {
      const found = await rows
        .find({ workflowIds: workflowId })
        .sort({ at: -1 })
        .limit(limit)
        .lean<(Decode & { _id: string })[]>();
      return found.map(withoutId);
    },
  };
}
