// Answers every request after the same time, 0 is at once: node timed-server.js <ms>. Tells its port to its parent and ends
// with it.
import http from 'node:http';

const latency = Number(process.argv[2]);
const answer = (response) => response.end('ok');
const server = http.createServer((_, response) => (latency > 0 ? setTimeout(answer, latency, response) : answer(response)));
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => process.send(server.address().port));
process.on('disconnect', () => process.exit(0));
