import { isMailAddress } from '../../rules/mail-address';

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
