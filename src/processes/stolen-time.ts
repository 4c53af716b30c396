/** Time that a hypervisor gave to other machines while this one had work to do: what Linux counts as `steal` (proc(5), /proc/stat). */
import { textOf, type TextOf } from './control-group.js';

/** What the processors of this machine have done since it was started, in the kernel's ticks. */
export interface Ticks {
  all: number;
  stolen: number;
}

/** Fields of a line of `/proc/stat` that add up to all time: those behind, of guests, are part of the first two. */
const FIELDS = 8;

/** Up to now; null where the kernel does not tell. */
export function readTicks(text: TextOf = textOf): Ticks | null {
  const fields = /^cpu +(.+)$/m.exec(text('/proc/stat') ?? '')?.[1]?.split(' ').slice(0, FIELDS).map(Number) ?? [];
  if (fields.length < FIELDS) return null;
  return { all: fields.reduce((sum, ticks) => sum + ticks, 0), stolen: fields.at(-1)! };
}

/** Share of the processors' time between two readings that was stolen; 0 where nobody tells. */
export function stolenBetween(before: Ticks | null, after: Ticks | null): number {
  if (!before || !after || after.all <= before.all) return 0;
  return Math.max(0, after.stolen - before.stolen) / (after.all - before.all);
}
