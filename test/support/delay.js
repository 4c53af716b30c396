/** A wire of some length: what goes through it arrives `ms` later, both ways. `node delay.js <port> <host> <port> <ms>` */
import { connect, createServer } from 'node:net';

const [port, targetHost = '', targetPort, ms] = process.argv.slice(2);

createServer((near) => {
  const far = connect(Number(targetPort), targetHost);
  for (const [from, to] of [[near, far], [far, near]]) {
    from.setNoDelay(true);
    from.on('data', (chunk) => setTimeout(() => to.write(chunk), Number(ms)));
    from.on('end', () => setTimeout(() => to.end(), Number(ms)));
    from.on('error', () => to.destroy());
  }
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
