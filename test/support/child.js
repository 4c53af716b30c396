// A process for the tests of `processes`: answers, throws, ends and hangs on request.
import { serveParent, tellParent } from '../../dist/processes/channel.js';
import { UserError } from '../../dist/base/errors.js';

serveParent({
  double: (number) => number * 2,
  filled: ({ length }) => new Float64Array(length).fill(1.5),
  tell: (data) => tellParent('told', data),
  fail: (message) => {
    throw new Error(message);
  },
  mistake: (message) => {
    throw new UserError(message);
  },
  end: (code) => {
    process.stderr.write('Error: the disk is on fire\n');
    process.exit(code);
  },
  spin: () => {
    for (;;);
  },
  busyFor: (ms) => {
    tellParent('busy', ms);
    const until = Date.now() + ms;
    while (Date.now() < until);
  },
});
