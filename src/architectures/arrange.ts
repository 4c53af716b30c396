/** Puts an arrangement together: its calls, its events and, where they are in this process, its consumers. */
import type { CallOff, Clock } from '../base/clock.js';
import { awaitedDeliveries, awaitedUntil, type CallGraph } from '../scenarios/call-graph.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import { Completions, hearOver, listener } from './order-updates.js';
import { consume } from './consume.js';
import { CallFailure } from './failure.js';
import { flowRunner, type Run } from './flow.js';
import { OrderBook, type PlaceOrder } from './order.js';
import { Parts, type ArrangementOptions, type Wiring } from './parts.js';
import { failedStep } from './publisher.js';
import { replyTopic } from './topics.js';

/** An arrangement that is ready to take orders. */
export interface Arrangement {
  place: PlaceOrder;
  book: OrderBook;
  parts: Parts;
}

/** Arranges a call graph; whoever is to hear something is subscribed when it resolves. */
export async function arrange(options: ArrangementOptions, wiring: Wiring): Promise<Arrangement> {
  const { graph } = options;
  const parts = new Parts(options, wiring);
  const book = new OrderBook();
  const completions = completionsOf(graph);
  const place = placing({ run: await flowRunner(graph.request, graph, parts, false), graph, parts, book, completions });
  const hear = listener(book, completions);
  const replies = replyTopic(graph);
  if (wiring.isEmbedded) await consume(graph, parts, async (order, update) => hear(order.id, update));
  else if (replies) await hearOver(await parts.plainBus(replies, false), hear);
  return { place, book, parts };
}

/** Null: no reply waits for a consumer. */
function completionsOf({ streams }: CallGraph): Completions | null {
  return streams.some(({ tells }) => tells === 'done') ? new Completions() : null;
}

/** What it takes to place orders. */
interface Placing {
  run: Run;
  graph: CallGraph;
  parts: Parts;
  book: OrderBook;
  completions: Completions | null;
}

/** Runs the flow of a request, and waits for the consumers where the reply does. */
function placing({ run, graph, parts, book, completions }: Placing): PlaceOrder {
  const { reply } = graph;
  return async (order) => {
    if (reply === 'accepted') book.accept(order.id);
    const { clock } = parts;
    const draw = parts.kindDraw(order.request);
    const begunAt = clock.now();
    const complete = completions?.expect(order.id, awaitedDeliveries(graph, draw));
    try {
      await run({ ...order, begunAt }, 0);
      if (complete) await waitFor(complete, begunAt + awaitedUntil(graph, draw), order.request, clock);
    } catch (error) {
      completions?.forget(order.id);
      book.fail(order.id, failedStep(error));
      throw error;
    }
    return reply;
  };
}

/** Waits for the consumers of an order, until its deadline. @param until moment of that, ms */
async function waitFor(complete: Promise<void>, until: number, request: number, clock: Clock): Promise<void> {
  if (until === Infinity) return complete;
  let callOff: CallOff = () => {};
  const late = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new CallFailure('event', 'deadline', request));
    callOff = clock.at(Math.max(clock.now(), until), fail, turnOf(RANK.deadline, request));
  });
  await Promise.race([complete, late]);
  callOff();
}
