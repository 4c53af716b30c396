// Answers every request after the same time: node slow-server.js <ms>. Tells its port to its parent, and when asked when
// it received and answered each request, ms on the machine's monotonic clock, by index.
import http from 'node:http';

const latency = Number(process.argv[2]);
const times = {};
const now = () => Number(process.hrtime.bigint()) / 1e6;

const server = http.createServer((request, response) => {
  const receivedAt = now();
  setTimeout(() => {
    times[request.headers['x-request']] = { receivedAt, answeredAt: now() };
    response.end('ok');
  }, latency);
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('message', () => process.send(times));
process.on('disconnect', () => process.exit(0));
