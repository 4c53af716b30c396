/** A process that publishes until it is killed: `publisher-process.mjs <bus> <{options, file}>`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAdapter } from '../../dist/events/load-adapter.js';
import { fileRecorder } from '../../dist/events/durable.js';
import { orderEvent } from '../../dist/events/envelope.js';
import { recorded } from '../../dist/events/recorded.js';

const { options, file } = JSON.parse(process.argv[3]);
const adapter = await loadAdapter(process.argv[2]);
const bus = recorded(await adapter.connect(options), fileRecorder(file));
process.on('disconnect', () => process.exit());
process.send('ready');
for (let request = 0; ; request++) {
  const order = { orderId: `order-${request}`, userId: 'user-1', request, message: 0, payload: 0, time: new Date(0) };
  void bus.publish(orderEvent({ source: '/test', type: 'order.placed', ...order }));
  if (request % 5 === 0) await sleep(5);
}
