import type { Connection } from 'mongoose';
import { openForBrowser, sealForBrowser } from '../platform/keys/browser-secret';
import { randomId } from '../platform/keys/random-id';
import { bytesOf, collection } from './schema';

/** A page that a posted form was answered with. */
export interface AnsweredPage {
  html: string;
  status: number;
  /** As whom it was answered: for nobody else, and not where the roles are others by now. */
  shownTo: string;
}

interface AnsweredPageRow {
  _id: string;
  sealed: Buffer;
  keptUntil: Date;
}

/**
 * Pages that posted forms were answered with, for the address that the browser is sent on to (post, redirect, get).
 * They are sealed with the login's own secret, which only the browser has.
 */
export interface AnsweredPages {
  /** @returns the id that its address carries */
  keep(secret: string, page: AnsweredPage, now: Date): Promise<string>;
  /** Null for another login's, or one that is gone. */
  read(secret: string, id: string, now: Date): Promise<AnsweredPage | null>;
}

/** As long as somebody corrects a form, or goes back to it. */
const KEPT_MS = 10 * 60_000;
const PURPOSE = 'answered-page';

export function createAnsweredPages(connection: Connection): AnsweredPages {
  const rows = collection<AnsweredPageRow>(connection, 'answeredPages', { sealed: Buffer, keptUntil: Date }, [
    [{ keptUntil: 1 }, { expireAfterSeconds: 0 }],
  ]);
  return {
    async keep(secret, page, now) {
      const _id = randomId();
      const sealed = sealForBrowser(secret, PURPOSE, page, _id);
      await rows.create({ _id, sealed, keptUntil: new Date(now.getTime() + KEPT_MS) });
      return _id;
    },
    async read(secret, id, now) {
      const row = await rows.findById(id).lean<AnsweredPageRow>();
      if (!row || row.keptUntil <= now) return null;
      try {
        return openForBrowser(secret, PURPOSE, bytesOf(row.sealed), id) as AnsweredPage;
      } catch {
        // Of another login: its secret does not open it.
        return null;
      }
    },
  };
}
