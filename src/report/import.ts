/** What `import` understood, for people. */
import { isLoop, mayMove } from '../traces/scenario-file.js';
import type { SelfCheck } from '../traces/self-check.js';
import type { Operation, StepSeen, Understanding } from '../traces/understand.js';
import { formatCounted } from './format.js';

/** Steps, own time, order, load and how sure all of it is. */
export function importText(seen: Understanding): string {
  const { total, own, steps, confidence } = seen;
  const lines = [
    `${seen.label}: ${formatCounted(total.times.length, 'request')}, p50 ${ms(total.p50)}, p95 ${ms(total.p95)}, mean ${ms(total.mean)}`,
    ...steps.map((step) => `  ${row(step, total.mean)}`),
    `  own time, in no call: mean ${ms(own.mean)}, ${percent(own.mean / total.mean)} of the request`,
    ...loops(steps, total.mean),
    ...limits(seen),
    ...hints(steps),
    ...seen.consumers.map(({ name, times }) => `Already asynchronous: ${name} consumed ${formatCounted(times.length, 'message')}.`),
    ...[...seen.afterReply].map(([label, count]) => `After the reply, without a queue: ${label} (${count}x): lost when the process dies.`),
    `Load: ${seen.rate === null ? 'not known' : `${Number(seen.rate.toPrecision(3))}/s`}, at most ${seen.atOnce} at once. What a service can serve at once is not in traces: say it with --workers step=n.`,
    ...(seen.failed > 0 ? [`Failed and left out of all times: ${formatCounted(seen.failed, 'request')} (--with-errors takes them).`] : []),
    ...[...seen.notes].map(([what, count]) => `Noted: ${what} (${count}x).`),
    `How sure: ${confidence.level}${confidence.why.length > 0 ? ` (${confidence.why.join('; ')})` : ''}.`,
  ];
  return `${lines.join('\n')}\n`;
}

function row(step: StepSeen, mean: number): string {
  const order = step.beside.filter(({ share }) => share >= 0.2).map(({ name, share }) => `${name} in ${percent(share)}`);
  const failed = step.failed > 0 ? `, ${formatCounted(step.failed, 'call')} failed` : '';
  return `${step.name}: in ${percent(step.share)}, ${step.calls.toFixed(1)} calls, p50 ${ms(step.p50)}, p95 ${ms(step.p95)}, mean ${ms(step.mean)}, ${percent(step.mean / mean)} of the request${failed}${order.length > 0 ? `; beside ${order.join(', ')}` : ''}`;
}

function loops(steps: readonly StepSeen[], mean: number): string[] {
  const found = steps.filter(isLoop).toSorted((a, b) => b.mean - a.mean);
  return found.map((step) => `A loop (N+1): ${step.name} is called ${step.calls.toFixed(1)} times; one call in their place would be worth up to ${percent(step.mean / mean)} of the request.`);
}

/** What the arrangement of calls can and cannot change here. */
function limits({ steps, own, total }: Understanding): string[] {
  const told: string[] = [];
  if (own.mean > total.mean / 2) told.push(`${percent(own.mean / total.mean)} of a request lies in no call: moving calls cannot help with that.`);
  const inTurn = steps.filter((step) => step.after.length > 0).map(({ name }) => name);
  if (inTurn.length > 0) told.push(`In turn: ${inTurn.join(', ')}. Whether they need what comes before, traces cannot tell; those that do not can run side by side (\`after\` in the scenario).`);
  if (total.p50 < 10) told.push(`A request of ${ms(total.p50)} is too short to be measured over HTTP to a few per cent: simulate it rather than bench it.`);
  return told;
}

function hints(steps: readonly StepSeen[]): string[] {
  const names = steps.filter(mayMove).map(({ name }) => name);
  return names.length === 0 ? [] : [`Maybe not needed by the reply, by their names: ${names.join(', ')}. Traces cannot tell: say which are with --critical.`];
}

/** Where the time of a request goes, below its steps as well. */
export function explainText({ critical, total }: Understanding): string {
  const rows = critical.filter(([, time]) => time > 0).map(([name, time]) => `  ${name}: ${ms(time)} a request, ${percent(time / total.mean)}`);
  return `On the critical path, without the calls below:\n${rows.join('\n')}\n`;
}

/** The operations to choose from. */
export function operationsText(operations: readonly Operation[]): string {
  const rows = operations.map(({ name, roots, share, p50 }) => `  ${name}: ${roots.length} traces, p50 ${ms(p50)}, ${percent(share)} of the time`);
  return `${rows.join('\n')}\n`;
}

/** The scenario simulated as traced, beside the traces; and what becomes of p95 where the rows are drawn, when few decide it. */
export function selfCheckText({ count, traced, simulated, drawn }: SelfCheck): string {
  const off = (name: 'p50' | 'p95'): number => (traced[name] > 0 ? simulated[name] / traced[name] - 1 : 0);
  const parts = (['p50', 'p95'] as const).map((name) => `${name} ${ms(simulated[name])} against ${ms(traced[name])} (${(100 * off(name)).toFixed(1)} %)`);
  const unexplained = Math.max(Math.abs(off('p50')), Math.abs(off('p95'))) > 0.05;
  const why = ' unexplained: what overlaps, or comes in another order, only in some requests is not in the scenario.';
  const slowest = Math.ceil(count / 20);
  const few = `Drawn anew, as simulate does, p95 is ${ms(drawn)}: ${count} ${count === 1 ? 'request is' : 'requests are'} too few for p95, which the slowest ${slowest === 1 ? 'one decides' : `${slowest} decide`}.\n`;
  const isDrawnOff = Math.abs(drawn - simulated.p95) > 0.05 * simulated.p95;
  return `Simulated as traced: ${parts.join(', ')}.${unexplained ? why : ''}\n${isDrawnOff ? few : ''}`;
}

function ms(value: number): string {
  return `${value.toFixed(3)} ms`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
