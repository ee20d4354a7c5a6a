import { cpuParts, type CpuPerOperation } from '../cpu';
import type { Figures, Lateness, Rate } from '../figures';

type Value = number | null | undefined;
type Row = [what: string, ...values: Value[]];

/** Figures of one measure, to be shown in a terminal or in the document. */
export interface Table {
  heading: string[];
  rows: Row[];
}

const table = (heading: string[], rows: Row[]): Table => ({ heading, rows });

/** One table for each measure that was made. */
export function tablesOf(figures: Partial<Figures>): Table[] {
  const { bookings, lateness, meeting, reads, killed, fullHour, memory } = figures;
  return [
    ...(bookings ? [bookingsTable(bookings)] : []),
    ...(lateness ? [latenessTable(lateness)] : []),
    ...(meeting ? [meetingTable(meeting), eventsTable(meeting), actionsTable(meeting)] : []),
    ...(reads ? [readsTable(reads)] : []),
    ...(killed ? [killedTable(killed)] : []),
    ...(fullHour ? [fullHourTable(fullHour)] : []),
    ...(memory ? [memoryTable(memory)] : []),
  ];
}

export function bookingsTable(bookings: Figures['bookings']): Table {
  const { service, bare, floor, withNotice } = bookings;
  return table(
    ['bookings', 'service', 'bare starts', 'floor', '÷ bare', '÷ floor', 'with SMS'],
    [
      [
        'a second',
        ...[service, bare, floor].map(({ perSecond }) => perSecond),
        bookings.ratioToBare,
        bookings.ratioToFloor,
        withNotice.perSecond,
      ],
      ...cpuRows([service, bare, floor], [bookings.cpuRatioToBare, bookings.cpuRatioToFloor], [withNotice]),
    ],
  );
}

export function latenessTable(lateness: Figures['lateness']): Table {
  const { count, service, bare, floor, poller, toBare, toFloor, toPoller } = lateness;
  const all = [service, bare, floor, poller];
  const ratios = [toBare, toFloor, toPoller];
  const row = (what: string, value: keyof Omit<Lateness, 'cpu'>, ratio?: 'p50' | 'p99' | 'last'): Row => [
    what,
    ...all.map((each) => each[value]),
    ...(ratio ? ratios.map((each) => each[ratio]) : []),
  ];
  return table(
    [`${count} at once`, 'service', 'bare', 'floor', 'poller', '÷ bare', '÷ floor', '÷ poller'],
    [
      row('p50, ms', 'p50Ms', 'p50'),
      row('p99, ms', 'p99Ms', 'p99'),
      row('the last, ms', 'lastMs', 'last'),
      row('early', 'early'),
      row('missing', 'missing'),
      row('twice', 'twice'),
      ...cpuRows(
        all,
        ratios.map(({ cpu }) => cpu),
      ),
    ],
  );
}

export function meetingTable({ meeting, approved, letThrough, bare, together }: Figures['meeting']): Table {
  return table(
    ['a meeting', 'itself', 'approved', 'let through', 'with approved', 'with let through', 'bare loop'],
    (['events', 'bytes', 'billable'] as const).map((name): Row => [
      name,
      meeting[name],
      approved[name],
      letThrough[name],
      together.approved[name],
      together.letThrough[name],
      bare[name],
    ]),
  );
}

/** By type, and by what was asked for by name: to be compared with a count on paper, line by line. */
export function eventsTable({ meeting, approved, letThrough }: Figures['meeting']): Table {
  const all = [meeting, approved, letThrough];
  const keysOf = (name: 'byType' | 'byName'): string[] => [
    ...new Set(all.flatMap((each) => Object.keys(each[name]))),
  ];
  return table(
    ['events', 'the meeting', 'bytes', 'approved invoice', 'bytes', 'let through', 'bytes'],
    [
      ...keysOf('byType').map((type): Row => [
        type.toLowerCase().replaceAll('_', ' '),
        ...all.flatMap(({ byType, bytesByType }) => [byType[type] ?? 0, bytesByType[type] ?? 0]),
      ]),
      ...keysOf('byName').map((name): Row => [
        `- ${name}`,
        ...all.flatMap(({ byName }) => [byName[name] ?? 0, null]),
      ]),
    ],
  );
}

