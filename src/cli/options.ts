/** Options that several commands share. */
import { Option, type Command } from 'commander';
import { BUS_NAMES } from '../events/buses.js';
import { PUBLISH_MODES } from '../events/descriptor.js';
import { MOST_ATTEMPTS } from '../scenarios/request.js';
import { HOPS } from '../services/services.js';
import * as values from './values.js';

/** What carries the events, and how they are published on it. */
export function addBrokerOptions(command: Command): Command {
  return command
    .addOption(busOption('what carries the events; memory is in the server'))
    .option('--bus-url <url>', 'your own broker, or the file of the outbox; a private one is started without it')
    .addOption(new Option('--publish <mode>', 'what a reply waits for; what is safe with the bus without it').choices(PUBLISH_MODES));
}

/** How events travel. */
export function addBusOptions(command: Command): Command {
  return addBrokerOptions(command)
    .option('--outbox <where>', 'where --publish outbox commits: file, postgres for a private server, or an address postgres://...')
    .option('--no-inbox', 'let consumers work on an event as often as it is delivered');
}

function busOption(about: string): Option {
  return new Option('--bus <name>', about).choices(BUS_NAMES).default('memory');
}

/** How events travel in the model. @param when it is about that */
export function addModelBusOption(command: Command, when = ''): Command {
  return command.addOption(busOption(`${when}what carries the events, with the times that this tool has measured of it; memory takes none`));
}

/** How calls get to the simulated services. */
export function addHopOption(command: Command): Command {
  const about =
    "http: real hops to a process of their own; unix: the same over Unix domain sockets; in-process: answered in the server's process; " +
    'what is not http is labelled in the report';
  return command.addOption(new Option('--services <hop>', about).choices(HOPS).default('http'));
}

/** Servers of one's own. */
export function addTargetOptions(command: Command): Command {
  return command
    .option('--target <name=url>', 'your own server in place of an architecture (repeatable)', values.collect)
    .option('--received-url <url>', 'where a target tells how many requests it received; name=url for one of several', values.collect)
    .option('--yes', 'load a target that is not on this machine without asking')
    .option('--no-commands', "refuse targets whose `command` would be run by the shell: for scenarios of others, in CI");
}

/** What is said of how long a window is. */
const LENGTH = {
  duration: 'measured window of each trial; without it, a limit, or one in the file: at most 10s, until p95 and failures are known to 2% and a backlog to 5%',
  until: 'let the window go on until p95 is known to so much more or less: 2%',
  maxDuration: 'longest window with --until',
};

/** What is measured or simulated, under which load, and where the report goes. */
export function addLoadOptions(command: Command, length = LENGTH): Command {
  return command
    .option('-a, --architectures <names>', 'architectures or variants between commas, or all', values.names)
    .option('-c, --users <list>', 'closed model: users at once, one trial each (10,100,500)', values.users)
    .option('-R, --rate <list>', 'open model: requests per second, one trial each (50,200)', values.rates)
    .addOption(new Option('--arrivals <kind>', 'how the requests of a rate are spaced').choices(['even', 'poisson']))
    .option('-s, --stages <list>', 'users, or the rate, move through these from where they begin: 10s:50,30s:200', values.stages)
    .option('--think <time>', 'pause of each user between answer and next request', values.pause)
    .option('-d, --duration <time>', length.duration, values.duration)
    .option('--until <share>', length.until, values.precision)
    .option('--max-duration <time>', length.maxDuration, values.duration)
    .option('--warmup <time>', 'time before the window that is not measured; auto: until response times are steady', values.warmup)
    .option('--rounds <n>', 'times every trial is run', values.count(1, 1000))
    .option('-t, --timeout <time>', 'client timeout of a request', values.duration)
    .option('--attempts <n>', 'times that clients send a request that fails, the first included (load.retries of a scenario); 1: no retries', values.count(1, MOST_ATTEMPTS))
    .option('--drain <time>', 'longest wait for the event backlog after a window', values.duration)
    .option('--fault <sentence>', 'in place of the scenario\'s faults: "crash server at 3s", "duplicate 5%", none (repeatable)', values.fault)
    .option('--threshold <expression>', 'fail unless it holds, e.g. "hybrid@100: p95 < 600ms" (repeatable)', values.collect)
    .option('-o, --output <format=path>', 'write a file; path - is stdout (repeatable)', values.collect)
    .option('--seed <n>', 'seed of all latencies', values.count(0, 2 ** 31 - 1), 1)
    .option('--quiet', 'print nothing but errors and what --output - writes')
    .option('--no-color', 'no colours');
}
