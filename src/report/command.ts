/** How to have the same run again. */
import type { RunRecord } from '../measurement/record.js';
import { oneLine } from './format.js';

/** Draws nothing: what it reads was made already. */
const UNSEEDED = 'collect';

/** The command line of a run, quoted for a POSIX shell, with its seed. */
export function repeatCommand(record: Pick<RunRecord, 'tool' | 'command' | 'seed'>): string {
  const { tool, command, seed } = record;
  const isSeeded = command[0] === UNSEEDED || command.some((word) => word === '--seed' || word.startsWith('--seed='));
  return [tool.name, ...command, ...(isSeeded ? [] : ['--seed', String(seed)])].map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${oneLine(word).replaceAll("'", `'\\''`)}'`;
}
