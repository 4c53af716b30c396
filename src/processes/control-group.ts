/** The control group of this process: where the kernel says what it may use, and how often it had to wait for that. */
import { readFileSync } from 'node:fs';

/** What is in a file; undefined when there is none. */
export type TextOf = (file: string) => string | undefined;

/** Folders of this process's control group and of those around it; in a container its own is the root. */
export function groupsOf(text: TextOf): string[] {
  const groups = text('/proc/self/cgroup') ?? '';
  const unified = foldersOf('/sys/fs/cgroup', /^0::(\/.*)$/m.exec(groups)?.[1]);
  const own = /^\d+:(?:\w+,)*cpu(?:,\w+)*:(\/.*)$/m.exec(groups)?.[1];
  return [...unified, ...foldersOf('/sys/fs/cgroup/cpu', own), ...foldersOf('/sys/fs/cgroup/cpu,cpuacct', own)];
}

function foldersOf(root: string, path = '/'): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '..');
  return [root, ...names.map((_, depth) => `${root}/${names.slice(0, depth + 1).join('/')}`)];
}

export function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Periods of a quota of CPU (100 ms each unless it was said otherwise), and those in which it was used up and the process had to wait. */
export interface Throttling {
  periods: number;
  throttled: number;
}

/** Readings of each group that has a quota, by its folder. */
export type ThrottlingReading = ReadonlyMap<string, Throttling>;

/** What the groups of this process have counted up to now. */
export function readThrottling(text: TextOf = textOf): ThrottlingReading {
  return new Map(groupsOf(text).flatMap((folder) => {
    const counted = throttlingIn(text(`${folder}/cpu.stat`) ?? '');
    return counted ? [[folder, counted] as const] : [];
  }));
}

/** The counts of a `cpu.stat`, of either version; null where there is no quota. */
export function throttlingIn(stat: string): Throttling | null {
  const count = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? Number.NaN);
  const [periods, throttled] = [count('nr_periods'), count('nr_throttled')];
  return periods > 0 && throttled >= 0 ? { periods, throttled } : null;
}

/** What was counted between two readings, of the group that had to wait most often; null where none has a quota. */
export function throttledBetween(before: ThrottlingReading, after: ThrottlingReading): Throttling | null {
  const all = [...after].map(([folder, { periods, throttled }]) => {
    const was = before.get(folder) ?? { periods: 0, throttled: 0 };
    return { periods: periods - was.periods, throttled: throttled - was.throttled };
  });
  const [worst] = all.filter(({ periods }) => periods > 0).toSorted((a, b) => b.throttled - a.throttled);
  return worst ?? null;
}