/** What Temporal Cloud would bill. */
export function actionsTable({ meeting, approved, letThrough, bare }: Figures['meeting']): Table {
  const all = [meeting, approved, letThrough, bare];
  const kinds = Object.keys(meeting.billableByKind) as (keyof typeof meeting.billableByKind)[];
  return table(
    ['billable actions', 'the meeting', 'approved invoice', 'let through', 'one bare loop'],
    [
      ...kinds
        .filter((kind) => all.some(({ billableByKind }) => billableByKind[kind] > 0))
        .map((kind): Row => [
          kind.replaceAll('-', ' '),
          ...all.map(({ billableByKind }) => billableByKind[kind]),
        ]),
      ['together', ...all.map(({ billable }) => billable)],
    ],
  );
}

export function readsTable({ service, bare, ratio, cpuRatio }: Figures['reads']): Table {
  return table(
    ['status reads', 'service', 'bare', '÷ bare'],
    [['a second', service.perSecond, bare.perSecond, ratio], ...cpuRows([service, bare], [cpuRatio])],
  );
}

export function killedTable({ goesOnMs, meetings, ofTheKilled, missing, twice }: Figures['killed']): Table {
  return table(
    ['kill -9 of a worker', 'median', 'most'],
    [
      [`all ${meetings} go on, ms`, goesOnMs.median, goesOnMs.most],
      ['of them in its memory', ofTheKilled],
      ['missing', missing],
      ['twice', twice],
    ],
  );
}

export function fullHourTable(figures: Figures['fullHour']): Table {
  const { meetings, smsPerMinute, doors, cancellations, far } = figures;
  return table(
    [`${meetings} meetings, ${smsPerMinute} SMS a minute`, ''],
    [
      ['doors: half are open after, ms', doors.p50Ms],
      ['doors: the last is open after, ms', doors.mostMs],
      ['handed over', figures.handedOver],
      ['expired', figures.expired],
      ['handed over too late', figures.handedOverTooLate],
      ["share of the provider's slots used", figures.slotsUsed],
      ['cancellations: half are sent after, ms', cancellations.p50Ms],
      ['cancellations: the last is sent after, ms', cancellations.mostMs],
      ['cancellations: not sent', cancellations.notSent],
      ["cancellations: others' SMS before one, at most", cancellations.overtakenByMost],
      ['other SMS after a cancellation', cancellations.afterwards],
      [`of ${far.count} a week ahead, sent before the nearest`, far.handedOverBeforeTheNearest],
    ],
  );
}

export function memoryTable({ service, bare, ratio }: Figures['memory']): Table {
  return table(
    ['memory of a worker', 'service', 'bare', '÷ bare'],
    [
      ...service.steps.map(({ open, rssMiB }, at): Row => [
        `${open} open, MiB`,
        rssMiB,
        bare.steps[at]?.rssMiB,
      ]),
      ['KiB per open', service.kibPerOpen, bare.kibPerOpen, ratio],
      ['KiB per open, beyond cache', service.kibPerOpenBeyondCache, bare.kibPerOpenBeyondCache],
      ['most workflows in cache', service.maxCachedWorkflows, bare.maxCachedWorkflows],
    ],
  );
}

/** Milliseconds of processor time for one, by process: of each column, and the ratios of all of it. */
function cpuRows(columns: Pick<Rate, 'cpu'>[], ratios: Value[], after: Pick<Rate, 'cpu'>[] = []): Row[] {
  const row = (what: string, value: (cpu: CpuPerOperation | null) => Value, between: Value[]): Row => [
    what,
    ...columns.map(({ cpu }) => value(cpu)),
    ...between,
    ...after.map(({ cpu }) => value(cpu)),
  ];
  return [
    row('CPU, ms', (cpu) => cpu?.together, ratios),
    ...cpuParts.map((part) =>
      row(
        `  ${part}`,
        (cpu) => cpu?.byPart[part],
        ratios.map(() => null),
      ),
    ),
  ];
}
