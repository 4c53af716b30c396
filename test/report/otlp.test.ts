/** Spans of a run as OTLP in JSON: the form, held against what OpenTelemetry's own exporter makes of the same spans; and what they say. */
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { beforeAll, describe, expect, it } from 'vitest';
import { TRACED } from '../../src/measurement/traced.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { jsonReport } from '../../src/report/formats.js';
import { otlpReport, otlpReportPieces } from '../../src/report/otlp.js';
import { liveTrial } from '../support/live-trial.js';
import { checkoutRecord } from '../support/record.js';

const SHOP = parseScenario(
  `
services: { payment: { latency: 30ms, workers: 4, errors: 30% }, email: { latency: 20ms, workers: 2 } }
steps: [{ call: payment, critical: true, retries: { attempts: 2, backoff: 5ms } }, email]
event: { messages: 2, consumers: { email: {} } }
`,
  { file: 'shop.yaml' },
);

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: string; doubleValue?: number };
}

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  flags: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  status: { code?: number; message?: string };
}

interface Line {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { scope: { name: string; version: string }; spans: Span[]; schemaUrl: string }[]; schemaUrl: string }[];
}

let trial: MeasuredTrial;
let lines: Line[];
let spans: Span[];
beforeAll(async () => {
  const subject = subjectOf(SHOP, 'hybrid')!;
  const times = { seed: 1, warmup: 50, duration: 300, drain: 1000, timeout: 1000, entry: 20, think: 0, handling: 0.5 };
  trial = await liveTrial({ architecture: 'hybrid', base: 'hybrid', round: 1, load: { model: 'closed', users: 5 }, subject, ...times }, { keepsSpans: true });
  const record = { ...checkoutRecord(), trials: [trial] };
  lines = otlpReport(record).trim().split('\n').map((line) => JSON.parse(line) as Line);
  spans = lines.flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
});

const valueOf = ({ value }: Attribute): string | number => value.stringValue ?? (value.intValue === undefined ? value.doubleValue! : Number(value.intValue));
const attributesOf = (list: readonly Attribute[]): Record<string, string | number> => Object.fromEntries(list.map((one) => [one.key, valueOf(one)]));
const time = (nanoseconds: string): [number, number] => [Number(BigInt(nanoseconds) / 1_000_000_000n), Number(BigInt(nanoseconds) % 1_000_000_000n)];

/** What OpenTelemetry's exporter makes of the spans of a line. */
function exported({ resourceSpans }: Line): unknown {
  const readable = resourceSpans.flatMap(({ resource, schemaUrl, scopeSpans }) => {
    const attributes = attributesOf(resource.attributes);
    const one = { attributes, asyncAttributesPending: false, schemaUrl, merge: () => one, getRawAttributes: () => Object.entries(attributes) };
    return scopeSpans.flatMap((scope) =>
      scope.spans.map((span) => ({
        name: span.name,
        kind: span.kind - 1,
        spanContext: () => ({ traceId: span.traceId, spanId: span.spanId, traceFlags: span.flags }),
        ...(span.parentSpanId === undefined ? {} : { parentSpanContext: { traceId: span.traceId, spanId: span.parentSpanId, traceFlags: 1 } }),
        startTime: time(span.startTimeUnixNano),
        endTime: time(span.endTimeUnixNano),
        duration: [0, 0] as [number, number],
        ended: true,
        status: { code: span.status.code ?? 0, ...(span.status.message === undefined ? {} : { message: span.status.message }) },
        attributes: attributesOf(span.attributes),
        links: [], events: [], droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0,
        resource: one,
        instrumentationScope: { ...scope.scope, schemaUrl: scope.schemaUrl },
      })),
    );
  });
  type Readable = Parameters<typeof JsonTraceSerializer.serializeRequest>[0];
  const document = JSON.parse(Buffer.from(JsonTraceSerializer.serializeRequest(readable as unknown as Readable)!).toString()) as { resourceSpans: { resource: object }[] };
  // It stands there a second time, where the protocol knows no such field.
  for (const { resource } of document.resourceSpans) Object.assign(resource, { schemaUrl: undefined });
  return document;
}

/** Without what the protocol takes for granted where it is left out, and integers as text or number, which it leaves open. */
function essence(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(essence);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, inner]) => inner !== undefined && !key.startsWith('dropped') && !(Array.isArray(inner) && inner.length === 0) && !(key === 'code' && inner === 0) && key !== 'flags');
  return Object.fromEntries(kept.map(([key, inner]) => [key, key === 'intValue' ? String(inner) : essence(inner)]));
}

describe('spans as OTLP', () => {
  it('are what the exporter of OpenTelemetry makes of them', () => {
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) expect(essence(exported(line))).toEqual(essence(line));
  });

  it('are in one tree for each request, and no span stands twice', () => {
    const ids = spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`);
    expect(new Set(ids).size).toBe(ids.length);
    const known = new Set(ids);
    const orphans = spans.filter(({ traceId, parentSpanId }) => parentSpanId !== undefined && !known.has(`${traceId} ${parentSpanId}`));
    expect(orphans.map(({ name }) => name)).toEqual([]);
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots).toHaveLength(trial.outcomes.sent);
    expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(trial.outcomes.sent);
  });

  it('are as many as the books say, of every kind', () => {
    const steps = Object.values(trial.steps).reduce((sum, { calls }) => sum + calls, 0);
    const count = (wanted: (span: Span) => boolean): number => spans.filter(wanted).length;
    const { attempted, processed } = trial.events!;
    expect({
      calls: count(({ kind, parentSpanId }) => kind === 3 && parentSpanId !== undefined),
      worked: count(({ kind, name }) => kind === 2 && name !== 'POST /orders'),
      served: count(({ kind, name }) => kind === 2 && name === 'POST /orders'),
      published: count(({ kind }) => kind === 4),
      processed: count(({ kind, status }) => kind === 5 && status.code === undefined),
    }).toEqual({ calls: steps, worked: steps, served: trial.outcomes.sent, published: attempted, processed });
  });

  it('say what failed, and what was tried again', () => {
    const failed = spans.filter(({ kind, status, attributes }) => kind === 3 && status.code === 2 && attributesOf(attributes)['sync_vs_events.step'] === 'payment');
    expect(failed.length).toBe(trial.steps['payment']!.errors);
    expect(failed.map(({ attributes }) => attributesOf(attributes)['error.type'])).toEqual(failed.map(() => '500'));
    const again = spans.filter(({ attributes }) => attributesOf(attributes)['http.request.resend_count'] === 1);
    expect(again.length).toBeGreaterThan(0);
  });

  it('are in no record, and come in pieces of a line', () => {
    const record = { ...checkoutRecord(), trials: [trial] };
    expect(jsonReport(record)).not.toContain('traceId');
    const { [TRACED]: _, ...saved } = trial;
    expect([...otlpReportPieces({ ...record, trials: [saved] })]).toEqual([]);
  });
});
