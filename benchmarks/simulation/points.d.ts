import type { closedNetwork } from '../../src/simulation/closed-forms/closed-network.js';
import type { mdc, mg1, mm1, mmc, mmck } from '../../src/simulation/closed-forms/open-queues.js';

/** Rows by family, in the form of the file of exact values. */
export function pointsOf(forms: {
  mm1: typeof mm1;
  mmc: typeof mmc;
  mmck: typeof mmck;
  mdc: typeof mdc;
  mg1: typeof mg1;
  closedNetwork: typeof closedNetwork;
}): Record<string, Record<string, unknown>[]>;
