/** The backlog that is shown while a window is measured: counted where events are, and never read from the histories. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileRecorder } from '../../src/events/durable.js';
import { Histories } from '../../src/events/histories.js';
import type { HistoryKind } from '../../src/events/history.js';
import { historyFile, type BusPlace } from '../../src/events/place.js';
import type { HistoryRecorder } from '../../src/events/recorder.js';
import { backlogOf, waitingOf, type Serving } from '../../src/experiment/processes.js';
import { cases } from '../support/properties.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'backlog-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const TOPICS = [{ name: 'orders', consumers: ['email', 'audit'] }, { name: 'sent', consumers: ['archive'] }];

/** Something that happens to an event: at the server the first topic is published, among the consumers the second. */
const happening = fc.record({ topic: fc.constantFrom(0, 1), event: fc.integer({ min: 0, max: 9 }), consumer: fc.nat(2), dead: fc.boolean() });

describe('what waits, by the counts of its processes', () => {
  it('is what the histories say, whatever is delivered twice, and whoever died in between', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(happening, fc.constant('restart' as const)), { maxLength: 60 }), (happenings) => {
        const start = (writer: 'server' | 'consumers') =>
          TOPICS.map((topic) => {
            const recorder = fileRecorder(historyFile(folder, topic, writer));
            if (writer === 'consumers') for (const consumer of topic.consumers) recorder.expect(consumer);
            return recorder;
          });
        let running = { server: start('server'), consumers: start('consumers') };
        const close = (): void => [...running.server, ...running.consumers].forEach((recorder) => recorder.close());
        const published = new Set<string>();
        for (const what of happenings) {
          if (what === 'restart') {
            close();
            running = { server: start('server'), consumers: start('consumers') };
            continue;
          }
          const { topic, consumer, dead } = what;
          const event = `${topic}/${what.event}`;
          const note = (recorder: HistoryRecorder | undefined, kind: HistoryKind, by = ''): void =>
            recorder?.record({ kind, event, request: what.event, sequence: 1, consumer: by, at: 1 });
          if (!published.has(event)) note((topic === 0 ? running.server : running.consumers)[topic], 'acknowledged');
          else note(running.consumers[topic], dead ? 'deadLettered' : 'processed', TOPICS[topic]!.consumers[consumer % TOPICS[topic]!.consumers.length]);
          published.add(event);
        }
        const counts = [running.server, running.consumers].map((recorders) =>
          Object.fromEntries(recorders.map((recorder, i) => [TOPICS[i]!.name, recorder.counts()])),
        );
        const histories = new Histories({ folder } as BusPlace, TOPICS);
        expect(waitingOf(TOPICS, counts)).toEqual(histories.backlog());
        close();
        for (const topic of TOPICS) for (const writer of ['server', 'consumers'] as const) rmSync(historyFile(folder, topic, writer));
      }),
      { numRuns: cases(60) },
    );
  });

  it('reads no history', async () => {
    const histories = { backlog: () => { throw new Error('read'); }, all: () => { throw new Error('read'); } };
    const counts = async () => ({ orders: { acknowledged: 9, finished: { email: 4 } } });
    const none = async () => ({ orders: { acknowledged: 0, finished: {} } });
    const serving = { server: { calls: { counts } }, events: { topics: TOPICS, histories, consumers: { counts: none } } };
    expect(await backlogOf(serving as unknown as Serving)).toEqual({ email: 5, audit: 9, archive: 0 });
  });
});
