// Starts a child, tells its pid, and waits to be killed.
import { startChild } from '../../dist/processes/child.js';

const child = await startChild('../../test/support/child.js');
process.send({ pid: child.pid });
setInterval(() => {}, 1000);
