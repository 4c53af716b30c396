/** A process of consumers to be killed: `consumer-process.mjs <bus> <{options, files}>`, with the inbox on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAdapter } from '../../dist/events/load-adapter.js';
import { fileRecorder } from '../../dist/events/durable.js';
import { recorded } from '../../dist/events/recorded.js';

const { options, files } = JSON.parse(process.argv[3]);
const adapter = await loadAdapter(process.argv[2]);
for (const [position, consumer] of options.consumers.entries()) {
  const bus = recorded(await adapter.connect(options), fileRecorder(files[position]), { inbox: true });
  await bus.subscribe({
    consumer,
    workers: 4,
    attempts: 3,
    backoff: () => 10,
    handler: () => sleep(5),
    onDeadLetter: () => {},
  });
}
process.on('disconnect', () => process.exit());
process.send('ready');
