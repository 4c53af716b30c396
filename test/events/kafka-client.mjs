/** A client of Kafka in a process of its own, whose environment says whom it trusts: `kafka-client.mjs <url> <topic>`. */
import { loadAdapter } from '../../dist/events/load-adapter.js';
import { orderEvent } from '../../dist/events/envelope.js';

const [url, topic] = process.argv.slice(2);
const order = { orderId: 'o-1', userId: 'u-1', request: 1, message: 0, payload: 0, time: new Date(0) };
try {
  const bus = await (await loadAdapter('kafka')).connect({ url, topic, consumers: ['email'], publishTimeout: 20_000 });
  await bus.publish(orderEvent({ source: '/test', type: 'order.placed', ...order }));
  const came = new Promise((resolve) => {
    const handler = async ({ event }) => resolve(event.id);
    void bus.subscribe({ consumer: 'email', workers: 1, attempts: 1, backoff: () => 0, handler, onDeadLetter: () => {} });
  });
  process.stdout.write(`came: ${await came}\n`);
  await bus.close();
} catch (error) {
  process.stdout.write(`${error.name}: ${error.message}\n`);
}
process.exit();
