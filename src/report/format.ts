/** Numbers and loads as people read them. Plain ASCII, the same on every machine. */
import type { BusTime } from '../events/settings.js';
import type { BusRecord, MachineTimes, RunRecord, TrialLoad } from '../measurement/record.js';
import type { Hop } from '../services/services.js';

/** What stands for a number that is not there. */
export const ABSENT = '-';

/** A time in ms, three significant digits: `0.8 ms`, `512 ms`, `1.05 s`, `157 s`, `12.3 min`. */
export function formatTime(ms: number | null): string {
  if (ms === null) return ABSENT;
  if (ms === 0) return '0 ms';
  if (ms < 0.05) return '<0.1 ms';
  if (ms < 9.95) return `${digits(ms, 1)} ms`;
  if (ms < 999.5) return `${digits(ms, 0)} ms`;
  if (ms < 600_000) return `${significant(ms / 1000)} s`;
  return ms < 7_200_000 ? `${significant(ms / 60_000)} min` : `${significant(ms / 3_600_000)} h`;
}

/** A ratio as a percentage: `0%`, `0.04%`, `5.2%`, `94.1%`. `0%` and `100%` are said only when they are exact. */
export function formatShare(ratio: number | null): string {
  if (ratio === null) return ABSENT;
  const percent = ratio * 100;
  if (ratio === 0 || ratio === 1) return `${percent}%`;
  if (percent < 0.01) return '<0.01%';
  if (percent > 99.9 && percent < 100) return '>99.9%';
  return `${percent < 1 ? digits(percent, 2) : digits(percent, 1)}%`;
}

/** A number per second, three significant digits, without its unit: `0`, `<0.1`, `9.5`, `832`. `0` is said only when it is exact. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return ABSENT;
  if (perSecond > 0 && perSecond < 0.05) return '<0.1';
  return perSecond >= 99.95 ? formatCount(perSecond) : String(Number(digits(perSecond, 1)));
}

/** A whole number with thousands separated: `12,345`. */
export function formatCount(count: number | null): string {
  return count === null ? ABSENT : String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** So many of a thing: `1 worker`, `12,345 workers`. */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${Math.round(count) === 1 ? noun : plural(noun)}`;
}

/** `orders` of `order`, `entries` of `entry`. */
export function plural(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** How many times as much: `1.08`, `2.1`, `12`. */
export function formatFactor(factor: number): string {
  if (factor < 1.2) return digits(factor, 2);
  return factor < 9.95 ? digits(factor, 1) : formatCount(factor);
}

/** A load in words: `100 users`, `1 request/s`, `up to 200 users` where it changes in stages. */
export function formatLoad(load: TrialLoad): string {
  return (load.ramp ? 'up to ' : '') + levelOf(load);
}

function levelOf(load: TrialLoad): string {
  if (load.model === 'open') {
    const rate = formatRate(load.rate);
    return `${rate} ${rate === '1' ? 'request' : 'requests'}/s`;
  }
  return load.users === 1 ? '1 user' : `${formatCount(load.users)} users`;
}

/** Bytes in the largest binary unit that leaves at least one. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number(digits(bytes / 1024 ** power, 1))} ${units[power]}`;
}

/** Names in a row: `a`, `a and b`, `a, b and c`. */
export function formatList(items: readonly string[], and = 'and'): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${and} ${items.at(-1)}`;
}

/**
 * Text from outside on one line: every run of control characters, line breaks and characters that turn the direction of
 * writing becomes a space, so that no name can move a cursor, colour a screen or hide what it says.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function significant(value: number): string {
  if (value < 9.995) return digits(value, 2);
  return value < 99.95 ? digits(value, 1) : formatCount(value);
}

function digits(value: number, fraction: number): string {
  return value.toFixed(fraction);
}

const HOP_WORDS: Record<Hop, string | null> = {
  http: null,
  unix: 'services called over HTTP by Unix domain sockets',
  'in-process': "services answered within the server's process, without HTTP hops",
};

/** How much was measured: `6 trials`, `12 pairs of blocks`. */
export function extentOf({ trials, paired }: Pick<RunRecord, 'trials' | 'paired'>): string {
  const pairs = paired?.reduce((sum, run) => sum + run.pairs.length, 0);
  return pairs === undefined ? formatCounted(trials.length, 'trial') : `${formatCounted(pairs, 'pair')} of blocks`;
}

/** How calls got to the simulated services, where that is not by HTTP over TCP; null where it is. */
export function formatHop(hop: Hop | undefined): string | null {
  return HOP_WORDS[hop ?? 'http'];
}

/** What a machine adds when nothing waits: the middle, and what 95 of 100 stay below. */
export function formatMachine({ reply, call, publish }: MachineTimes): string {
  const at = (times: readonly number[], share: number): number | null => times[Math.floor(times.length * share)] ?? null;
  const told = (what: string, times: readonly number[]): string[] =>
    times.length === 0 ? [] : [`${formatTime(at(times, 0.5))} to a ${what} (95 of 100 below ${formatTime(at(times, 0.95))})`];
  return [...told('reply', reply), ...told('call', call), ...told('publish', publish)].join(', ');
}

/** Who made the load, where it was not this program; null where it was. */
export function formatGenerator({ generator }: Pick<RunRecord, 'generator'>): string | null {
  return generator ? `load from ${generator.engine}, ${generator.workers} ${generator.workers === 1 ? 'worker' : 'workers'}` : null;
}

/** What carried the events, and what a publish waited for. */
export function formatBus({ name, publish, private: isPrivate, outbox, times }: BusRecord): string {
  if (times) return formatBusTimes(name, times);
  const whose = isPrivate === null ? '' : isPrivate ? ' (private)' : ' (your own)';
  return `events by ${name}${whose}, published ${publish}${outbox === undefined ? '' : ` in ${outbox}`}`;
}

/** What the model takes for the times of a bus, and whose they are. */
function formatBusTimes(name: string, { publish, lag, said, measuredOn }: NonNullable<BusRecord['times']>): string {
  const spread = ({ min, p50, p95 }: BusTime): string => `${formatTime(p50)} (${formatTime(min)} to ${formatTime(p95)})`;
  const published = said > 0 ? `publish ${formatTime(said)}, as the scenario says` : `publish ${spread(publish)}`;
  return `bus: ${name}, ${published}, lag ${spread(lag)}: measured defaults of this tool on ${measuredOn}; \`bench\` measures yours`;
}
