import { z } from 'zod';

const address = z.email().max(254);

/** Whether this is one plain e-mail address, with nothing around it that a header or a command could take for more. */
export const isMailAddress = (text: string): boolean => address.safeParse(text).success;

/** Who an e-mail is from. */
export interface Sender {
  /** What a mail program shows; '' for the address alone. */
  name: string;
  address: string;
}

const NAMED = /^([^<>"\p{Cc}]*)<([^<>]*)>$/u;

/** Reads `address` or `Name <address>`. @returns null if it is neither */
export function parseSender(text: string): Sender | null {
  const [, name = '', named] = NAMED.exec(text) ?? [];
  const sender = { name: name.trim(), address: named ?? text };
  return isMailAddress(sender.address) ? sender : null;
}
