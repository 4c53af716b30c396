/** A server of each architecture over real services with millisecond latencies, for tests. */
import { Agent, request } from 'node:http';
import type { ServerOptions } from '../../src/architectures/architecture.js';
import { embedded } from '../../src/architectures/parts.js';
import { realClock } from '../../src/base/clock.js';
import { startServer, type RunningServer } from '../../src/architectures/server.js';
import type { Bus } from '../../src/events/bus.js';
import { memoryBus } from '../../src/events/memory.js';
import { callGraphOf, type Architecture } from '../../src/scenarios/architectures.js';
import type { CallGraph } from '../../src/scenarios/call-graph.js';
import type { BusinessEvent, Consumer, RequestKind, Service, Step } from '../../src/scenarios/scenario.js';
import { openService, type OpenService } from '../../src/services/service.js';
import type { ServiceReport } from '../../src/services/services.js';

export function service(name: string, ms: number, change: Partial<Service> = {}): Service {
  return {
    name, latency: { kind: 'constant', ms }, workers: 'unlimited', queue: 'unlimited', errors: 0, outages: [],
    abandoned: 'finish', ...change,
  };
}

export function step(name: string, change: Partial<Step> = {}): Step {
  return {
    name, call: name, critical: true, share: 1, onError: 'fail', effect: true, after: [], timeout: 2000, breaker: null, connections: 'unlimited',
    retries: { attempts: 1, backoff: 1, jitter: 'none', budget: 1 }, ...change,
  };
}

export function consumer(name: string, change: Partial<Consumer> = {}): Consumer {
  return { name, call: name, share: 1, workers: 10, timeout: 2000, attempts: 3, backoff: 1, ...change };
}

export function event(consumers: Consumer[], change: Partial<BusinessEvent> = {}): BusinessEvent {
  return { type: 'order.placed', after: null, messages: 1, payload: 0, publish: 0, wait: false, inbox: true, consumers, ...change };
}

/** What a test arranges: nothing where it says nothing. */
export interface ArrangedTest {
  architecture?: Architecture;
  steps?: Step[];
  event?: BusinessEvent;
  kinds?: RequestKind[];
  deadline?: number;
  services: Service[];
}

export function graphOf({ architecture = 'sync', steps = [], event: business = event([]), services, kinds, deadline }: ArrangedTest): CallGraph {
  return callGraphOf({ architecture, steps, event: business, services, ...(kinds && { kinds }), ...(deadline !== undefined && { deadline }) });
}

export interface Reply {
  status: number;
  headers: Record<string, unknown>;
  body: Record<string, unknown>;
}

/** Everything that one test runs on. */
export interface Place {
  server: RunningServer;
  services: OpenService[];
  /** Sends an order with that request index; without one as any other tool would. */
  order: (index?: number) => Promise<Reply>;
  get: (path: string) => Promise<Reply>;
  /** What a service saw. */
  saw: (name: string) => ServiceReport;
  close: () => Promise<void>;
}

export type PlaceOptions = Partial<Omit<ServerOptions, 'services' | 'graph'>> & ArrangedTest & { bus?: () => Bus };

export async function openPlace(options: PlaceOptions): Promise<Place> {
  const { services: models, bus = () => memoryBus(), architecture: _, steps: __, event: ___, ...rest } = options;
  const services = await Promise.all(models.map((model) => openService(model, rest.seed ?? 1)));
  const urls = Object.fromEntries(models.map(({ name }, position) => [name, services[position]?.url ?? '']));
  const server = await startServer(
    { graph: graphOf(options), seed: 1, port: 0, ...rest, services: urls },
    embedded(undefined, realClock, bus),
  );
  const agent = new Agent({ keepAlive: true });
  const send = (method: string, path: string, headers: Record<string, string>) =>
    exchange(server.url + path, method, headers, agent);
  return {
    server,
    services,
    order: (index) => send('POST', '/orders', index === undefined ? {} : { 'x-request': String(index) }),
    get: (path) => send('GET', path, {}),
    saw: (name) => services[models.findIndex((model) => model.name === name)]?.report() as ServiceReport,
    close: async () => {
      agent.destroy();
      await server.close();
      await Promise.all(services.map((open) => open.close()));
    },
  };
}

function exchange(url: string, method: string, headers: Record<string, string>, agent: Agent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const body = JSON.parse(text) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    sent.on('error', reject).end();
  });
}
