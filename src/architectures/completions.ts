/** Orders whose reply waits until every consumer is done with every message (publish-and-wait). */
export class Completions {
  private readonly deliveries: number;
  private readonly waiting = new Map<string, { done: Set<string>; resolve: () => void }>();

  /** @param deliveries that make an order complete */
  constructor(deliveries: number) {
    this.deliveries = deliveries;
  }

  /** Call it before the order's event is published; resolves when the order is complete. */
  expect(orderId: string): Promise<void> {
    if (this.deliveries === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.set(orderId, { done: new Set(), resolve }));
  }

  /** A delivery of the order is done, however often it is told. */
  done(orderId: string, delivery: string): void {
    const order = this.waiting.get(orderId);
    if (!order || order.done.add(delivery).size < this.deliveries) return;
    this.waiting.delete(orderId);
    order.resolve();
  }

  /** Nothing more is to be expected. */
  forget(orderId: string): void {
    this.waiting.delete(orderId);
  }
}
