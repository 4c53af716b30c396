import type { EventStream } from '../../scenarios/call-graph.js';
import type { Consumer } from './consumer.js';
import type { FaultyConsumer } from './faulty-consumer.js';
import { IndependentConsumer } from './independent-consumer.js';

/** Who hears a stream. */
export interface Subscriber {
  consumer: Consumer;
  /** What goes wrong with its deliveries on purpose; null: nothing. */
  faulty: FaultyConsumer | null;
}

/** A stream, and the positions of those who hear it. */
interface Audience {
  stream: EventStream;
  from: number;
  to: number;
  /** Whether none of them begins with every message at once. */
  isDelayed: boolean;
  /** All of them, where every one is independent and there is no order of messages to watch; otherwise none. */
  foreseeing: readonly IndependentConsumer[];
}

/** Who hears what, and publishes what when it has done. */
export class Subscriptions {
  /** Those of one stream stand together. */
  readonly consumers: Consumer[] = [];
  /** In the order of the graph's streams. */
  private readonly audiences: Audience[];
  /** By consumer: the stream that it hears, and those that it publishes on when it has done with a message. */
  private readonly heard: number[] = [];
  private readonly published: (readonly number[])[] = [];
  private readonly faulty: (FaultyConsumer | null)[] = [];
  private readonly onTheWay: (((request: number) => number) | null)[] = [];

  constructor(streams: readonly EventStream[]) {
    this.audiences = streams.map((stream) => ({ stream, from: 0, to: 0, isDelayed: false, foreseeing: [] }));
  }

  /**
   * Those of one stream come one right after the other.
   * @param stream position of the stream that it hears
   * @param publishes those of the streams that it publishes on when it has done
   * @param onTheWay how long the messages of a request take to it, ms; null: they are there at once
   */
  add({ consumer, faulty }: Subscriber, stream: number, publishes: readonly number[], onTheWay: ((request: number) => number) | null): void {
    const audience = this.audiences[stream]!;
    if (audience.to === 0) Object.assign(audience, { from: this.consumers.length, isDelayed: true });
    audience.isDelayed &&= consumer.options.delay !== null;
    this.consumers.push(consumer);
    audience.to = this.consumers.length;
    // What is on its way is decided when it comes.
    audience.foreseeing = onTheWay === null ? independentOf(audience, this.consumers) : [];
    this.heard.push(stream);
    this.published.push(publishes);
    this.faulty.push(faulty);
    this.onTheWay.push(onTheWay);
  }

  /** A stream with the positions of its consumers: from one, up to the other. */
  audienceOf(stream: number): Readonly<Audience> {
    return this.audiences[stream]!;
  }

  /** When a message on a stream is due at the first of those who hear it, ms after it was published. @param request its index */
  firstDelay(stream: number, request: number): number {
    const { from, to, isDelayed } = this.audiences[stream]!;
    if (!isDelayed) return 0;
    return Math.min(...this.consumers.slice(from, to).map(({ options }) => options.delay!(request)));
  }

  /** The stream that a consumer hears, and its position. */
  heardBy(consumer: number): EventStream {
    return this.audiences[this.heard[consumer]!]!.stream;
  }

  streamHeardBy(consumer: number): number {
    return this.heard[consumer]!;
  }

  publishedBy(consumer: number): readonly number[] {
    return this.published[consumer]!;
  }

  /** How long the messages of a request take to a consumer, ms. */
  wayTo(consumer: number, request: number): number {
    return this.onTheWay[consumer]?.(request) ?? 0;
  }

  faultyOf(consumer: number): FaultyConsumer | null {
    return this.faulty[consumer]!;
  }
}

function independentOf({ stream, from, to }: Audience, consumers: readonly Consumer[]): readonly IndependentConsumer[] {
  const all = consumers.slice(from, to);
  const independent = all.filter((consumer) => consumer instanceof IndependentConsumer);
  return stream.messages === 1 && independent.length === all.length ? independent : [];
}
