// Damaged trace files: each must be read or refused in words. Called by fuzz-scenarios.js with --traces.
import { UserError } from '../dist/base/errors.js';
import { parseScenario } from '../dist/scenarios/parse.js';
import { readTraces } from '../dist/traces/read.js';
import { rowsCsv, scenarioYaml } from '../dist/traces/scenario-file.js';
import { understand } from '../dist/traces/understand.js';
import { mutated } from './support/mutations.js';
import { randomOf } from './support/random.js';

const S = 1_700_000_000;

/** A small trace in each form. */
function texts() {
  const call = (id, kind, name, from, to) => ({ id, kind, name, from, to });
  const spans = [call('1', 'SERVER', 'POST /o', 0, 90), call('2', 'CLIENT', 'GET', 10, 40), call('3', 'CLIENT', 'GET', 45, 80), call('4', 'PRODUCER', 'publish', 80, 85), call('5', 'CONSUMER', 'process', 86, 89)];
  const parent = ({ id }) => (id === '1' ? '' : '1');
  const otlp = (key) => ({ [key]: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }, scopeSpans: [{ spans: spans.map((s) => ({ traceId: 'a'.repeat(32), spanId: s.id.repeat(16), parentSpanId: parent(s).repeat(16), name: s.name, kind: `SPAN_KIND_${s.kind}`, startTimeUnixNano: String(BigInt(S) * 1_000_000_000n + BigInt(s.from * 1e6)), endTimeUnixNano: String(BigInt(S) * 1_000_000_000n + BigInt(s.to * 1e6)), attributes: [{ key: 'peer.service', value: { stringValue: `p${s.id}` } }] })) }] }] });
  const jaeger = { data: [{ traceID: 'a', processes: { p: { serviceName: 'shop' } }, spans: spans.map((s) => ({ traceID: 'a', spanID: s.id, processID: 'p', operationName: s.name, startTime: S * 1e6 + s.from * 1000, duration: (s.to - s.from) * 1000, references: parent(s) ? [{ refType: 'CHILD_OF', traceID: 'a', spanID: '1' }] : [], tags: [{ key: 'span.kind', value: s.kind.toLowerCase() }] })) }] };
  const zipkin = spans.map((s) => ({ traceId: 'a', id: s.id, parentId: parent(s) || undefined, kind: s.kind, name: s.name, timestamp: S * 1e6 + s.from * 1000, duration: (s.to - s.from) * 1000, localEndpoint: { serviceName: 'shop' }, remoteEndpoint: { serviceName: `p${s.id}` } }));
  const segment = { id: '1', name: 'shop', trace_id: '1-5d-9a', start_time: S, end_time: S + 0.09, subsegments: spans.slice(1).map((s) => ({ id: s.id, name: s.name, namespace: 'aws', start_time: S + s.from / 1000, end_time: S + s.to / 1000 })) };
  const lines = `${JSON.stringify(otlp('resourceSpans'))}\n${JSON.stringify(otlp('resource_spans'))}\n`;
  return [lines, ...[otlp('batches'), jaeger, zipkin, { Traces: [{ Segments: [{ Id: '1', Document: JSON.stringify(segment) }] }] }].map((value) => JSON.stringify(value))];
}

/** The bytes of a protobuf file of the repository's own making: one span of a field each, then damaged bytes. */
function protobuf(seed) {
  const { uniform } = randomOf(seed);
  const field = (number, bytes) => [(number << 3) | 2, bytes.length, ...bytes];
  const fixed = (number) => [(number << 3) | 1, ...Array.from({ length: 8 }, (_, at) => (at < 7 ? 10 : 1))];
  const span = [...field(1, Array(16).fill(1)), ...field(2, Array(8).fill(2)), ...field(5, [0x61]), 0x30, 2, ...fixed(7), ...fixed(8)];
  const bytes = field(1, [...field(1, []), ...field(2, field(2, span))]);
  for (let times = 1 + Math.floor(uniform() * 4); times > 0; times--) bytes[Math.floor(uniform() * bytes.length)] = Math.floor(uniform() * 256);
  return Uint8Array.from(bytes.slice(0, 1 + Math.floor(uniform() * 2 * bytes.length)));
}

/** Reads, understands, and writes the scenario, which must be one. */
function outcomeOf(bytes) {
  let yaml = null;
  try {
    const seen = understand(readTraces([{ name: 'fuzz', bytes }]), {});
    if (Array.isArray(seen) || seen.steps.length === 0) return 'read';
    yaml = scenarioYaml(seen, 'fuzz.csv', { workers: new Map() });
    parseScenario(yaml, { file: 'fuzz.yaml', readFile: () => rowsCsv(seen) });
    return 'read';
  } catch (error) {
    return error instanceof UserError && yaml === null ? 'refused' : `crashed: ${error?.stack ?? error}`;
  }
}

/** Damages `count` files. @returns whether all were read or refused */
export function fuzzTraces(count, first) {
  const outcomes = { read: 0, refused: 0 };
  const failures = [];
  const whole = texts();
  for (let i = 1; i <= count; i++) {
    const bytes = i % 6 === 0 ? protobuf(first + i) : new TextEncoder().encode(mutated(whole, first + i));
    const outcome = outcomeOf(bytes);
    if (outcome in outcomes) outcomes[outcome]++;
    else failures.push({ outcome, text: Buffer.from(bytes).toString('latin1') });
  }
  console.log(`${count} damaged trace files: ${outcomes.read} read, ${outcomes.refused} refused, ${failures.length} failures`);
  for (const { outcome, text } of failures.slice(0, 5)) console.log(`\n${outcome}\n${JSON.stringify(text)}`);
  return failures.length === 0;
}
