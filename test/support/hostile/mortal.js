/** A server that expects to be killed: it writes each request it sees to a file before it answers. Arguments: file, port. */
import { openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';

const [, , file, port] = process.argv;
const book = openSync(file, 'a');
createServer((request, response) => {
  writeSync(book, `${String(request.headers['x-request'])}\n`);
  setTimeout(() => response.end(`order ${String(request.headers['x-request'])}.`), 10);
}).listen(Number(port), '127.0.0.1', function () {
  process.send(this.address().port);
});
