/** The Express application: the same routes whatever the architecture behind them. */
import express, { type Express, type Request, type Response } from 'express';
import { realClock } from '../base/clock.js';
import { TRACEPARENT } from '../base/trace-context.js';
import { ATTEMPT_HEADER, attemptNumber, FIRST_FOREIGN, MOST_ATTEMPTS, REQUEST_HEADER } from '../scenarios/request.js';
import type { Arrangement } from './arrange.js';
import type { RequestCounter } from './request-counter.js';
import { CallFailure, type FailureKind } from './failure.js';
import { orderOf } from './order.js';
import { PublishFailure } from './publisher.js';

const STATUS: Record<FailureKind, number> = {
  timeout: 504, error: 502, rejected: 503, connection: 503, shortCircuited: 503, limited: 503, deadline: 504,
};

/**
 * Application that places orders by `POST /orders` and tells how they stand by `GET /orders/:id`.
 * @param work done for each order before its first step
 */
export function orderApp({ place, book, parts: { traces, spans } }: Arrangement, arrivals: RequestCounter, work: () => void = () => {}): Express {
  const numberOf = requestNumbers();
  const moment = (): number => (spans || arrivals.keepsMoments ? realClock.now() : 0);
  const app = express();
  app.disable('x-powered-by').set('etag', false);

  app.post('/orders', async (request, response) => {
    const arrivedAt = moment();
    const order = orderOf(numberOf(request));
    const origin = traces.adopt(order.request, request.headers[TRACEPARENT]);
    arrivals.arrived(order.request);
    work();
    // Taken before the answer is written: whoever reads it may be quicker than what comes after.
    let repliedAt = 0;
    try {
      const status = await place(order);
      repliedAt = moment();
      if (status === 'accepted') response.setHeader('location', `/orders/${order.id}`);
      reply(response, status === 'accepted' ? 202 : 200, { orderId: order.id, status });
    } catch (error) {
      repliedAt = moment();
      refuse(response, error);
    } finally {
      arrivals.replied(order.request, arrivedAt, repliedAt);
      spans?.replied(order.request, arrivedAt, repliedAt, response.statusCode, origin);
    }
  });

  app.get('/orders/:id', (request, response) => {
    const orderId = request.params.id;
    const state = book.stateOf(orderId);
    if (state) reply(response, 200, { orderId, ...state });
    else reply(response, 404, { error: 'unknown order', orderId });
  });
  // For whoever starts servers and watches over them: it listens when it can take orders, and not before.
  for (const path of ['/live', '/ready']) app.get(path, (_, response) => reply(response, 200, { status: path.slice(1) }));
  return app;
}

/** Replies with what failed; anything but a failed step or event is a defect of ours, and Express's to report. */
function refuse(response: Response, error: unknown): void {
  if (error instanceof CallFailure) reply(response, STATUS[error.kind], { error: error.kind, step: error.step });
  else if (error instanceof PublishFailure) reply(response, 503, { error: 'publish', step: error.step });
  else throw error;
}

/** What `response.json` sends, without its look at freshness, ETag and character sets, which none of these replies has. */
function reply(response: Response, status: number, body: object): void {
  const json = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(json) });
  response.end(json);
}

/** The number of each attempt: a server without a memory takes a second one for another order. */
function requestNumbers(): (request: Request) => number {
  let foreign = FIRST_FOREIGN;
  return ({ headers }) => {
    const header = headers[REQUEST_HEADER];
    const index = header ? Number(header) : Number.NaN;
    return Number.isInteger(index) ? attemptNumber(index, laterAttempt(headers[ATTEMPT_HEADER])) : foreign++;
  };
}

/** Which attempt it is, from 0. */
function laterAttempt(header: string | string[] | undefined): number {
  const attempt = header === undefined ? 1 : Number(header);
  return Number.isInteger(attempt) && attempt >= 1 && attempt <= MOST_ATTEMPTS ? attempt - 1 : 0;
}
