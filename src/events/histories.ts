/** The histories of a trial that several processes write, put together while they grow. */
import { HistoryReader } from './durable.js';
import type { HistoryEntry } from './history.js';
import { historyFiles, type BusPlace, type PlaceTopic } from './place.js';
import { WaitingCount } from './recorder.js';

/** One topic, as all processes saw it. */
interface TopicHistory {
  readers: HistoryReader[];
  waiting: WaitingCount;
}

/** Reads on whenever it is asked. */
export class Histories {
  private readonly topics: TopicHistory[];
  private readonly entries: HistoryEntry[] = [];

  constructor(place: BusPlace, topics: readonly PlaceTopic[]) {
    this.topics = topics.map((topic) => {
      const waiting = new WaitingCount();
      for (const consumer of topic.consumers) waiting.expect(consumer);
      return { readers: historyFiles(place, topic).map((file) => new HistoryReader(file)), waiting };
    });
  }

  /** Events acknowledged and neither processed nor dead-lettered, by consumer, whoever died in between. */
  backlog(): Record<string, number> {
    this.readOn();
    return Object.assign({}, ...this.topics.map(({ waiting }) => waiting.byConsumer())) as Record<string, number>;
  }

  /** Everything written so far. */
  all(): readonly HistoryEntry[] {
    this.readOn();
    return this.entries;
  }

  private readOn(): void {
    for (const { readers, waiting } of this.topics) {
      for (const entry of readers.flatMap((reader) => reader.read())) {
        this.entries.push(entry);
        waiting.count(entry);
      }
    }
  }
}
