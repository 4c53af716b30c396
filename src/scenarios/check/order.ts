/** Which steps can run, given what each waits for. Pure graph questions, without words. */

/** A step, as far as order is concerned. */
export interface Waiting {
  name: string;
  after: readonly string[];
}

/** What is wrong with an order. */
export interface OrderFaults {
  /** Steps that wait for each other, each cycle once, its first step repeated at the end. */
  cycles: string[][];
  /** Steps outside of every cycle that wait for one, and so never start. */
  stuck: string[];
}

/** Finds cycles and the steps behind them. Names that no step has are passed over. */
export function orderFaults(steps: readonly Waiting[]): OrderFaults {
  const waiting = new Map(steps.map((step) => [step.name, step.after]));
  let progress = true;
  while (progress) {
    const startable = [...waiting].filter(([, after]) => !after.some((name) => waiting.has(name)));
    for (const [name] of startable) waiting.delete(name);
    progress = startable.length > 0;
  }
  const cycles: string[][] = [];
  const stuck: string[] = [];
  for (const name of waiting.keys()) {
    const cycle = wayBack(name, name, waiting, new Set());
    if (!cycle) stuck.push(name);
    else if (!cycles.some((known) => known.includes(name))) cycles.push([name, ...cycle]);
  }
  return { cycles, stuck };
}

/** Names from `from` along what is waited for to `to`; undefined when there is no way. */
function wayBack(
  from: string,
  to: string,
  waiting: ReadonlyMap<string, readonly string[]>,
  visited: Set<string>,
): string[] | undefined {
  for (const next of waiting.get(from) ?? []) {
    if (next === to) return [to];
    if (visited.has(next)) continue;
    visited.add(next);
    const rest = wayBack(next, to, waiting, visited);
    if (rest) return [next, ...rest];
  }
  return undefined;
}
