// Answers every request after the same time: node delay-server.js <ms>. Tells its port to its parent and ends with it.
import http from 'node:http';

const latency = Number(process.argv[2]);

/** Timers are whole milliseconds, which 5 % of 20 is not always: the rest is waited for in the event loop. */
function after(ms, action) {
  const until = performance.now() + ms;
  const check = () => (performance.now() < until ? setImmediate(check) : action());
  setTimeout(check, Math.max(0, ms - 1));
}

const server = http.createServer((_, response) => after(latency, () => response.end('ok')));
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit(0));
