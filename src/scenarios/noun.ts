/** What one request is about, for sentences: `order`, `login`, `booking`. */
import type { Scenario } from './scenario.js';

/** As the scenario says, or else what its event is about: `order` of `order.placed`. */
export function nounOfRequest({ noun, event: { type } }: Pick<Scenario, 'noun' | 'event'>): string {
  return noun ?? (type.slice(0, Math.max(0, type.lastIndexOf('.'))) || type);
}
