import { checkPassed } from '../platform/metrics';

/** Something that a process needs, and how to see whether it is there. */
export interface Check {
  name: string;
  /** Without it the process cannot do its work; without the others it does a part of it, and says so. */
  needed: boolean;
  /** In words for whoever reads it: what is so meanwhile. For what is not needed. */
  whileAway?: string;
  /**
   * How long one look may take, in milliseconds, if not the usual: what is not needed must not hold up the
   * answer.
   */
  deadlineMs?: number;
  /** How long one look serves, in milliseconds: nobody's questions become load for others. */
  keptMs: number;
  /** Throws, or answers with false, where it is not there. */
  look: () => Promise<boolean>;
}

/** What all checks together say. `degraded`: something is away that the rest can do without for a while. */
export interface Health {
  status: 'ready' | 'degraded' | 'not-ready';
  checks: Record<string, boolean>;
  /** In words: what is away, and what is so meanwhile; absent where nothing is to be said. */
  away?: string[];
}

/** Longer than anything of ours takes to answer; a probe of the container's waits longer. */
const DEADLINE_MS = 4_000;

/** Looks at everything that a process needs, at the same time. */
export function createHealth(checks: Check[]): () => Promise<Health> {
  const looks = checks.map((check) => ({ ...check, look: kept(check) }));
  return async () => {
    const results = await Promise.all(
      looks.map(async ({ look, ...check }) => ({ ...check, passed: await look() })),
    );
    for (const { name, passed } of results) checkPassed.set({ check: name }, passed ? 1 : 0);
    const away = results.filter(({ passed }) => !passed);
    const status = away.some(({ needed }) => needed) ? 'not-ready' : away.length > 0 ? 'degraded' : 'ready';
    const words = away.flatMap(({ name, whileAway }) => (whileAway ? [`${name}: ${whileAway}`] : []));
    return {
      status,
      checks: Object.fromEntries(results.map(({ name, passed }) => [name, passed])),
      ...(words.length > 0 ? { away: words } : {}),
    };
  };
}

/** One look at a time, which serves all who ask for a while. */
function kept({ look, keptMs, deadlineMs = DEADLINE_MS }: Check): () => Promise<boolean> {
  let latest: { result: Promise<boolean>; until: number } | null = null;
  return () => {
    if (latest === null || performance.now() >= latest.until) {
      const result = inTime(look, deadlineMs).catch(() => false);
      latest = { result, until: performance.now() + keptMs };
    }
    return latest.result;
  };
}

function inTime(look: () => Promise<boolean>, deadlineMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout;
  const deadline = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), deadlineMs);
  });
  return Promise.race([look(), deadline]).finally(() => clearTimeout(timer));
}
