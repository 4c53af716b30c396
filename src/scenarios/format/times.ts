/** How many calls a step makes, as it is written. */
import type { CallCount } from '../scenario.js';
import { checked, either, fields, isMapping, list, required, type Field } from './field.js';
import { count } from './values.js';

/** Most calls that one step makes for one request. */
const MOST = 1000;

const always = count(1, MOST);
const spread = checked(
  fields('times by quantiles', {
    p50: required(count(1, MOST), 'Half of the requests make so many calls at most'),
    max: required(count(1, MOST), 'None makes more; of 99 in 100 it is not even cut'),
  }),
  'expected a max that is not below p50',
  ({ p50, max }) => max >= p50,
);
const measured = checked(
  fields('measured times', { values: required(list('counts', count(0, MOST), 1, 5000), 'Counts, each as often as the others') }),
  'expected a count above 0 among the values',
  ({ values }) => values.some((value) => value > 0),
);

/** `3`, `{ p50: 3, max: 20 }` or `{ values: [1, 1, 4] }`. */
export const times: Field<CallCount> = either<CallCount>([always, spread, measured], (input) => {
  if (!isMapping(input)) return always;
  return 'values' in input ? measured : spread;
});
