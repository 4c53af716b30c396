/** Services as they are written. */
import type * as v from 'valibot';
import { checked, either, fields, isMapping, list, mapped, optional, required } from './field.js';
import { latency, type LatencyDraft } from './latency.js';
import { rateLimit } from './rate.js';
import type { Endpoint } from '../target.js';
import { endpoint, type EndpointDraft } from './target.js';
import { choice, DAY, duration, limit, number, share } from './values.js';
import { workers } from './workers.js';

const outage = checked(
  fields('an outage', {
    from: required(duration(0, DAY), 'Start, from the start of the measured window'),
    for: required(duration(1, DAY), 'Length'),
    kind: required(
      choice('error', 'hang', 'slow'),
      'error: 500 at once; hang: answers when it is over; slow: latency times factor',
    ),
    factor: optional(number(1, 1000), 'What the latency is multiplied with; only with kind slow'),
  }),
  'expected a factor with kind slow, and with no other kind',
  ({ kind, factor }) => (kind === 'slow') === (factor !== undefined),
);

const LATENCY = 'How long it works on one call';
const capacity = {
  workers: optional(workers, 'Calls it serves at once: 20, or as many as there is work for: { min: 2, max: 20, start: 3s }'),
  queue: optional(limit(0), 'Calls it holds waiting; beyond it answers 503 at once'),
  errors: optional(share, 'Share of calls that fail (500) after their latency'),
  rate: optional(rateLimit, 'Calls that it takes: 10/s; beyond it answers 429 at once, with Retry-After'),
  priority: optional(choice('none', 'replies'), 'replies: calls of requests that somebody waits for are taken up before those of consumers'),
  outages: optional(list('outages', outage, 0, 100), 'Times in which it does not work as usual'),
  abandoned: optional(choice('finish', 'drop'), 'A call whose caller has gone is done all the same, or dropped'),
};
const bareLatency = mapped(latency, (value): { latency: LatencyDraft } => ({ latency: value }));
const fullService = fields('a service', { latency: required(latency, LATENCY), ...capacity });
const fullChange = fields('a change of a service', { latency: optional(latency, LATENCY), ...capacity });

/** A service as it is written; `300ms` is short for `{ latency: 300ms }`. */
export type ServiceDraft = v.InferOutput<typeof fullService> & {
  /** Where a real service is, as it is written, and as it is once that has been read. */
  written?: EndpointDraft;
  endpoint?: Endpoint;
};

/** Nobody knows the latency and the capacity of a real service before it is measured. */
const realService = mapped(endpoint, (written): ServiceDraft => ({ latency: { kind: 'values', values: [] }, workers: 'unlimited', written }));

export const service = either<ServiceDraft>([bareLatency, fullService, realService], (input) => {
  if (!isMapping(input)) return bareLatency;
  return 'url' in input ? realService : fullService;
});

/** What a variant changes of a service. */
export type ServiceChange = v.InferOutput<typeof fullChange>;
export const serviceChange = either<ServiceChange>([bareLatency, fullChange], (input) =>
  isMapping(input) ? fullChange : bareLatency,
);
