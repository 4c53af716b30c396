// The order API, hybrid: payment and inventory at once, the rest by events.
import { EventEmitter } from 'node:events';
import express from 'express';
import { request } from 'undici';
import { reportUsage } from './usage.js';

const services = `http://127.0.0.1:${process.argv[2]}`;
const events = new EventEmitter();

async function call(service, order) {
  const { statusCode, body } = await request(`${services}/${service}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  await body.json();
  if (statusCode !== 200) throw new Error(`${service} failed`);
}

// Twenty workers for each of the services that can wait.
for (const service of ['email', 'analytics']) {
  const waiting = [];
  let busy = 0;
  const next = async () => {
    if (busy === 20 || waiting.length === 0) return;
    busy++;
    await call(service, waiting.shift()).catch(console.error);
    busy--;
    void next();
  };
  events.on('order.placed', (order) => {
    waiting.push(order);
    void next();
  });
}

let orders = 0;
const app = express();
app.use(express.json());
app.post('/orders', async (req, res) => {
  const order = { id: `o-${++orders}`, ...req.body };
  try {
    await call('payment', order);
    await call('inventory', order);
    events.emit('order.placed', order);
    res.json({ orderId: order.id, status: 'confirmed' });
  } catch (error) {
    res.status(502).json({ error: error.message });
  }
});

const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
reportUsage();
