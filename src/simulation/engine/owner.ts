/** Whoever has calls made: the server for its steps, the consumers for their deliveries. */
export interface Owner {
  /** A run has ended for good. */
  runEnded(row: number, caller: number, ok: boolean): void;
  /** A service has done its work although nobody listened any more. */
  tookEffect(row: number, caller: number): void;
  /** A call goes on at the service although its caller has gone away; and comes to its end there. */
  hold(row: number): void;
  release(row: number): void;
}
