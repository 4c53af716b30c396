/** What the model says of a trial, as people read it: a figure, and between what it lies where that is not sure. */
import type { Predicted, TrialLoad } from '../measurement/record.js';
import { isWide, type Figures } from '../simulation/tolerance.js';
import { formatList, formatRate, formatShare, formatTime } from './format.js';

const FORMATS: Record<keyof Figures, (value: number | null) => string> = { p50: formatTime, p95: formatTime, throughput: formatRate, failureRate: formatShare };

/** `1.05 s`, or `1.05 s (0.9 s to 3.2 s)` where small differences decide; that of the first prediction that there is. */
export function predictedCell(name: keyof Figures, predictions: readonly Predicted[]): string {
  const [predicted] = predictions;
  return predicted ? formatted(name, predicted) : FORMATS[name](null);
}

/**
 * That a prediction is not sure, and between what it lies; null where it is. How many a second are answered is no such matter by itself, as one
 * more of few is much, nor where they come by chance: with other draws others would have come, and of this trial it is known which do.
 */
export function chaosSentence(predicted: Predicted, load: TrialLoad): string | null {
  const isByChance = load.model === 'open' && load.arrivals === 'poisson';
  const wide = (Object.keys(WORDS) as (keyof Figures)[]).filter((name) => isWide(name, predicted) && !(isByChance && name === 'throughput'));
  if (wide.every((name) => name === 'throughput')) return null;
  return `Small differences decide here: the model says ${formatList(wide.map((name) => WORDS[name](formatted(name, predicted))))}.`;
}

const WORDS: Record<keyof Figures, (value: string) => string> = {
  p50: (value) => `p50 ${value}`,
  p95: (value) => `p95 ${value}`,
  throughput: (value) => `${value} good answers a second`,
  failureRate: (value) => `${value} failed`,
};

function formatted(name: keyof Figures, predicted: Predicted): string {
  const format = FORMATS[name];
  const range = predicted.ranges?.[name];
  const value = format(predicted[name]);
  return range && isWide(name, predicted) ? `${value} (${format(range.low)} to ${format(range.high)})` : value;
}
