/** Exact queueing results to test against, as numbers. */
import queueing from './queueing.json' with { type: 'json' };

export const TRUTH = queueing;
