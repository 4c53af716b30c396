/** The critical steps of a transaction as a flow, with its business events at their places among them. */
import type { Flow, Task } from './call-graph.js';
import type { BusinessEvent, Step } from './scenario.js';

/** What the stream of the one event is called; each of several has the name of its event. */
export const BUSINESS = 'orders';

/** An event as it is published, whoever hears it. */
export type Published = Omit<BusinessEvent, 'consumers' | 'further'>;

/** The events of a transaction, in their order. */
export function eventsIn({ further = [], ...first }: Omit<BusinessEvent, 'consumers'>): Published[] {
  return [first, ...further];
}

/**
 * Each step as soon as those that it comes after have succeeded, and what is published after them. Of several events at one place
 * each is published after the one before it.
 */
export function criticalPath({ steps, event }: { steps: readonly Step[]; event: BusinessEvent }): Flow {
  const critical = steps.filter((step) => step.critical);
  const stepsOf = (names: readonly string[]): Step[] => critical.filter(({ name }) => names.includes(name));
  const events = eventsIn(event);
  const isAt = (place: string | null) => ({ after }: Published): boolean => (after !== null && stepsOf([after]).length > 0 ? after : null) === place;
  const order = [...critical.flatMap((step) => [step, ...events.filter(isAt(step.name))]), ...events.filter(isAt(null))];
  const beforeStep = ({ after }: Step): (Step | Published)[] => stepsOf(after).map((step) => events.findLast(isAt(step.name)) ?? step);
  const beforeEvent = (published: Published): (Step | Published)[] => {
    const step = stepsOf([published.after ?? '']);
    const earlier = events.slice(0, events.indexOf(published)).findLast(isAt(step[0]?.name ?? null));
    return earlier ? [earlier] : step.length > 0 ? step : stepsOf(lastOf(critical));
  };
  const positions = (before: readonly (Step | Published)[]): number[] => before.map((one) => order.indexOf(one));
  return order.map((one) => ('call' in one ? { ...callTask(one), after: positions(beforeStep(one)) } : { ...publishTask(one.name ?? BUSINESS), after: positions(beforeEvent(one)) }));
}

/** Names of the critical steps that no critical step comes after. */
export function lastOf(steps: readonly Step[]): string[] {
  const critical = steps.filter((step) => step.critical);
  return critical.filter(({ name }) => !critical.some(({ after }) => after.includes(name))).map(({ name }) => name);
}

/** A flow with the end of each group of its steps; what came after some of these comes after that. */
export function withGroups(flow: Flow): Flow {
  const groups = new Map(flow.flatMap((task) => (task.kind === 'call' && task.call.group ? [[task.call.group.name, task.call.group] as const] : [])));
  if (groups.size === 0) return flow;
  const membersOf = (name: string): number[] => flow.flatMap((task, position) => (task.kind === 'call' && task.call.group?.name === name ? [position] : []));
  const quorums = [...groups.values()].map((group): Task => ({ kind: 'quorum', ...group, after: membersOf(group.name) }));
  const endOf = (position: number): number => {
    const quorum = quorums.findIndex(({ after }) => after.includes(position));
    return quorum < 0 ? position : flow.length + quorum;
  };
  return [...flow.map((task) => ({ ...task, after: [...new Set(task.after.map(endOf))] })), ...quorums];
}

export function callTask({ after: _after, ...call }: Step): Task {
  return { kind: 'call', call, after: [] };
}

export function publishTask(stream: string): Task {
  return { kind: 'publish', stream, after: [] };
}
