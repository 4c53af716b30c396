/**
 * The spans of a trial, out of its histories: the generator's requests, the server's work on them, calls as their callers and
 * their services saw them, what was published, and what consumers did with it. HTTP attributes are those of the stable
 * semantic conventions of OpenTelemetry, messaging ones those in development (1.37); ours begin with `sync_vs_events.`.
 */
import { CALL_ENDS, type KeptSpans } from '../architectures/span-log.js';
import { ROLES } from '../architectures/trace-book.js';
import { requestOf } from '../scenarios/request.js';
import { clientSpanId, spanIdOf, traceIdOf } from '../base/trace-context.js';
import { OUTCOMES } from '../load/load.js';
import type { TracedTrial } from '../measurement/traced.js';
import { CALL_OUTCOMES, STATUS } from '../services/services.js';
import { DeliverySpans } from './run-deliveries.js';
import type { SpanKind } from './span.js';

/** One span of a run. */
export interface RunSpan {
  trace: string;
  id: string;
  /** Empty for a root. */
  parent: string;
  service: string;
  name: string;
  kind: SpanKind;
  /** ms since 1970: whole ones, and what is beyond them. */
  start: Moment;
  end: Moment;
  attributes: Record<string, string | number>;
  /** Why it failed; null: it did not. */
  failure: string | null;
}

/** A moment of the monotonic clock, ms, and where that clock began, ms since 1970: together more digits than a double has. */
export interface Moment {
  at: number;
  epoch: number;
}

/** What the parts of a trial are called as services. */
export interface ServiceNames {
  load: string;
  server: string;
}

/** Every span of measured requests. */
export function* spansOf(traced: TracedTrial, names: ServiceNames): Generator<RunSpan> {
  const run = new TracedRun(traced, names);
  yield* run.clients();
  yield* run.servers();
  yield* run.deliveries.spans();
  yield* run.calls();
  yield* run.services();
}

/** What is common to all spans of a trial. */
class TracedRun {
  readonly deliveries: DeliverySpans;
  private readonly traced: TracedTrial;
  private readonly names: ServiceNames;
  private readonly url: URL;

  constructor(traced: TracedTrial, names: ServiceNames) {
    this.traced = traced;
    this.names = names;
    this.url = new URL(traced.url);
    this.deliveries = new DeliverySpans(traced, names.server, (request) => this.traceOf(request));
  }

  /** The generator's requests: from their intended start, as response times are. */
  *clients(): Generator<RunSpan> {
    const { observations, method } = this.traced;
    if (!observations) return;
    const { index, intendedAt, endedAt, outcome, status } = observations;
    for (const [row, request] of index.entries()) {
      if (request < 0) continue;
      const how = OUTCOMES[outcome[row] ?? -1] ?? 'cutOff';
      yield {
        trace: traceIdOf(this.traced.run, request),
        id: clientSpanId(request),
        parent: '',
        service: this.names.load,
        name: `${method} ${this.url.pathname}`,
        kind: 'client',
        start: this.moment(intendedAt[row]),
        end: this.moment(endedAt[row]),
        attributes: { ...httpClient(method, this.url), ...answer(status[row] ?? 0), ...(how === 'ok' ? {} : { 'error.type': how }), 'sync_vs_events.request': request },
        failure: how === 'ok' ? null : how,
      };
    }
  }

  /** The server's work on each request. */
  *servers(): Generator<RunSpan> {
    for (const { requests, parents } of this.traced.kept) {
      const { request: indices, arrivedAt, repliedAt, status, fromRun } = requests;
      for (const [row, request] of indices.entries()) {
        if (request < 0) continue;
        const code = status[row] ?? 0;
        yield {
          trace: this.traceOf(request),
          id: spanIdOf(ROLES.server, request, 0),
          parent: fromRun[row] === 1 ? clientSpanId(requestOf(request)) : (parents.get(request)?.span ?? ''),
          service: this.names.server,
          name: `${this.traced.method} ${this.url.pathname}`,
          kind: 'server',
          start: this.moment(arrivedAt[row]),
          end: this.moment(repliedAt[row]),
          attributes: {
            'http.request.method': this.traced.method,
            'http.route': this.url.pathname,
            'url.scheme': 'http',
            'url.path': this.url.pathname,
            ...address(this.url),
            ...answer(code),
            ...(code >= 500 ? { 'error.type': String(code) } : {}),
            'sync_vs_events.request': request,
          },
          failure: code >= 500 ? String(code) : null,
        };
      }
    }
  }

