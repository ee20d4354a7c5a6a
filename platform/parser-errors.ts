/** What Express's own parsers refuse, by the type that they give it, and our answer to each. */
const answers: Record<string, number> = {
  'charset.unsupported': 415,
  'encoding.unsupported': 415,
  'entity.parse.failed': 400,
  'entity.too.large': 413,
  'entity.verify.failed': 400,
  'parameters.too.many': 413,
  'querystring.parse.rangeError': 400,
  'request.aborted': 400,
  'request.size.invalid': 400,
};

/** What zlib says of a body that is not packed as its header has it. */
const notUnpacked = /^(Z_|ERR__ERROR_FORMAT|ERR_BROTLI|ZSTD_)/;

/**
 * The status for a request that Express could not read, or null for any other error. Errors of other origin
 * have a `status` too, such as the answer of a server that we asked. Our caller did not cause that, so it is
 * no answer for them.
 */
export function unreadableStatus(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  // What the router throws at an address whose escapes mean nothing.
  if (error instanceof URIError) return 'status' in error && error.status === 400 ? 400 : null;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  if (Object.hasOwn(answers, type)) return answers[type]!;
  return 'code' in error && typeof error.code === 'string' && notUnpacked.test(error.code) ? 400 : null;
}
