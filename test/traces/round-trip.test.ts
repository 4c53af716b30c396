/** Scenarios run live in virtual time, written as spans in every form, and imported again. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selfCheck } from '../../src/cli/import.js';
import { UserError } from '../../src/base/errors.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { TRACED, type TracedTrial } from '../../src/measurement/traced.js';
import { ORDERS_CONSUMER } from '../../src/scenarios/architectures.js';
import { callsIn, fallbackName, type CallGraph } from '../../src/scenarios/call-graph.js';
import { DEFAULTS } from '../../src/scenarios/defaults.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import type { TrialInput } from '../../src/simulation/trial.js';
import { nanoseconds, otlpLines } from '../../src/traces/formats/otlp-writer.js';
import { readTraces, type TraceFile } from '../../src/traces/read.js';
import { spansOf, type RunSpan } from '../../src/traces/run-spans.js';
import { rowsCsv, scenarioYaml } from '../../src/traces/scenario-file.js';
import { understand, type Question, type Understanding } from '../../src/traces/understand.js';
import { arbitraryTrial } from '../simulation/arbitrary-trial.js';
import { liveTrial } from '../support/live-trial.js';
import { simulate } from '../support/simulations.js';
import { cases } from '../support/properties.js';
import { fileOf, type Written } from './fixtures.js';

const NAMES = { load: 'users', server: 'shop' };
const HEAD = { tool: { name: 'sync-vs-events', version: '0' }, resource: {} };

/** The three other forms; the first is what this tool writes itself. */
const FORMS = ['written', 'Jaeger JSON', 'Zipkin v2', 'OTLP protobuf'] as const;

function filesOf(spans: readonly RunSpan[]): Record<(typeof FORMS)[number], TraceFile> {
  const written = spans.map(writtenOf);
  return {
    written: { name: 'run.jsonl', bytes: Buffer.from([...otlpLines(spans, HEAD)].join('\n')) },
    'Jaeger JSON': fileOf('Jaeger JSON', written),
    'Zipkin v2': fileOf('Zipkin v2', written),
    'OTLP protobuf': fileOf('OTLP protobuf', written),
  };
}

function writtenOf({ trace, id, parent, service, name, kind, start, end, failure, attributes }: RunSpan): Written {
  const texts = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)]));
  const moments = { start: BigInt(nanoseconds(start)), end: BigInt(nanoseconds(end)) };
  return { trace, id, parent, service, name, kind: kind.toUpperCase() as Written['kind'], ...moments, failed: failure !== null, attributes: texts };
}

async function traced(input: TrialInput): Promise<{ trial: MeasuredTrial; left: TracedTrial; spans: RunSpan[] }> {
  const trial = await liveTrial(input, { keepsSpans: true });
  const left = trial[TRACED]!;
  return { trial, left, spans: [...spansOf(left, NAMES)] };
}

/** What an import shows. Where all calls of a request begin at one moment, as only virtual time has it, the order is told to it. */
function imported(file: TraceFile): { seen: Understanding; isTold: boolean } {
  const operation = 'users POST /orders';
  const reading = (): ReturnType<typeof readTraces> => readTraces([file]);
  try {
    return { seen: understood(reading(), { operation }), isTold: false };
  } catch (error) {
    if (!(error instanceof UserError) || !error.message.includes('--order')) throw error;
    return { seen: understood(reading(), { operation, order: 'parallel' }), isTold: true };
  }
}

function understood(reading: ReturnType<typeof readTraces>, question: Question): Understanding {
  const seen = understand(reading, question);
  if (Array.isArray(seen)) throw new Error('several operations');
  return seen;
}

/** What a request does before its reply, each with all that it comes after. */
function orderOf({ request }: CallGraph): Map<string, Set<string>> {
  const names = request.map((task) => (task.kind === 'call' ? task.call.name : task.kind === 'publish' ? `publish-${task.stream}` : task.name));
  const before = (position: number): string[] => request[position]!.after.flatMap((earlier) => [names[earlier]!, ...before(earlier)]);
  return new Map(names.map((name, position) => [name, new Set(before(position))]));
}

