// Answers every request after the same time: node slow-server.js <ms>. Tells its port to its parent, and when asked how
// long each request took by its own clock, ms, by index.
import http from 'node:http';

const latency = Number(process.argv[2]);
const times = {};

const server = http.createServer((request, response) => {
  const receivedAt = performance.now();
  setTimeout(() => {
    times[request.headers['x-request']] = performance.now() - receivedAt;
    response.end('ok');
  }, latency);
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('message', () => process.send(times));
process.on('disconnect', () => process.exit(0));
