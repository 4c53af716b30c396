/** Real services in a chain: what is told of them to processes, and what each takes alone. */
import { RealService, type RealServiceOptions } from '../architectures/real-service.js';
import { now } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import { reveal } from '../base/secret.js';
import { maskUrls } from '../base/urls.js';
import { NO_RUN, clientTraceparent } from '../base/trace-context.js';
import type { Service } from '../scenarios/scenario.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import { callPath } from '../services/services.js';

/** Calls that each is measured by, one after another, and those before that only open a connection. */
export const CALLS_ALONE = 20;
const FIRST = 2;
/** A slow service is measured by fewer, ms; by one at least. */
const LONGEST = 15_000;
/** An answer that takes longer is none, ms. */
const TIMEOUT = 10_000;

/** What processes are told of the real ones among services. */
export function realServices(services: readonly Service[]): RealServiceOptions[] {
  return services.flatMap(({ name, endpoint }) => {
    if (!endpoint) return [];
    const { url, method, headers, body, expect } = endpoint;
    return [{
      name, url: reveal(url), method, body: reveal(body),
      headers: Object.fromEntries(Object.entries(headers).map(([header, value]) => [header, reveal(value)])),
      expect: { status: expect.status, body: expect.body === null ? null : reveal(expect.body) },
    }];
  });
}

/**
 * What each real service takes for one call when nothing else is going on, ms.
 * @throws UserError for one that gives no good answer
 */
export async function measureAlone(services: readonly Service[]): Promise<Map<string, number[]>> {
  const measured = new Map<string, number[]>();
  for (const options of realServices(services)) measured.set(options.name, await timesOf(options));
  return measured;
}

async function timesOf(options: RealServiceOptions): Promise<number[]> {
  const service = new RealService(options);
  const until = now() + LONGEST;
  const times: number[] = [];
  let failure = 0;
  try {
    for (let call = 0; call < FIRST + CALLS_ALONE && (call <= FIRST || now() < until); call++) {
      const startedAt = now();
      const status = await callAlone(service, -1 - call);
      if (status === 0 || status >= 400) failure = status;
      else if (call >= FIRST) times.push(now() - startedAt);
    }
  } finally {
    service.close();
  }
  if (times.length > 0) return times.toSorted((a, b) => a - b);
  const { name, method, url } = options;
  const why = failure === 0 ? (service.trouble || 'it does not answer within 10 s') : `its answer is ${failure}, or not the one expected`;
  throw new UserError(`${name}: ${method} ${maskUrls(url)} gave no good answer: ${why}. Nothing was measured.`);
}

/** The status of one call; 0 without an answer in time. */
function callAlone(service: RealService, request: number): Promise<number> {
  return new Promise((resolve) => {
    const connection = service.open(() => {});
    const timer = setTimeout(() => {
      connection.abandon();
      resolve(0);
    }, TIMEOUT);
    connection.send({
      path: callPath('alone', request, 0),
      traceparent: () => clientTraceparent(NO_RUN, request),
      turn: turnOf(RANK.answer, request),
      answered: (status) => {
        clearTimeout(timer);
        resolve(status);
      },
    });
  });
}
