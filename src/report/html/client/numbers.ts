/** Numbers of an axis as text. */
import { formatCount, formatRate, formatShare, formatTime } from '../../format.js';
import type { NumberFormat } from '../chart.js';

const FORMATS: Record<NumberFormat, (value: number) => string> = {
  time: formatTime,
  clock: (ms) => `${Number((ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 2))} s`,
  share: formatShare,
  change: (ratio) => `${ratio < 0 ? '' : '+'}${Number((ratio * 100).toFixed(1))}%`,
  count: formatCount,
  level: formatRate,
  // An axis of "one in so many is slower": 10 is 90 %.
  percentile: (oneIn) => `${Number((100 - 100 / oneIn).toPrecision(oneIn < 100 ? 3 : 6))}%`,
};

/** A value of an axis. */
export function formatNumber(value: number, format: NumberFormat): string {
  return FORMATS[format](value);
}

/** The same for a tick, where there is less room: `1.5 s`, `200 ms`. */
export function formatTick(value: number, format: NumberFormat): string {
  if (format === 'time')
    return value >= 1000 ? `${Number((value / 1000).toFixed(2))} s` : `${Number(value.toFixed(1))} ms`;
  return format === 'share' ? `${Number((value * 100).toFixed(2))}%` : formatNumber(value, format);
}

/** A colour of the page, by name. */
export function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
