/** Workers as they are written: so many, or as many as there is work for. */
import type { Limit, Scaling } from '../scenario.js';
import { exactDuration } from '../../base/units.js';
import { checked, either, fields, isMapping, optional, required, type Field } from './field.js';
import { count, DAY, duration, HOUR, LARGEST, limit, share } from './values.js';

const always = limit(1);
const scaled = checked(
  checked(
    fields('workers that scale', {
      min: optional(count(0, LARGEST), 'Workers at least; with 0 the first call pays the cold start'),
      max: required(count(1, LARGEST), 'Workers at most'),
      start: required(duration(0, HOUR), 'From the start of a worker until it takes something up (cold start): 3s'),
      target: optional(share, 'Share of the workers that is to be busy: 70%'),
      idle: optional(duration(1, DAY), 'So long fewer must have done before some are stopped'),
    }),
    'expected a min that is not above max',
    ({ min = 0, max }) => min <= max,
  ),
  'expected a target above 0, such as 70%',
  ({ target }) => target !== 0,
);

/** Workers as they are written; those that scale have a most, and a time that one takes to start. */
export type WorkersDraft = Limit | ({ max: number; start: number } & { [K in 'min' | 'target' | 'idle']?: number | undefined });

/** `20`, `unlimited`, or `{ min: 2, max: 20, start: 3s }`. */
export const workers: Field<WorkersDraft> = either<WorkersDraft>([always, scaled], (input) => (isMapping(input) ? scaled : always));

/** Workers with everything filled in, as they are written. */
export function formatWorkers(most: Limit, scaling: Scaling | undefined): Limit | object {
  if (!scaling) return most;
  const { min, start, target, idle } = scaling;
  return { min, max: most, start: exactDuration(start), target, idle: exactDuration(idle) };
}
