// Answers every request after the same time, 0 is at once: node timed-server.js <ms>. Tells its port to its parent, the moments
// at which requests came when it is asked, and ends with it.
import http from 'node:http';
import { now } from '../../dist/base/clock.js';

const latency = Number(process.argv[2]);
const came = [];
const answer = (response) => response.end('ok');
const server = http.createServer((_, response) => {
  came.push(now());
  if (latency > 0) setTimeout(answer, latency, response);
  else answer(response);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => process.send(server.address().port));
process.on('message', () => process.send(came));
process.on('disconnect', () => process.exit(0));
