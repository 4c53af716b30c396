/** The processes that a test has started, and those they have started. */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Process ids below this process whose command line contains a word. */
export function childrenWith(word: string): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=', '-o', 'ppid=', '-o', 'args='], { encoding: 'utf8' });
  const all = stdout.trim().split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line));
  const parents = new Map(all.map((match) => [Number(match?.[1]), Number(match?.[2])]));
  const isBelow = (pid: number | undefined): boolean => pid === process.pid || (!!pid && isBelow(parents.get(pid)));
  return all.filter((match) => match?.[3]?.includes(word) && isBelow(parents.get(Number(match[1])))).map((match) => Number(match?.[1]));
}

/** Takes the processor away from the children with a word in their command line, for a while. */
export async function starve(word: string, ms: number): Promise<void> {
  const pids = childrenWith(word);
  if (pids.length === 0) throw new Error(`no child runs ${word}`);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await sleep(ms);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
}
