/** Values of options as they are written on the command line. Each function throws what commander prints with the flag. */
import { InvalidArgumentError } from 'commander';
import { parseDuration, parseShare } from '../base/units.js';
import { contradiction, type Fault, parseFault } from '../scenarios/fault.js';
import { lengthOf, parseStage, type Stage } from '../scenarios/load.js';

const MAX_USERS = 100_000;

/** `10s` in ms. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('Expected a duration such as 250ms, 10s or 2m.');
  return ms;
}

/** `auto` or a duration in ms. */
export function warmup(text: string): number | 'auto' {
  if (text === 'auto') return 'auto';
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('Expected auto or a duration such as 5s.');
  return ms;
}

/** `10,100,500`: whole numbers from 1 up. */
export function users(text: string): number[] {
  return list(text).map((item) => {
    const value = whole(item);
    if (value === undefined || value < 1 || value > MAX_USERS) {
      throw new InvalidArgumentError(
        `Expected whole numbers of users between 1 and ${MAX_USERS}, such as 10,100,500; got ${JSON.stringify(item)}.`,
      );
    }
    return value;
  });
}

/** `50,200`: requests per second, above 0. */
export function rates(text: string): number[] {
  return list(text).map((item) => {
    const value = Number(item);
    if (!(value > 0) || value > MAX_USERS) {
      throw new InvalidArgumentError(
        `Expected requests per second above 0 and at most ${MAX_USERS}, such as 50,200; got ${JSON.stringify(item)}.`,
      );
    }
    return value;
  });
}

/** `50` or `50,2000`: requests per second to begin a search with, and the most to try. */
export function rateRange(text: string): number[] {
  const [from = 0, most = Infinity, ...more] = rates(text);
  if (more.length > 0 || from > most) throw new InvalidArgumentError('Expected the rate to begin with and the highest to try, such as 50,2000.');
  return rates(text);
}

/** `10s:50,30s:200`: the stages of a load. */
export function stages(text: string): Stage[] {
  const all = list(text).map((item) => {
    const stage = parseStage(item);
    if (stage) return stage;
    throw new InvalidArgumentError(`Expected stages such as 10s:50,30s:200; got ${JSON.stringify(item)}.`);
  });
  if (lengthOf(all) <= 0) throw new InvalidArgumentError('Expected stages that take some time, such as 10s:50,30s:200.');
  return all;
}

/** `2%`: a share above 0. */
export function precision(text: string): number {
  const share = parseShare(text);
  if (share === undefined || share <= 0 || share > 1) throw new InvalidArgumentError('Expected a share above 0 such as 2%.');
  return share;
}

/** `600ms`, or `2x` for so many times the unloaded value. */
export function p95Limit(text: string): { ms: number } | { times: number } {
  const times = /^(\d+(?:\.\d+)?)x$/.exec(text)?.[1];
  if (times !== undefined && Number(times) >= 1) return { times: Number(times) };
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('Expected a duration such as 600ms, or 2x for twice the unloaded value.');
  return { ms };
}

/** A pause, ms; 0s is none. */
export function pause(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('Expected a duration such as 0s, 250ms or 2s.');
  return ms;
}

/** A whole number from `least` up. */
export function count(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = whole(text);
    if (value === undefined || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a whole number between ${least} and ${most}.`);
    }
    return value;
  };
}

/** Names between commas. */
export function names(text: string): string[] {
  return list(text);
}

/** Two names between a comma. */
export function pair(text: string): [string, string] {
  const [first, second, ...more] = list(text);
  if (first === undefined || second === undefined || more.length > 0) {
    throw new InvalidArgumentError('Expected two names between a comma, such as base,head.');
  }
  return [first, second];
}

/** Gathers faults: `crash server at 3s`; `none` is no fault at all. */
export function fault(text: string, gathered: Fault[] = []): Fault[] {
  if (text === 'none') return gathered;
  const parsed = parseFault(text);
  if ('mistake' in parsed) throw new InvalidArgumentError(capitalised(`${parsed.mistake}.`));
  const all = [...gathered, parsed.fault];
  const found = contradiction(all);
  if (found) throw new InvalidArgumentError(`${found.message}.`);
  return all;
}

function capitalised(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}

/** Gathers a repeatable option. */
export function collect(text: string, gathered: string[] = []): string[] {
  return [...gathered, text];
}

function list(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.some((item) => item === '')) throw new InvalidArgumentError('Expected values between commas, none empty.');
  return items;
}

function whole(text: string): number | undefined {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

/** `payment=20`, once for each step. */
export function workersOf(text: string, before: ReadonlyMap<string, number> = new Map()): Map<string, number> {
  const match = /^([A-Za-z][\w-]*)=([1-9]\d{0,5})$/.exec(text);
  if (!match) throw new InvalidArgumentError('Expected step=n, such as payment=20.');
  const [, step = '', workers] = match;
  if (before.has(step)) throw new InvalidArgumentError(`The workers of ${step} are given twice.`);
  return new Map([...before, [step, Number(workers)]]);
}
