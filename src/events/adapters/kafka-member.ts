/** A process's membership of a consumer group: which partitions are its own, for how long, and how far they are done. */
import { Consumer } from '@platformatic/kafka';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Subscription } from '../bus.js';
import { isDenied, isProtocolError, RETRY_EVERY_MS, type KafkaConnection } from './kafka-connection.js';
import { Progress } from './kafka-progress.js';
import type { Partition } from './kafka-records.js';

/** A member that has not been heard of for so long is dead, and its partitions go to the others: the broker's least. */
const SESSION_MS = 6000;
const HEARTBEAT_MS = 1000;
/** How long the others may take to join anew before they are left out, ms. */
const REBALANCE_MS = 10_000;
/** What was finished in the meantime is committed together. The client's own default is five seconds. */
const COMMIT_EVERY_MS = 50;
const RETRIES = 10;
const LEAVE_WITHIN_MS = 2000;

export class Member {
  /** Those of this process, by topic and number. */
  partitions = new Map<string, Partition>();
  private readonly connection: KafkaConnection;
  private readonly group: string;
  private readonly topics: readonly string[];
  private readonly refused: NonNullable<Subscription['onRefusal']>;
  private readonly committing: NodeJS.Timeout;
  private current: Consumer;
  /** Under which name the partitions were given to us: another one has begun anew. */
  private memberId: string | null = null;
  private taking: Promise<void> = Promise.resolve();
  private commits: Promise<void> | undefined;
  private isJoining = false;
  private isClosed = false;
  /** When the last heartbeat was sent that was answered; its moment is unknown until then. */
  private aliveAt = 0;
  private beatAt = 0;

  /** @param refused told when the broker lets it not into the group, or takes no note of what is finished */
  constructor(connection: KafkaConnection, group: string, topics: readonly string[], refused: NonNullable<Subscription['onRefusal']>) {
    this.refused = refused;
    this.connection = connection;
    this.group = group;
    this.topics = topics;
    this.current = this.newConsumer();
    this.committing = setInterval(() => void this.commit(), COMMIT_EVERY_MS);
  }

  get consumer(): Consumer {
    return this.current;
  }

  /** Resolves when the group has given this member its partitions, again whenever it was lost in the meantime. */
  async join(): Promise<void> {
    if (this.isJoining) return;
    this.isJoining = true;
    while (!this.isClosed) {
      try {
        await this.current.joinGroup({});
        await this.taking;
        if (this.memberId !== null) break;
      } catch (error) {
        // The client never asks again who coordinates a group.
        if (isProtocolError(error, 'NOT_COORDINATOR')) this.renew();
        if (isDenied(error)) this.refused('read', error);
      }
      await sleep(RETRY_EVERY_MS);
    }
    this.isJoining = false;
  }

  /**
   * Whether the partitions are certainly ours still. A process that was stopped for longer than its session lasts finds
   * that out before it begins with what it had in hand, not after the answer to its next heartbeat.
   */
  get isAlive(): boolean {
    const isAlive = performance.now() - this.aliveAt < SESSION_MS;
    if (!isAlive) this.loseAll();
    return isAlive;
  }

  /** Has the group remember what is finished. One that fails is made good by the next. */
  commit(): Promise<void> {
    this.commits ??= this.commitNow().catch((error: unknown) => this.failed(error)).finally(() => (this.commits = undefined));
    return this.commits;
  }

  private failed(error: unknown): void {
    if (isDenied(error)) this.refused('acknowledge', error);
  }

  /**
   * Commits, and leaves the group, so that the others need not wait for its session to end.
   * @param reading what is still under way: closed in the middle of it, the client throws where nobody can catch it
   */
  async close(reading: readonly Promise<unknown>[]): Promise<void> {
    this.isClosed = true;
    clearInterval(this.committing);
    // A broker that is away would be waited for.
    await Promise.race([this.leave(reading), sleep(LEAVE_WITHIN_MS, undefined, { ref: false })]);
  }

