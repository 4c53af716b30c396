/** One consumer's place at SQS: it polls, has what it holds invisible to others for as long as it needs it, and deletes what is done. */
import type { Message, SQS } from '@aws-sdk/client-sqs';
import { now } from '../../base/clock.js';
import { Batcher } from '../batcher.js';
import type { CloudEvent, Subscription } from '../bus.js';
import type { Deliveries } from '../deliveries.js';
import { PullLoop } from '../pull-loop.js';
import { Turns } from '../turns.js';
import { VISIBILITY_S, type Queues } from './sqs-connection.js';
import { changeVisibility, deleteMessages, messageOf, MOST_AT_ONCE } from './sqs-messages.js';

/** Longest wait of one poll for a first message, s: up to 20, and a receiver that closes waits for the last one. */
const POLL_S = 1;
/** How often what is in hand is held on to, ms: two renewals may fail. */
const RENEW_MS = (VISIBILITY_S * 1000) / 3;

/** A message in hand. */
interface Lease {
  /** That of its last delivery: the earlier ones delete nothing. */
  receipt: string;
  /** When others may have it, on this process's clock, ms. */
  until: number;
}

export class Receiver {
  private readonly client: SQS;
  private readonly queues: Queues;
  private readonly leases = new Map<string, Lease>();
  /** Messages of one order come together, and are worked on one after another. */
  private readonly turns = new Turns();
  private readonly finishes: Batcher<Lease>;
  private readonly loop: PullLoop;
  private readonly renewing: NodeJS.Timeout;
  private readonly closing: Promise<void>;
  private stop: () => void = () => {};

  constructor(client: SQS, queues: Queues, subscription: Subscription) {
    this.client = client;
    this.queues = queues;
    this.finishes = new Batcher((leases) => deleteMessages(client, queues.work, leases.map(({ receipt }) => receipt)));
    this.closing = new Promise((resolve) => (this.stop = resolve));
    this.loop = new PullLoop(subscription, (room, deliveries) => this.pull(room, deliveries));
    this.renewing = setInterval(() => void this.renew(), RENEW_MS);
  }

  /** Finishes what is in progress and gives back the rest. */
  async close(): Promise<void> {
    this.stop();
    await this.loop.close();
    clearInterval(this.renewing);
    // A broker that is gone gives it to the next one when its time is over.
    await changeVisibility(this.client, this.queues.work, Array.from(this.leases.values(), ({ receipt }) => receipt), 0).catch(() => {});
  }

  private async pull(room: number, deliveries: Deliveries): Promise<void> {
    const free = room - this.turns.waiting;
    if (free <= 0) return Promise.race([this.turns.change(), this.closing]);
    // Others may have it so long after it was handed out, which was at the earliest now.
    const until = now() + VISIBILITY_S * 1000;
    const { Messages = [] } = await this.client.receiveMessage({
      QueueUrl: this.queues.work,
      MaxNumberOfMessages: Math.min(free, MOST_AT_ONCE),
      WaitTimeSeconds: POLL_S,
      VisibilityTimeout: VISIBILITY_S,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    for (const message of Messages) this.receive(message, until, deliveries);
  }

  private receive({ MessageId: id = '', ReceiptHandle: receipt = '', Body = '', Attributes }: Message, until: number, deliveries: Deliveries): void {
    const inHand = this.leases.get(id);
    // Its time was over while it was in hand, and it came here again.
    if (inHand) return void Object.assign(inHand, { receipt, until });
    const lease = { receipt, until };
    this.leases.set(id, lease);
    const event = JSON.parse(Body) as CloudEvent;
    const end = (): void => {
      this.leases.delete(id);
      this.turns.pass(event.subject);
    };
    const settlement = {
      done: () => this.finishes.add(lease).finally(end),
      dead: () => this.bury(event, lease).finally(end),
      start: () => {
        const isMine = lease.until > now();
        if (!isMine) end();
        return isMine;
      },
    };
    this.turns.take(event.subject, () => deliveries.add(event, Number(Attributes?.ApproximateReceiveCount ?? 1), settlement));
  }

  /** First among the dead letters, then away: who dies in between leaves it in both, and the second letter is not taken. */
  private async bury(event: CloudEvent, lease: Lease): Promise<void> {
    await this.client.sendMessage({ QueueUrl: this.queues.dead, ...messageOf(event) });
    await this.finishes.add(lease);
  }

  private async renew(): Promise<void> {
    const leases = [...this.leases.values()];
    const until = now() + VISIBILITY_S * 1000;
    const errors = await changeVisibility(this.client, this.queues.work, leases.map(({ receipt }) => receipt), VISIBILITY_S).catch(() => null);
    for (const [at, lease] of leases.entries()) if (errors && !errors[at]) lease.until = until;
  }
}
