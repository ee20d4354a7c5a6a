import type { ServerResponse } from 'node:http';

/** In how many seconds to come again, by the answer's status. */
export interface ComeAgain {
  429: number;
  503: number;
}

/** For programs. Limits count by the minute; what is away is mostly back soon. */
const forPrograms: ComeAgain = { 429: 60, 503: 2 };

/**
 * Has every answer 429 and 503 say in `Retry-After` when to come again, whoever makes it: the one place that
 * does. What knows better sets the header itself.
 */
export function tellWhenAgain(response: ServerResponse, seconds: ComeAgain = forPrograms): void {
  // All ways to answer come by here at last, also those of Node itself.
  const writeHead = response.writeHead.bind(response) as (
    status: number,
    ...rest: unknown[]
  ) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]) => {
    if ((status === 429 || status === 503) && !response.hasHeader('Retry-After'))
      response.setHeader('Retry-After', String(seconds[status]));
    return writeHead(status, ...rest);
  };
}
