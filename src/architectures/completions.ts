/** Orders whose reply waits until every consumer is done with every message (publish-and-wait). */
export class Completions {
  private readonly waiting = new Map<string, { deliveries: number; done: Set<string>; resolve: () => void }>();

  /**
   * Call it before the order's event is published; resolves when the order is complete.
   * @param deliveries that make it so
   */
  expect(orderId: string, deliveries: number): Promise<void> {
    if (deliveries === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.set(orderId, { deliveries, done: new Set(), resolve }));
  }

  /** A delivery of the order is done, however often it is told. */
  done(orderId: string, delivery: string): void {
    const order = this.waiting.get(orderId);
    if (!order || order.done.add(delivery).size < order.deliveries) return;
    this.waiting.delete(orderId);
    order.resolve();
  }

  /** Nothing more is to be expected. */
  forget(orderId: string): void {
    this.waiting.delete(orderId);
  }
}
