/** Takes what a server publishes, and hears how a submission ended. */
export interface Publisher {
  /** Messages that are published on the stream of that position for one request. */
  messagesOf(stream: number): number;
  /** The flow of a request begins: nothing of its order has. */
  beginOrder(request: number): void;
  /** Publishes one of them. */
  publish(request: number, stream: number, ordinal: number): void;
  /** The steps of a submission have ended, which a delivery ran. */
  runEnded(delivery: number, caller: number, ok: boolean): void;
}
