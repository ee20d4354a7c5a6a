import { readdirSync, readFileSync } from 'node:fs';

/** What is measured apart. `client`: the bench itself, with the load and the stand-in of the provider. */
export const cpuParts = ['temporal', 'database', 'api', 'worker', 'client'] as const;
export type CpuPart = (typeof cpuParts)[number];

/** Milliseconds of processor time by process; a part that cannot be seen from here is absent. */
export type Cpu = Partial<Record<CpuPart, number>>;

/** The processes of each part but the client's. What they have started is theirs. */
export type Pids = Partial<Record<Exclude<CpuPart, 'client'>, number[]>>;

/** `/proc` counts in hundredths of a second on every Linux that Node runs on (USER_HZ). */
const TICK_MS = 10;

/**
 * Does something, and tells what processor time it took in each process: an operation that waits costs
 * nothing, and one that is fast because another process works for it costs that one's time.
 * @returns cpu: null where the system does not tell (no `/proc`)
 */
export async function withCpu<T>(pids: Pids, act: () => Promise<T>): Promise<{ result: T; cpu: Cpu | null }> {
  const before = cpuNow(pids);
  const result = await act();
  const after = cpuNow(pids);
  return { result, cpu: before && after ? difference(before, after) : null };
}

/** Of several rounds together. */
export const added = (rounds: (Cpu | null)[]): Cpu | null =>
  rounds.reduce<Cpu | null>(
    (total, round) => total && round && mapped((part) => (total[part] ?? 0) + (round[part] ?? 0), round),
    {},
  );

const difference = (before: Cpu, after: Cpu): Cpu =>
  mapped((part) => (after[part] ?? 0) - (before[part] ?? 0), after);

/** @param like has the parts that the answer has */
const mapped = (value: (part: CpuPart) => number, like: Cpu): Cpu =>
  Object.fromEntries(cpuParts.filter((part) => like[part] !== undefined).map((part) => [part, value(part)]));

function cpuNow(pids: Pids): Cpu | null {
  const rows = processes();
  if (!rows) return null;
  const { user, system } = process.cpuUsage();
  const parts = Object.entries(pids).filter(([, roots]) => roots.length > 0);
  return {
    ...Object.fromEntries(
      parts.map(([part, roots]) => [part, roots.reduce((ms, pid) => ms + treeMs(rows, pid), 0)]),
    ),
    client: (user + system) / 1_000,
  };
}

interface Row {
  parent: number;
  ms: number;
}

/** A process with those below it: a database may have one for each connection. */
function treeMs(rows: Map<number, Row>, root: number): number {
  let ms = rows.get(root)?.ms ?? 0;
  for (const [pid, { parent }] of rows) if (parent === root) ms += treeMs(rows, pid);
  return ms;
}

function processes(): Map<number, Row> | null {
  const rows = new Map<number, Row>();
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return null;
  }
  for (const name of names) {
    try {
      rows.set(Number(name), rowOf(readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch {
      // It has ended meanwhile.
    }
  }
  return rows.size > 0 ? rows : null;
}

/** @param stat one line of `/proc/<pid>/stat`; the name in brackets may hold anything */
export function rowOf(stat: string): Row {
  // From the third field on: state, parent, …; own time in user and system mode, and that of ended children.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((total, at) => total + Number(fields[at]), 0);
  return { parent: Number(fields[1]), ms: ticks * TICK_MS };
}

/** Processor time of one operation, in milliseconds. */
export interface CpuPerOperation {
  byPart: Cpu;
  together: number;
}

export function perOperation(cpu: Cpu | null, count: number): CpuPerOperation | null {
  if (!cpu) return null;
  const byPart = mapped((part) => Number(((cpu[part] ?? 0) / count).toFixed(2)), cpu);
  const together = Object.values(cpu).reduce((total, ms) => total + ms, 0) / count;
  return { byPart, together: Number(together.toFixed(2)) };
}

/** How many times the one costs the other; null where a server's part of either cannot be seen from here. */
export function cpuRatio(one: CpuPerOperation | null, other: CpuPerOperation | null): number | null {
  if (!one || !other || !(isWhole(one) && isWhole(other)) || other.together === 0) return null;
  return Number((one.together / other.together).toFixed(3));
}

/** Not everything goes past an API, but all of it goes past the two servers. */
const isWhole = ({ byPart: { temporal, database } }: CpuPerOperation): boolean =>
  temporal !== undefined && database !== undefined;
