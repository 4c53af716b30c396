import { exactDuration } from '../base/units.js';
import { UserError } from '../base/errors.js';
import type { BusSettings } from '../events/settings.js';
import { callGraphOf } from '../scenarios/architectures.js';
import { consumersOf, delaysOf } from '../scenarios/call-graph.js';
import { isTarget, type Measurable } from '../scenarios/subject.js';

/**
 * A consumer behind a broker takes in only so many messages at once, and those that are not due would be in the way of those that are.
 * @throws UserError for a consumer with a delay and another bus than that in memory
 */
export function refuseDelays(subjects: readonly Measurable[], { name: bus }: Pick<BusSettings, 'name'>): void {
  if (bus === 'memory') return;
  for (const subject of subjects) {
    const [delayed] = isTarget(subject) ? [] : Object.entries(delaysOf(consumersOf(callGraphOf(subject).streams)));
    if (!delayed) continue;
    const [name, delay] = delayed;
    throw new UserError(
      `${name} begins ${exactDuration(delay)} after its event (event.consumers.${name}.delay), which the memory bus can do and --bus ${bus} cannot: leave out one of them.`,
    );
  }
}
