/** The stages of a load as people write them: `30s:200` moves to 200 users, or requests per second, within 30 s. */
import { formatDuration, parseDuration } from '../base/units.js';
import type { Ramp, Stage } from './scenario.js';

/** Highest level. */
const MOST = 1_000_000;

/** The stage that a text such as `30s:200` stands for; undefined when it is none. */
export function parseStage(text: string): Stage | undefined {
  const match = /^([^:]+):(\d{1,7}(?:\.\d{1,6})?)$/.exec(text.trim());
  const duration = parseDuration(match?.[1] ?? '');
  const target = Number(match?.[2]);
  return duration !== undefined && target <= MOST ? { duration, target } : undefined;
}

/** The text of a stage. */
export function formatStage({ duration, target }: Stage): string {
  return `${formatDuration(duration)}:${target}`;
}

/** The highest level of a ramp. */
export function peakOf({ from, stages }: Ramp): number {
  return Math.max(from, ...stages.map(({ target }) => target));
}

/** The level of a ramp on average over its time. */
export function meanOf({ from, stages }: Ramp): number {
  const areas = stages.map(({ duration, target }, i) => (((stages[i - 1]?.target ?? from) + target) / 2) * duration);
  return areas.reduce((sum, area) => sum + area, 0) / lengthOf(stages);
}

/** Time that stages take, ms. */
export function lengthOf(stages: readonly Stage[]): number {
  return stages.reduce((sum, { duration }) => sum + duration, 0);
}
