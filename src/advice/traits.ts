/** What tells arrangements apart, whatever their name: what their call graphs do with two steps that do not need each other. */
import { callGraphOf, type Architecture } from '../scenarios/architectures.js';
import { DEFAULTS } from '../scenarios/defaults.js';
import type { BusinessEvent, Step } from '../scenarios/scenario.js';

export interface Traits {
  /** Something is left to consumers of events. */
  publishes: boolean;
  /** A good reply says only that the order was accepted. */
  accepts: boolean;
  /** The reply waits for all steps, one after another: what others are compared with. */
  inTurn: boolean;
  /** The reply waits for all steps, and they do not wait for each other. */
  sideBySide: boolean;
}

const step = (name: string): Step => ({ ...DEFAULTS.step, name, call: name, critical: true, after: [], retries: DEFAULTS.retries });
const event: BusinessEvent = { ...DEFAULTS.event, after: null, consumers: [] };

/** @param architecture none of a server of one's own, of which nothing is known */
export function traitsOf(architecture: Architecture | null): Traits {
  if (architecture === null) return { publishes: false, accepts: false, inTurn: false, sideBySide: false };
  const { request, reply, streams } = callGraphOf({ architecture, services: [], steps: [step('a'), step('b')], event });
  const publishes = streams.length > 0;
  const isOrdered = request.some(({ after }) => after.length > 0);
  return { publishes, accepts: reply === 'accepted', inTurn: !publishes && isOrdered, sideBySide: !publishes && !isOrdered };
}
