/** Whoever has calls made: the server for its steps, the bus for its deliveries. */
export interface Owner {
  /** A run has ended for good. */
  runEnded(row: number, caller: number, ok: boolean): void;
  /** A step of a sequence has ended well, and the next one begins. */
  passedOn(row: number): void;
  /** A service has done its work although nobody listened any more. */
  worked(row: number, caller: number): void;
  /** A call goes on at the service although its caller has gone away; and comes to its end there. */
  leftBehind(row: number): void;
  forgotten(row: number): void;
}

/** Hears the replies. */
export interface ReplyListener {
  replied(row: number, good: boolean): void;
}

/** Takes what a server publishes. */
export interface Publisher extends Pick<Owner, 'runEnded'> {
  /** Deliveries that make a business event complete. */
  readonly deliveriesPerRequest: number;
  /** Publishes a submission. */
  submit(request: number): void;
  /** Publishes the business event of a request. */
  publish(request: number): void;
}