/** The same of an import. */
function orderSeen({ steps }: Understanding): Map<string, Set<string>> {
  return new Map(steps.map(({ name, after }) => [name, new Set(after)]));
}

/** Requests that the server answered well: how long it had each, ms, and what it called and published for them until it did. */
function goodRequests({ kept, history, graph }: TracedTrial): { answered: number; times: number[]; done: Set<string>; consumed: Set<string> } {
  const { requests, calls, steps } = kept[0]!;
  const measured = [...requests.request.keys()].filter((row) => requests.request[row]! >= 0);
  const rows = measured.filter((row) => requests.status[row]! < 400);
  const good = new Map(rows.map((row) => [requests.request[row]!, requests.repliedAt[row]!]));
  // Of a group, what is not waited for may call when the reply has gone: that is told of the end of a request, and is no step of it.
  const inTime = [...calls.request.keys()].filter((row) => calls.startedAt[row]! <= (good.get(calls.request[row]!) ?? -Infinity));
  // A step may never have made a call of its own, where its rate limit let none through: that of its fallback is a part of it.
  const owners = new Map(callsIn(graph!.request).map(({ name }) => [fallbackName(name), name]));
  const called = inTime.map((row) => steps[calls.step[row]!]!).map((name) => owners.get(name) ?? name);
  const heard = history.filter(({ request }) => good.has(request));
  return {
    answered: measured.length,
    times: rows.map((row) => requests.repliedAt[row]! - requests.arrivedAt[row]!),
    done: new Set([...called, ...heard.filter(({ kind }) => kind === 'acknowledged').map(({ event }) => `publish-${event.slice(1, event.indexOf(' '))}`)]),
    consumed: new Set(heard.filter(({ kind }) => kind === 'processed' || kind === 'failed').map(({ consumer }) => consumer)),
  };
}

/** Of each request that was answered well, when each step began and ended, cut at the reply. */
function momentsOf(spans: readonly RunSpan[]): Map<string, { start: number; end: number }>[] {
  const roots = new Map(spans.filter(({ kind, service, failure }) => kind === 'server' && service === NAMES.server && failure === null).map(({ trace, id, end }) => [trace + id, end.at]));
  const requests = new Map([...roots.keys()].map((root) => [root, new Map<string, { start: number; end: number }>()]));
  for (const { trace, parent, start, end, attributes } of spans) {
    const [request, replied, step] = [requests.get(trace + parent), roots.get(trace + parent)!, attributes['sync_vs_events.step']];
    if (!request || step === undefined || start.at > replied) continue;
    const known = request.get(String(step)) ?? { start: start.at, end: start.at };
    request.set(String(step), { start: Math.min(known.start, start.at), end: Math.max(known.end, Math.min(end.at, replied)) });
  }
  return [...requests.values()];
}

/** Whether any request has both steps at different moments. Forms that write microseconds tell less. */
function tells(requests: ReturnType<typeof momentsOf>, one: string, other: string): boolean {
  return requests.some((request) => {
    const [a, b] = [request.get(one), request.get(other)];
    return a !== undefined && b !== undefined && Math.max(Math.abs(a.start - b.start), Math.abs(a.end - b.end)) > 0.001;
  });
}

/** Whether in any request a step went on when another had begun. */
function outlives(requests: ReturnType<typeof momentsOf>, one: string, other: string): boolean {
  return requests.some((request) => (request.get(one)?.end ?? -Infinity) > (request.get(other)?.start ?? Infinity));
}

/** What a server takes for a request, by default: one that takes no time, as only virtual time has it, takes as long where it is simulated, ms. */
const SHORTEST = DEFAULTS.server.work + 0.0001;