  /** Calls, as their callers saw them: from the wait for a connection to the answer, or to the timeout. */
  *calls(): Generator<RunSpan> {
    for (const kept of this.traced.kept) {
      const roles = kept.steps.map((step) => ROLES.call(step));
      for (const [row, request] of kept.calls.request.entries()) {
        if (request >= 0) yield this.callSpan(kept, row, roles);
      }
    }
  }

  /** The work of services on calls. */
  *services(): Generator<RunSpan> {
    for (const { name, calls } of this.traced.services) {
      const { request: indices, step, call, queueTime, serviceTime, endedAt, outcome } = calls;
      for (const [row, request] of indices.entries()) {
        if (request < 0) continue;
        const [caller, number, end] = [calls.steps[step[row] ?? 0] ?? '', call[row] ?? 0, endedAt[row] ?? 0];
        const how = CALL_OUTCOMES[outcome[row] ?? 0] ?? 'ok';
        yield {
          trace: this.traceOf(request),
          id: spanIdOf(ROLES.service(caller), request, number),
          parent: spanIdOf(ROLES.call(caller), request, number),
          service: name,
          name: `POST ${this.deliveries.pathOf(caller)}`,
          kind: 'server',
          start: this.moment(end - (serviceTime[row] ?? 0) - (queueTime[row] ?? 0)),
          end: this.moment(end),
          attributes: {
            ...this.called(name, caller, request, number, 'server'),
            ...(how === 'dropped' ? {} : answer(STATUS[how])),
            ...(how === 'ok' ? {} : { 'error.type': how === 'dropped' ? how : String(STATUS[how]) }),
            'sync_vs_events.queue_time': queueTime[row] ?? 0,
          },
          failure: how === 'ok' ? null : how,
        };
      }
    }
  }

  private callSpan(kept: KeptSpans, row: number, roles: readonly number[]): RunSpan {
    const { request: indices, step, call, startedAt, endedAt, status, end } = kept.calls;
    const [request, number, position, started] = [indices[row]!, call[row]!, step[row]!, startedAt[row]!];
    const [name, how] = [kept.steps[position] ?? '', CALL_ENDS[end[row]!] ?? 'ok'];
    const { parent, service, reached, step: partOf } = this.deliveries.callerOf(name, request, started);
    const resent = this.deliveries.resentOf(name, number);
    return {
      trace: this.traceOf(request),
      id: spanIdOf(roles[position]!, request, number),
      parent,
      service,
      name: `POST ${this.deliveries.pathOf(name)}`,
      kind: 'client',
      start: this.moment(started),
      end: this.moment(endedAt[row]),
      attributes: {
        ...this.called(reached, name, request, number, 'client'),
        ...answer(status[row]!),
        ...(how === 'ok' ? {} : { 'error.type': (status[row] ?? 0) > 0 ? String(status[row]) : how }),
        ...(resent > 0 ? { 'http.request.resend_count': resent } : {}),
        'sync_vs_events.step': partOf,
      },
      failure: how === 'ok' ? null : how,
    };
  }

  /** What is said of the HTTP of a call; nothing of one that was none. */
  private called(service: string, step: string, request: number, number: number, side: 'client' | 'server'): RunSpan['attributes'] {
    const origin = this.traced.origins[service];
    if (origin === undefined) return {};
    const path = this.deliveries.pathOf(step, request, number);
    const unix = origin.startsWith('unix:') ? origin.slice('unix:'.length) : null;
    const place = unix === null ? address(new URL(origin)) : { 'server.address': unix };
    const common = { 'http.request.method': 'POST', ...place, 'url.template': this.deliveries.pathOf(step) };
    if (side === 'server') return { ...common, 'url.scheme': 'http', 'url.path': path };
    return unix === null ? { ...common, 'url.full': `${origin}${path}` } : common;
  }

  private traceOf(request: number): string {
    for (const { parents } of this.traced.kept) {
      const foreign = parents.get(request);
      if (foreign) return foreign.trace;
    }
    return traceIdOf(this.traced.run, requestOf(request));
  }

  private moment(at: number | undefined): Moment {
    return { at: at ?? 0, epoch: this.traced.epoch };
  }
}

function httpClient(method: string, url: URL): RunSpan['attributes'] {
  return { 'http.request.method': method, 'url.full': url.href, ...address(url) };
}

function address(url: URL): RunSpan['attributes'] {
  return { 'server.address': url.hostname, 'server.port': Number(url.port) || (url.protocol === 'https:' ? 443 : 80) };
}

function answer(status: number): RunSpan['attributes'] {
  return status === 0 ? {} : { 'http.response.status_code': status };
}
