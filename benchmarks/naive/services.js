// Four services that take their time.
import express from 'express';
import { reportUsage } from './usage.js';

const LATENCY = { payment: 300, inventory: 200, email: 400, analytics: 150 };

const app = express();
app.use(express.json());
app.post('/:service', (request, response) => {
  setTimeout(() => response.json({ ok: true }), LATENCY[request.params.service]);
});

const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
reportUsage();
