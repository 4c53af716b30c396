/** Orders as the server knows them. */

/** One order, from its arrival. */
export interface Order {
  id: string;
  userId: string;
  /** Number of the attempt: of a first one the index of its request. Negative for warm-up. */
  request: number;
  /** When the server took it up, ms of its clock; only where that decides when it is late. */
  begunAt?: number;
}

/** How an order stands. */
export type OrderState = { status: 'accepted' } | { status: 'confirmed' } | { status: 'failed'; step: string };

/** Does what has to be done before the reply, and tells what the reply says. Rejects with why the order failed. */
export type PlaceOrder = (order: Order) => Promise<'confirmed' | 'accepted'>;

const USERS = 1000;
const ACCEPTED: OrderState = { status: 'accepted' };
const CONFIRMED: OrderState = { status: 'confirmed' };

/** The order of a request. */
export function orderOf(request: number): Order {
  return {
    id: request >= 0 ? `o-${request}` : `w-${-request}`,
    userId: `u-${Math.abs(request) % USERS}`,
    request,
  };
}

/** Remembers how orders stand; the oldest are forgotten once there are too many. */
export class OrderBook {
  private readonly states = new Map<string, OrderState>();
  private readonly limit: number;

  constructor(limit = 100_000) {
    this.limit = limit;
  }

  accept(id: string): void {
    if (this.states.size >= this.limit) {
      const oldest = this.states.keys().next();
      if (!oldest.done) this.states.delete(oldest.value);
    }
    this.states.set(id, ACCEPTED);
  }

  confirm(id: string): void {
    this.settle(id, CONFIRMED);
  }

  fail(id: string, step: string): void {
    this.settle(id, { status: 'failed', step });
  }

  /** Undefined for an order that is not known, or no longer. */
  stateOf(id: string): OrderState | undefined {
    return this.states.get(id);
  }

  private settle(id: string, state: OrderState): void {
    if (this.states.has(id)) this.states.set(id, state);
  }
}
