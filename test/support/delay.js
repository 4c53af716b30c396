/** A wire of some length: what goes through it arrives `ms` later or a little more, both ways. `node delay.js <port> <host> <port> <ms>` */
import { connect, createServer } from 'node:net';

const [port, targetHost = '', targetPort, ms] = process.argv.slice(2);

/** One way of a wire, first in, first out. Never sooner: a timer alone counts from when its turn of the event loop began. */
function oneWay() {
  const under = [];
  const arrive = () => {
    while (under.length > 0 && under[0].due <= performance.now()) under.shift().act();
    if (under.length > 0) setTimeout(arrive, Math.ceil(under[0].due - performance.now()));
  };
  return (act) => {
    if (under.push({ due: performance.now() + Number(ms), act }) === 1) setTimeout(arrive, Number(ms));
  };
}

createServer((near) => {
  const far = connect(Number(targetPort), targetHost);
  for (const [from, to] of [[near, far], [far, near]]) {
    const later = oneWay();
    from.setNoDelay(true);
    from.on('data', (chunk) => later(() => to.write(chunk)));
    from.on('end', () => later(() => to.end()));
    from.on('error', () => to.destroy());
  }
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