  private async leave(reading: readonly Promise<unknown>[]): Promise<void> {
    await Promise.allSettled([...reading, this.commits]);
    await this.commit();
    await left(this.current);
  }

  private async commitNow(): Promise<void> {
    const behind = [...this.partitions.values()].filter(({ progress }) => progress.finished > progress.committed);
    if (behind.length === 0) return;
    const offsets = behind.map(({ topic, partition, progress }) => ({ topic, partition, offset: progress.finished, leaderEpoch: -1 }));
    await this.current.commit({ offsets });
    for (const [at, { progress }] of behind.entries()) progress.committed = offsets[at]?.offset ?? progress.committed;
  }

  private newConsumer(): Consumer {
    const consumer = new Consumer({
      ...this.connection,
      groupId: this.group,
      retries: RETRIES,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_MS,
    });
    for (const topic of this.topics) consumer.topics.track(topic);
    consumer.on('consumer:group:join', () => this.given());
    consumer.on('consumer:heartbeat:start', () => (this.beatAt = performance.now()));
    consumer.on('consumer:heartbeat:end', () => this.beat());
    // Its heartbeats stop with the first that gets no answer.
    consumer.on('consumer:heartbeat:error', () => void this.join());
    consumer.on('error', () => void this.join());
    return consumer;
  }

  private renew(): void {
    void left(this.current);
    this.current = this.newConsumer();
  }

  private beat(): void {
    this.aliveAt = this.beatAt;
    // Everything was given up for fear of being dead, or for want of offsets, and the coordinator knows nothing of it.
    if (this.memberId === null) this.given();
  }

  /** One after another, and only the last word of the group counts. */
  private given(): void {
    this.aliveAt = performance.now();
    this.taking = this.taking.then(() => this.take()).catch(() => this.loseAll());
  }

  private async take(): Promise<void> {
    const { memberId, generationId, assignments } = this.current;
    const given = (assignments ?? []).flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
    const isSame = memberId === this.memberId;
    const kept = new Map(given.flatMap((one) => (isSame && this.partitions.get(keyOf(one)) ? [[keyOf(one), this.partitions.get(keyOf(one)) as Partition]] : [])));
    for (const [key, { progress }] of this.partitions) if (!kept.has(key)) progress.isLost = true;
    this.partitions = kept;
    const fresh = await this.committedOf(given.filter((one) => !kept.has(keyOf(one))));
    if (generationId !== this.current.generationId) return;
    this.memberId = memberId;
    this.partitions = new Map([...kept, ...fresh.map((one) => [keyOf(one), one] as const)]);
  }

  private async committedOf(partitions: readonly Omit<Partition, 'progress'>[]): Promise<Partition[]> {
    if (partitions.length === 0) return [];
    const numbers = (of: string): number[] => partitions.flatMap(({ topic, partition }) => (topic === of ? [partition] : []));
    const topics = [...new Set(partitions.map(({ topic }) => topic))].map((topic) => ({ topic, partitions: numbers(topic) }));
    const committed = await committedOffsets(this.current, topics);
    return partitions.map((one) => ({ ...one, progress: new Progress(committed(one.topic, one.partition)) }));
  }

  private loseAll(): void {
    for (const { progress } of this.partitions.values()) progress.isLost = true;
    this.partitions = new Map();
    this.memberId = null;
  }
}

/** One that cannot leave is left out by the others. */
async function left(consumer: Consumer): Promise<void> {
  try {
    await consumer.close();
  } catch {
    // Its session ends all the same.
  }
}

function keyOf({ topic, partition }: Omit<Partition, 'progress'>): string {
  return `${topic}:${partition}`;
}

/** What a group remembers; of a partition that it remembers nothing of it has done nothing. */
export async function committedOffsets(
  consumer: Consumer,
  topics: { topic: string; partitions: number[] }[],
): Promise<(topic: string, partition: number) => bigint> {
  const committed = await consumer.listCommittedOffsets({ topics });
  return (topic, partition) => {
    const offset = committed.get(topic)?.[partition] ?? -1n;
    return offset < 0n ? 0n : offset;
  };
}