/** What of p50 and p95 is more than 1 % off when the scenario that was imported is simulated as traced. */
async function offBy(seen: Understanding): Promise<string[]> {
  const [yaml, csv] = [scenarioYaml(seen, 'shop.csv', { workers: new Map() }), rowsCsv(seen)];
  const scenario = parseScenario(yaml, { file: 'shop.yaml', readFile: () => csv });
  const check = await selfCheck(scenario, seen.total.mean, csv, simulate);
  const isOff = (name: 'p50' | 'p95'): boolean => Math.abs(check.simulated[name] - check.traced[name]) > Math.max(0.01 * check.traced[name], SHORTEST);
  return (['p50', 'p95'] as const).filter(isOff).map((name) => `${name} ${check.simulated[name]} for ${check.traced[name]}`);
}

/** All attempts of a request are in one trace, which an import takes for one request that calls everything several times. */
const sentOnce = arbitraryTrial.map((trial) => ({ ...trial, retries: undefined as never }));

describe('arbitrary scenarios, run live in virtual time, written and imported', () => {
  it('show the same steps, order, consumers and times in every form, and are simulated as they were traced', async () => {
    let [tried, told] = [0, 0];
    const property = fc.asyncProperty(sentOnce, async (input) => {
      const { left, spans } = await traced(input);
      const graph = left.graph!;
      const order = orderOf(graph);
      const { answered, times, done, consumed } = goodRequests(left);
      const expected = [...order.keys()].filter((name) => done.has(name));
      // A request that does nothing shows nothing, and of most that are never replied to there is half a trace.
      const sent = left.observations!.index.filter((request) => request >= 0).length;
      if (expected.length === 0 || answered * 2 <= sent) return;
      const published = graph.streams.filter(({ name }) => order.has(`publish-${name}`));
      const heard = published.flatMap((stream) => stream.consumers.map(({ name }) => name)).filter((name) => consumed.has(name));
      // No scenario's consumer may have that name.
      const consumers = heard.map((name) => (name === ORDERS_CONSUMER ? 'orders-2' : name));
      const sorted = times.toSorted((a, b) => a - b);
      const moments = momentsOf(spans);
      for (const [form, file] of Object.entries(filesOf(spans))) {
        const { seen, isTold } = imported(file);
        tried++;
        if (isTold) told++;
        expect({ form, steps: seen.steps.map(({ name }) => name).toSorted(), consumers: seen.consumers.map(({ name }) => name).toSorted() })
          .toEqual({ form, steps: expected.toSorted(), consumers: consumers.toSorted() });
        // Jaeger and Zipkin write whole microseconds.
        const off = seen.total.times.toSorted((a, b) => a - b).map((time, row) => Math.abs(time - sorted[row]!));
        expect(Math.max(...off)).toBeLessThanOrEqual(0.001001);
        if (isTold) continue;
        // What is side by side only in some requests is so in all of a scenario.
        const isMixed = seen.steps.some(({ beside }) => beside.some(({ share }) => share < 1));
        expect({ form, off: isMixed ? [] : await offBy(seen) }).toEqual({ form, off: [] });
        const ordered = orderSeen(seen);
        // Of two that are never in one request, or at one moment, no span tells which is first: that is said.
        const apart = new Map(seen.steps.map((step) => [step.name, new Set(step.apart)]));
        for (const [name, others] of apart) for (const other of others) expect({ form, name, other, tells: tells(moments, name, other) }).toEqual({ form, name, other, tells: false });
        expect(seen.confidence.why.some((why) => why.startsWith('no request tells'))).toBe([...apart.values()].some(({ size }) => size > 0));
        // What comes after a group does not wait for those of it that it does without, nor for calls of a step that has failed by another: the spans show that.
        const mayOutlive = (one: string, other: string): boolean => callsIn(graph.request).some((call) => call.name === one && (call.group ?? call.times) !== undefined) && outlives(moments, one, other);
        const isApart = (one: string, other: string): boolean => apart.get(one)!.has(other) || apart.get(other)!.has(one);
        for (const name of expected) {
          const lost = [...order.get(name)!].filter((earlier) => done.has(earlier) && !ordered.get(name)!.has(earlier) && !isApart(name, earlier) && !mayOutlive(earlier, name));
          expect({ form, name, lost }).toEqual({ form, name, lost: [] });
        }
      }
    });
    await fc.assert(property, { numRuns: cases(20) });
    expect(told).toBeLessThan(tried);
  });
});
