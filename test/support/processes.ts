/** Processes of this machine. */
import { readdir, readFile } from 'node:fs/promises';

/** Whether a process with this word in its command line is alive (Linux; elsewhere nothing is found). */
export async function isAlive(word: string): Promise<boolean> {
  const names = await readdir('/proc').catch(() => [] as string[]);
  const pids = names.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.some((line) => line.split('\0').includes(word));
}
