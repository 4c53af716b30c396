// A server of somebody's own: `node server.js PORT [BEHAVIOUR]`. It counts the requests to /orders.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [port, behaviour = 'ok', ...rest] = process.argv.slice(2);
let received = 0;

if (behaviour === 'fails') {
  process.stderr.write('no database: giving up\n');
  process.exit(3);
}
// A helper of its own, which must not be left behind either.
if (behaviour === 'helped') spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', ...rest], { stdio: 'ignore' });
// It does not go when it is asked to.
if (behaviour === 'stubborn') process.on('SIGTERM', () => {});

const answers = {
  silent: () => {},
  ok: (response) => response.end('{"status":"confirmed"}'),
  redirects: (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
  wrong: (response, nth) => response.end(nth % 2 ? '{"status":"confirmed"}' : '{"status":"lost"}'),
  stops: (response, nth) => (nth > 20 ? undefined : response.end('{"status":"confirmed"}')),
  dies: (response, nth) => (nth > 20 ? process.exit(7) : response.end('{"status":"confirmed"}')),
  starved: (response) => {
    for (const until = Date.now() + 40; Date.now() < until; );
    response.end('{"status":"confirmed"}');
  },
};

createServer((request, response) => {
  if (request.url === '/health') return response.end('well');
  if (request.url === '/count') return response.end(String(received));
  if (request.url === '/count.json') return response.end(JSON.stringify({ received }));
  const nth = ++received;
  response.setHeader('x-count', String(nth));
  setTimeout(() => (answers[behaviour] ?? answers.ok)(response, nth), 10);
}).listen(Number(port), '127.0.0.1');
