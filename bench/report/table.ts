import type { Figures } from '../figures';

/** One line of the table: what, ours, what it is compared with, and the ratio. */
type Row = [what: string, service: string, bare: string, ratio: string, poller: string];

const heading: Row = ['', 'service', 'bare', 'ratio', 'poller'];

/** The figures as a table for a terminal. */
export function tableOf({ bookings, lateness, meeting, memory, reads }: Partial<Figures>): string {
  const rows: Row[] = [
    heading,
    ...(bookings
      ? [
          row('bookings/s', bookings.perSecond, bookings.bareStartsPerSecond, bookings.ratio),
          row('bookings/s with SMS', bookings.withNoticePerSecond),
        ]
      : []),
    ...(lateness
      ? (['p50Ms', 'p99Ms', 'early', 'missing', 'twice'] as const).map((name) => {
          const { service, bare, poller } = lateness;
          const ratio = { p50Ms: lateness.p50RatioToBare, p99Ms: lateness.p99RatioToBare };
          return row(
            `${lateness.count} at once: ${name}`,
            service[name],
            bare[name],
            name in ratio ? ratio[name as keyof typeof ratio] : undefined,
            poller[name],
          );
        })
      : []),
    ...(meeting
      ? (['events', 'bytes', 'billable'] as const).map((name) =>
          row(`meeting: ${name}`, meeting.together[name], meeting.bare[name], meeting.ratios[name]),
        )
      : []),
    ...(memory
      ? [
          ...memory.service.steps.map(({ open, rssMiB }, at) =>
            row(`worker MiB, ${open} open`, rssMiB, memory.bare.steps[at]?.rssMiB),
          ),
          row('KiB per open', memory.service.kibPerOpen, memory.bare.kibPerOpen, memory.ratio),
          row(
            'KiB per open, beyond cache',
            memory.service.kibPerOpenBeyondCache,
            memory.bare.kibPerOpenBeyondCache,
          ),
          row('most workflows in cache', memory.service.maxCachedWorkflows, memory.bare.maxCachedWorkflows),
        ]
      : []),
    ...(reads ? [row('status reads/s', reads.perSecond, reads.barePerSecond, reads.ratio)] : []),
  ];
  const widths = heading.map((_, column) => Math.max(...rows.map((each) => each[column]!.length)));
  return rows
    .map((each) =>
      each
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

type Value = number | null | undefined;

const row = (what: string, service: Value, bare?: Value, ratio?: Value, poller?: Value): Row => [
  what,
  cell(service),
  cell(bare),
  cell(ratio),
  cell(poller),
];

const cell = (value: Value): string => (value === null || value === undefined ? '' : String(value));
