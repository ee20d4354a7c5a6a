import type { Figures } from '../figures';
import { duration, factor, number, table } from './words';

export const bookingsTable = ({ bookings }: Figures): string =>
  table(
    ['', 'a second'],
    [
      ['Bookings over HTTP, to the started workflow', number(bookings.perSecond)],
      ["The bare loop's starts", number(bookings.bareStartsPerSecond)],
      ['**Ratio**', `**${factor(bookings.ratio)}**`],
      ['Bookings, each with its SMS', number(bookings.withNoticePerSecond)],
    ],
  );

export function latenessTable({ lateness }: Figures): string {
  const { service, bare, poller } = lateness;
  const late = (name: 'p50Ms' | 'p99Ms' | 'lastMs'): string[] =>
    [service, bare, poller].map((each) => duration(each[name]));
  const counted = (name: 'early' | 'missing' | 'twice'): string[] =>
    [service, bare, poller].map((each) => number(each[name]));
  return table(
    ['', 'service', 'bare loop', 'poller', 'to the bare loop', 'to the poller'],
    [
      ['p50', ...late('p50Ms'), `**${factor(lateness.p50RatioToBare)}**`, factor(lateness.p50RatioToPoller)],
      ['p99', ...late('p99Ms'), `**${factor(lateness.p99RatioToBare)}**`, factor(lateness.p99RatioToPoller)],
      ['the last', ...late('lastMs'), '', ''],
      ['early', ...counted('early'), '', ''],
      ['missing', ...counted('missing'), '', ''],
      ['twice', ...counted('twice'), '', ''],
    ],
  );
}

export function historyTable({ meeting: { meeting, invoice, together, bare, ratios } }: Figures): string {
  const rowOf = (what: string, name: 'events' | 'bytes'): string[] => [
    what,
    number(meeting[name]),
    number(invoice[name]),
    number(together[name]),
    number(bare[name]),
    `**${factor(ratios[name])}**`,
  ];
  return table(
    ['', 'the meeting', 'its invoice', 'together', 'one bare loop', 'ratio'],
    [rowOf('Events', 'events'), rowOf('Bytes', 'bytes')],
  );
}

export function eventsTable({ meeting: { meeting, invoice } }: Figures): string {
  const types = [...new Set([...Object.keys(meeting.byType), ...Object.keys(invoice.byType)])];
  return table(
    ['Events of the type', 'the meeting', 'bytes', 'its invoice', 'bytes'],
    types.map((type) => [
      type.toLowerCase().replaceAll('_', ' '),
      ...[meeting, invoice].flatMap(({ byType, bytesByType }) => [
        number(byType[type] ?? 0),
        number(bytesByType[type] ?? 0),
      ]),
    ]),
  );
}

export function actionsTable({ meeting: { meeting, invoice, together, bare, ratios } }: Figures): string {
  const kinds = Object.keys(meeting.billableByKind) as (keyof typeof meeting.billableByKind)[];
  return table(
    ['', 'the meeting', 'its invoice', 'one bare loop'],
    [
      ...kinds
        .map((kind) => [
          kind.replaceAll('-', ' '),
          ...[meeting, invoice, bare].map(({ billableByKind }) => number(billableByKind[kind])),
        ])
        .filter(([, ...counts]) => counts.some((count) => count !== '0')),
      ['**together**', ...[meeting, invoice, bare].map(({ billable }) => `**${number(billable)}**`)],
      ['meeting and invoice', `**${number(together.billable)}**`, '', `**${factor(ratios.billable)}**`],
    ],
  );
}

export function memoryTable({ memory: { service, bare, ratio } }: Figures): string {
  const beyond = (kib: number | null): string => (kib === null ? 'not reached' : number(kib));
  return table(
    ['', 'service', 'in memory', 'bare loop', 'in memory'],
    [
      ...service.steps.map(({ open, rssMiB, cached }, at) => [
        `${number(open)} open, MiB`,
        number(rssMiB),
        number(cached),
        number(bare.steps[at]?.rssMiB ?? 0),
        number(bare.steps[at]?.cached ?? 0),
      ]),
      [
        'KiB for one more, kept in memory',
        `**${number(service.kibPerOpen)}**`,
        factor(ratio),
        number(bare.kibPerOpen),
        '',
      ],
      [
        'KiB for one more, beyond that',
        `**${beyond(service.kibPerOpenBeyondCache)}**`,
        '',
        beyond(bare.kibPerOpenBeyondCache),
        '',
      ],
      [
        'Most that are kept in memory',
        number(service.maxCachedWorkflows),
        '',
        number(bare.maxCachedWorkflows),
        '',
      ],
    ],
  );
}

export const readsTable = ({ reads }: Figures): string =>
  table(
    ['', 'a second'],
    [
      ["Reads of a meeting's status", number(reads.perSecond)],
      ['Bare reads', number(reads.barePerSecond)],
      ['**Ratio**', `**${factor(reads.ratio)}**`],
    ],
  );
