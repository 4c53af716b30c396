// One of two processes that share the work of a consumer: 20 ms for each event, and an inbox that both share.
// Usage: paused-worker.js <bus> <{options, inbox}>, over IPC: tells what it starts and what took effect.
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import { identityOf } from '../../dist/events/envelope.js';
import { loadAdapter } from '../../dist/events/load-adapter.js';

const { options, inbox } = JSON.parse(process.argv[3]);
const database = new Database(inbox);
database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000; CREATE TABLE IF NOT EXISTS applied (event TEXT PRIMARY KEY)');
const apply = database.prepare('INSERT OR IGNORE INTO applied VALUES (?)');
const bus = await (await loadAdapter(process.argv[2])).connect(options);
await bus.subscribe({
  consumer: options.consumers[0],
  workers: 4,
  attempts: 20,
  backoff: () => 100,
  onDeadLetter: () => {},
  handler: async ({ event }) => {
    process.send({ started: event.request, at: Date.now() });
    await sleep(20);
    const isFirst = apply.run(identityOf(event)).changes === 1;
    process.send({ done: event.request, isFirst, at: Date.now() });
  },
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });
