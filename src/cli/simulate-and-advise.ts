/** The commands that start nothing: everything they say is computed. */
import { Option, type Command } from 'commander';
import type { Io } from './io.js';
import { addLoadOptions, addModelBusOption } from './options.js';
import type { Parts } from './parts.js';
import * as values from './values.js';

/** `simulate`. */
export function addSimulate(program: Command, io: Io, parts: Parts, exit: (code: number) => void): void {
  const command = program
    .command('simulate')
    .description('the same trials, predicted in virtual time: nothing is started, nothing is loaded')
    .argument('[scenario]', 'a scenario file, or a built-in one (see `scenarios`)', 'checkout');
  addModelBusOption(addLoadOptions(command, {
    duration: 'measured window of each trial; without it, or one in the file, as with --until 2%',
    until: 'let the window go on until p95 and p99 are known to so much more or less: 2%',
    maxDuration: 'longest window with --until; 1h without it',
  }))
    .option('--sweep <knob=values>', 'each trial once for each value: email.workers=10,20,40, users=100,1000, rate=50,200 or attempts=1,2,3')
    .option('--no-progress', 'no progress on stderr')
    .action(async (scenario: string, options) => {
      const { simulate } = await import('./simulate.js');
      exit(await simulate(scenario, options, io, parts));
    });
}

/** `advise`. */
export function addAdvise(program: Command, io: Io, parts: Parts, exit: (code: number) => void): void {
  const command = program
    .command('advise')
    .description('the cheapest change of the chain that meets the goals: every alternative simulated at the same orders, and the advice followed before it is given')
    .argument('[scenario]', 'a scenario file, a built-in one, or a saved record.json', 'checkout')
    .option('-c, --users <list>', 'closed model: users at once (10,100,500)', values.users)
    .option('-R, --rate <list>', 'open model: requests per second (50,200)', values.rates)
    .option('--think <time>', 'pause of each user between answer and next request', values.pause)
    .option('-s, --stages <list>', 'a load with peaks: users, or the rate, move to each level in turn (10s:50,30s:200)', values.stages)
    .option('--baseline <subject>', 'the chain as it is: an architecture or variant that replies with the result; that of the scenario, or sync, without it')
    .option('--p95 <time>', 'goal: longest p95 of the reply; 1s without it', values.duration)
    .option('--failures <share>', 'goal: requests that may fail, at once or later; 1% without it', values.precision)
    .option('--within <time>', 'goal: time in which the work of 95% is complete, and a peak worked off; 60s without it', values.duration)
    .addOption(new Option('--drain-within <time>', 'the older name of --within').argParser(values.duration))
    .option('-d, --duration <time>', 'window of each load; without it, or one in the file, the reply is simulated until p95 and p99 are known to 2%', values.duration);
  addModelBusOption(command)
    .option('-o, --output <format=path>', 'markdown (a decision record) or json; path - is stdout (repeatable)', values.collect)
    .option('--seed <n>', 'seed of all latencies; that of the record, or 1, without it', values.count(0, 2 ** 31 - 1))
    .option('--quiet', 'print nothing but errors and what --output - writes')
    .option('--no-progress', 'no progress on stderr')
    .option('--no-color', 'no colours')
    .action(async (name: string, options) => {
      const { adviseOn } = await import('./advise.js');
      exit(await adviseOn(name, { ...options, within: options.within ?? options.drainWithin }, io, parts));
    });
}
