/** Reads records from the leaders of partitions. */
import type { Consumer, KafkaRecord } from '@platformatic/kafka';
import type { CloudEvent } from '../bus.js';
import type { Progress } from './kafka-progress.js';

/** A partition, and how far it has been read. */
export interface Partition {
  topic: string;
  partition: number;
  progress: Progress;
}

/** A record that was read. */
export interface Incoming extends Partition {
  offset: bigint;
  event: CloudEvent;
  /** Attempts that have failed. */
  failures: number;
  /** When it may be tried again, ms of the machine's calendar clock. */
  due: number;
}

/** What a record of a retry topic says beside its event. */
export const FAILURES = 'failures';
export const DUE = 'due';

/** What one answer holds at most; a single larger record comes all the same. */
const FETCH_BYTES = 1024 * 1024;

/** Partitions by the broker that leads them. */
export async function byLeader(consumer: Consumer, partitions: readonly Partition[]): Promise<Map<number, Partition[]>> {
  const { topics } = await consumer.metadata({ topics: topicsOf(partitions) });
  const leaders = new Map<number, Partition[]>();
  for (const one of partitions) {
    const leader = topics.get(one.topic)?.partitions[one.partition]?.leader ?? -1;
    if (leader >= 0) leaders.set(leader, [...(leaders.get(leader) ?? []), one]);
  }
  return leaders;
}

/**
 * The next records of partitions that one broker leads, noted as taken in their progress.
 * @param wait for the first record, ms at most
 */
export async function readFrom(consumer: Consumer, node: number, partitions: readonly Partition[], wait: number): Promise<Incoming[]> {
  const { topics } = await consumer.metadata({ topics: topicsOf(partitions) });
  const idOf = (topic: string): string => topics.get(topic)?.id ?? '';
  const byTopic = topicsOf(partitions).map((topic) => ({
    topicId: idOf(topic),
    partitions: partitions.filter((one) => one.topic === topic).map(({ partition, progress }) => ({
      partition,
      fetchOffset: progress.next,
      partitionMaxBytes: FETCH_BYTES,
      currentLeaderEpoch: -1,
      lastFetchedEpoch: -1,
    })),
  }));
  const { responses } = await consumer.fetch({ node, topics: byTopic, maxWaitTime: wait, minBytes: 1, maxBytes: FETCH_BYTES });
  return responses.flatMap(({ topicId, partitions: answered }) =>
    answered.flatMap(({ partitionIndex, records: batches = [] }) => {
      const from = partitions.find(({ topic, partition }) => partition === partitionIndex && idOf(topic) === topicId);
      if (!from) return [];
      return batches.flatMap(({ firstOffset, records }) => records.flatMap((record) => taken(from, firstOffset, record)));
    }),
  );
}

/** A batch begins where it was written, which may be before what was asked for. */
function taken(from: Partition, firstOffset: bigint, record: KafkaRecord): Incoming[] {
  const offset = firstOffset + BigInt(record.offsetDelta);
  if (offset < from.progress.next) return [];
  from.progress.take(offset);
  const headers = new Map(Array.from(record.headers, ([name, value]) => [name.toString(), Number(value.toString())]));
  const event = JSON.parse(record.value.toString()) as CloudEvent;
  return [{ ...from, offset, event, failures: headers.get(FAILURES) ?? 0, due: headers.get(DUE) ?? 0 }];
}

function topicsOf(partitions: readonly Partition[]): string[] {
  return [...new Set(partitions.map(({ topic }) => topic))];
}
