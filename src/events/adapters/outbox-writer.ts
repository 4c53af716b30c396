/**
 * The thread that owns the outbox file, so that no sync of the disk holds up the server. Whatever arrives while one
 * commit runs goes into the next: a group commit.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../base/errors.js';
import { OutboxFile, type Finish, type OutboxRow, type Waiting } from './outbox-file.js';

/** What the thread is asked. */
export type OutboxRequest =
  | { kind: 'publish'; row: OutboxRow }
  | { kind: 'finish'; finish: Finish }
  | { kind: 'unfinished'; topic: string; consumer: string; after: number; limit: number }
  | { kind: 'remove'; topic: string }
  | { kind: 'close' };

/** A question with its number, and its answer. */
export type Question = OutboxRequest & { id: number };
export type Answer = { ids: number[]; waiting: Waiting[] } | { ids: number[]; failed: string };

/** Number of the answer that says that the file is open. */
export const OPENED = 0;

const port = parentPort;
let batch: Question[] = [];

if (port) {
  const file = open();
  port.on('message', (questions: Question[]) => {
    if (batch.length === 0) setImmediate(() => file && work(file));
    batch.push(...questions);
  });
}

function open(): OutboxFile | undefined {
  try {
    const { path, existing } = workerData as { path: string; existing?: boolean };
    const file = new OutboxFile(path, { existing });
    answer({ ids: [OPENED], waiting: [] });
    return file;
  } catch (error) {
    answer({ ids: [OPENED], failed: messageOf(error) });
  }
}

function work(file: OutboxFile): void {
  const questions = batch;
  batch = [];
  const rows = questions.flatMap((question) => (question.kind === 'publish' ? [question.row] : []));
  const finishes = questions.flatMap((question) => (question.kind === 'finish' ? [question.finish] : []));
  const writes = questions.filter(({ kind }) => kind === 'publish' || kind === 'finish');
  if (writes.length > 0) attempt(writes, () => file.commit(rows, finishes));
  for (const question of questions) {
    if (question.kind === 'unfinished') {
      attempt([question], () => file.unfinished(question.topic, question.consumer, question.after, question.limit));
    } else if (question.kind === 'remove') attempt([question], () => file.remove(question.topic));
    else if (question.kind === 'close') {
      attempt([question], () => file.close());
      port?.close();
    }
  }
}

function attempt(questions: readonly Question[], action: () => Waiting[] | void): void {
  const ids = questions.map(({ id }) => id);
  try {
    answer({ ids, waiting: action() ?? [] });
  } catch (error) {
    answer({ ids, failed: messageOf(error) });
  }
}

function answer(message: Answer): void {
  port?.postMessage(message);
}
