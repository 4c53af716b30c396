/** Every command and option, in one table of contents. What a command does is loaded when it is asked for. */
import { Argument, Command, Option } from 'commander';
import { PLATFORM_NAMES, type PlatformName } from '../deploy/platforms.js';
import { ENGINE_NAMES, type EngineName } from '../engines/engines.js';
import { CONTROL, ROLES } from '../roles/run-folder.js';
import { refuseIgnored } from './applies.js';
import { withRemedy } from './complaints.js';
import type { Io } from './io.js';
import { addBrokerOptions, addBusOptions, addHopOption, addLoadOptions, addModelBusOption, addTargetOptions } from './options.js';
import type { Parts } from './parts.js';
import { packageInfo } from './package.js';
import { addAdvise, addSimulate } from './simulate-and-advise.js';
import { CI_SYSTEMS } from '../scenarios/workflow.js';
import { readModules } from './modules.js';
import * as values from './values.js';

const EXIT_CODES = `
Exit codes: 0 passed, 1 a threshold failed, 2 could not run, 3 measured but a check is unknown or the
measurement invalid, 130 interrupted.`;

const NO_GITHUB = 'on GitHub Actions: no summary of the step and no annotations';

/** The commands, ready to parse `io.argv`. Each tells its exit code through `exit`. */
export function buildProgram(io: Io, parts: Parts, exit: (code: number) => void): Command {
  const { name, version } = packageInfo();
  const program = new Command(name)
    .description('What would moving work off the request path onto events do to your request chain, and what would it cost?')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      outputError: (text, write) => write(withRemedy(text, name, program.commands.find((command) => io.argv[2] === command.name())?.name())),
    })
    .showSuggestionAfterError()
    .addHelpText('after', EXIT_CODES);
  addBench(program, io, parts, exit);
  addSimulate(program, io, parts, exit);
  addAdvise(program, io, parts, exit);
  addCapacity(program, io, parts, exit);
  addCompare(program, io, exit);
  addNoise(program, io, parts, exit);
  addReport(program, io, exit);
  addServe(program, io, parts, exit);
  addEngines(program, io, parts, exit);
  addScenarios(program, io, parts, exit);
  addImport(program, io, parts, exit);
  refuseIgnored(program);
  program.hook('preAction', (_, action) => readModules(action.args, io));
  return program;
}

function addBench(program: Command, io: Io, parts: Parts, exit: (code: number) => void): void {
  const command = program
    .command('bench')
    .description('measure, judge and report a scenario under each architecture and load')
    .argument('[scenario]', 'a scenario file, or a built-in one (see `scenarios`); checkout without it');
  addHopOption(addBusOptions(addTargetOptions(addLoadOptions(command))))
    .option('--baseline <record.json>', 'compare with an older record of the same scenario and load')
    .option('--compare <base,head>', 'is head slower than base? two names, or two scenario files, in interleaved blocks', values.pair)
    .option('--same-orders', 'in place of users the orders that they make, as rates: the same arrivals for every subject, however fast it answers')
    .option('--quick', 'short windows (2s) at the smallest and largest load: a look, not a measurement')
    .addOption(otlpOption())
    .option('--dry-run', 'print what would be run and how long it takes')
    .option('--open', 'serve the HTML report on this machine while it runs, print its address and open it in the browser')
    .option('--no-progress', 'no progress on stderr')
    .option('--no-github', NO_GITHUB)
    .action(async (scenario: string | undefined, options) => {
      if (options.compare) {
        const { benchPaired } = await import('./compare.js');
        return exit(await benchPaired(scenario, options, io, parts));
      }
      const { bench } = await import('./bench.js');
      exit(await bench(scenario, options, io, parts));
    });
}

function otlpOption(): Option {
  return new Option('--otlp <url>', 'post the spans of every request to an OTLP/HTTP endpoint, when all is over');
}

function addCapacity(program: Command, io: Io, parts: Parts, exit: (code: number) => void): void {
  const command = program
    .command('capacity')
    .description('the most users, or requests per second, that each architecture carries within limits')
    .argument('[scenario]', 'a scenario file, or a built-in one (see `scenarios`); checkout without it')
    .option('-a, --architectures <names>', 'architectures or variants between commas, or all', values.names)
    .option('-R, --rate [list]', 'open model: search for requests per second in place of users; from,most with a list (50,2000)', values.rateRange)
    .option('--simulate', 'search in virtual time, up to 100,000: nothing is started, nothing is loaded')
    .option('--from <n>', 'level to begin with, and to double from; said, it takes the place of where the model says that the limit is', values.count(1, 100_000), 10)
    .option('--most <n>', 'highest level to try; what the machine can connect, 5000 at most, without it', values.count(1, 100_000))
    .addOption(
      new Option('--p95 <limit>', 'longest p95: 600ms, or 2x for twice the unloaded value')
        .argParser(values.p95Limit)
        .default({ times: 2 }, '2x'),
    )
    .addOption(new Option('--failures <share>', 'share of requests that may fail').argParser(values.precision).default(0.01, '1%'))
    .option('-d, --duration <time>', 'shortest window of each probe, longer for slow chains and few requests; 5s without it, and with --simulate until p95 and p99 are known to 2%', values.duration)
    .option('--think <time>', 'pause of each user between answer and next request', values.pause)
    .option('-t, --timeout <time>', 'client timeout of a request', values.duration);
  addHopOption(addModelBusOption(addTargetOptions(command), 'with --simulate: '))
    .option('--threshold <expression>', 'fail unless it holds, e.g. "hybrid: users >= 200", with --rate "hybrid: rate >= 50" (repeatable)', values.collect)
    .option('-o, --output <format=path>', 'write a file; path - is stdout (repeatable)', values.collect)
    .option('--seed <n>', 'seed of all latencies', values.count(0, 2 ** 31 - 1), 1)
    .option('--quiet', 'print nothing but errors and what --output - writes')
    .option('--no-progress', 'no progress on stderr')
    .action(async (scenario: string | undefined, options) => {
      const { capacity } = await import('./capacity.js');
      exit(await capacity(scenario, options, io, parts));
    });
}

function addCompare(program: Command, io: Io, exit: (code: number) => void): void {
  program
    .command('compare')
    .description('compare two saved records of one scenario: ratios and counts strictly, milliseconds widely')
    .argument('<base.json>', 'the record to compare with')
    .argument('<head.json>', 'the record to judge')
    .option('-o, --output <format=path>', 'write a file; path - is stdout (repeatable)', values.collect)
    .option('--no-color', 'no colours')
    .option('--no-github', NO_GITHUB)
    .action(async (base: string, head: string, options) => {
      const { compare } = await import('./compare.js');
      exit(compare(base, head, options, io));
    });
}

function addNoise(program: Command, io: Io, parts: Parts, exit: (code: number) => void): void {
  program
    .command('noise')
    .description('compare a thing with itself: the false alarms, the noise and the smallest visible change of this machine')
    .argument('[scenario]', 'a scenario file, or a built-in one', 'checkout')
    .option('--aa <n>', 'number of comparisons of the thing with itself (A/A)', values.count(1, 10_000), 20)
    .option('-a, --architectures <name>', 'the architecture or variant to compare with itself', values.names)
    .option('-c, --users <n>', 'users at once', values.users)
    .option('--seed <n>', 'seed of all latencies', values.count(0, 2 ** 31 - 1), 1)
    .option('--no-progress', 'no progress on stderr')
    .action(async (scenario: string, options) => {
      const { noise } = await import('./compare.js');
      exit(await noise(scenario, options, io, parts));
    });
}

function addReport(program: Command, io: Io, exit: (code: number) => void): void {
  program
    .command('report')
    .description('draw the report of a saved record again, or of two side by side, or write it in another format')
    .argument('<record.json>', 'a file written by bench -o json=PATH')
    .argument('[other.json]', 'another one, laid beside it: printed, or written as markdown or html')
    .option('--threshold <expression>', 'judge it by this in place of its own thresholds, from what was measured (repeatable)', values.collect)
    .option('-o, --output <format=path>', 'write a file; path - is stdout (repeatable)', values.collect)
    .option('--no-color', 'no colours')
    .action(async (path: string, other: string | undefined, options) => {
      const { report, reportTwo } = await import('./report.js');
      if (other === undefined) exit(report(path, options, io));
      else reportTwo(path, other, options, io);
    });
}

function addServe(program: Command, io: Io, parts: Parts, exit: (code: number) => void): void {
  const command = program
    .command('serve')
    .description('start one architecture over its simulated services, for any other load tool; Ctrl-C ends it')
    .argument('<architecture>', 'an architecture or variant of the scenario; on hosts of their own: control, and the roles services, server, consumers')
    .argument('[scenario]', 'a scenario file, or a built-in one', 'checkout')
    .option('-p, --port <n>', 'port to listen on; 0 is any free one', values.count(0, 65535), 0)
    .option('--host <address>', 'address to listen on, 0.0.0.0 for all; 127.0.0.1 without it')
    .option('--yes', 'listen where other machines can reach it without asking')
    .option('--keep <folder>', 'keep histories and counts there, for `collect`')
    .option('-a, --architectures <name>', 'of `serve control`: the architecture or variant that the roles serve', values.names)
    .option('--join <url>', 'of a role: the address that `serve control` prints')
    .option('--token <text>', 'of control and roles: what all have to know; better in the environment, as SYNC_VS_EVENTS_TOKEN')
    .option('-o, --output <otlp=path>', 'write the spans of every request when it ends: OTLP in JSON lines (repeatable)', values.collect)
    .addOption(otlpOption())
    .option('--dashboard', 'serve a page on this machine that follows the server, print its address and open it in the browser')
    .option('--seed <n>', 'seed of all latencies', values.count(0, 2 ** 31 - 1), 1);
  addHopOption(addBusOptions(command)).action(async (architecture: string, scenario: string, options) => {
    const role = ROLES.find((one) => one === architecture);
    if (role ?? architecture === CONTROL) {
      const { serveControl, serveRole } = await import('./serve-roles.js');
      return exit(await (role ? serveRole(role, options, io) : serveControl(scenario, options, io)));
    }
    const { serve } = await import('./serve.js');
    exit(await serve(architecture, scenario, options, io, parts));
  });
}

/** Load from another generator: a script for it, or a whole run on many hosts, and what it saw. */
function addEngines(program: Command, io: Io, parts: Parts, exit: (code: number) => void): void {
  const command = program
    .command('export')
    .description('write the load of a scenario for another load generator, which may run on many machines, or a whole run for Compose or Kubernetes')
    .addArgument(new Argument('<to>', 'a load generator, or where a whole run is to be').choices([...ENGINE_NAMES, ...PLATFORM_NAMES]))
    .argument('[scenario]', 'a scenario file, or a built-in one', 'checkout')
    .requiredOption('-a, --architectures <name>', 'the architecture, the variant or the server of one\'s own to load', values.names)
    .option('--target <url>', 'where the architecture serves: the address that `serve` prints')
    .option('-c, --users <n>', 'closed model: users at once', values.users)
    .option('-R, --rate <n>', 'open model: requests per second', values.rates)
    .addOption(new Option('--arrivals <kind>', 'how the requests of a rate are spaced').choices(['even', 'poisson']))
    .option('-s, --stages <list>', 'users, or the rate, move through these from where they begin: 10s:50,30s:200', values.stages)
    .option('--think <time>', 'pause of each user between answer and next request', values.pause)
    .option('-d, --duration <time>', 'measured window', values.duration)
    .option('--warmup <time>', 'time before the window that is not measured', values.warmup)
    .option('-t, --timeout <time>', 'client timeout of a request', values.duration)
    .option('--seed <n>', 'seed of Poisson arrivals', values.count(0, 2 ** 31 - 1), 1)
    .requiredOption('-o, --output <folder>', 'where the files go')
    .option('--force', 'write over existing files')
    .option('--load-workers <n>', 'of a whole run: workers that make the load, each with a core of its own; 1 without it', values.count(1, 1000))
    .option('--image <name>', 'of a whole run: name of the image of its processes, with the registry that hosts read it from');
  addBrokerOptions(command).action(async (to: EngineName | PlatformName, scenario: string, options) => {
    const platform = PLATFORM_NAMES.find((name) => name === to);
    if (platform) {
      const { exportRun } = await import('./export-run.js');
      return exit(await exportRun(platform, scenario, options, io));
    }
    const { exportLoad } = await import('./export.js');
    exit(await exportLoad(to as EngineName, scenario, options, io));
  });
  program
    .command('collect')
    .description('make a record of what another load generator saw: judged and reported as any other')
    .argument('<load>', 'a folder of `export` with the rows that the generator wrote; or a JTL in CSV of JMeter, or a folder of those')
    .option('--end <url>', 'end the run of this `serve control` first, and wait for what its roles saw; what it has to know is in SYNC_VS_EVENTS_TOKEN')
    .option('-o, --output <format=path>', 'write a file; path - is stdout (repeatable)', values.collect)
    .option('--quiet', 'print nothing but errors and what --output - writes')
    .option('--no-color', 'no colours')
    .action(async (load: string, options) => {
      const { collect } = await import('./collect.js');
      exit(await collect(load, options, io, parts));
    });
}

function addScenarios(program: Command, io: Io, parts: Parts, exit: (code: number) => void): void {
  program
    .command('scenarios')
    .description('list what is built in, or print the YAML of one to start from')
    .argument('[name]', 'a built-in scenario; with -o also a file of your own')
    .option('-o, --output <format=path>', 'svg=PATH: its arrangements as sequence diagrams; path - is stdout', values.collect)
    .action(async (name: string | undefined, options) => {
      const { scenarios } = await import('./scenarios.js');
      await scenarios(name, options, io);
    });
  program
    .command('init')
    .description('write a commented scenario file of your own')
    .argument('[file]', 'where to; - is stdout', 'scenario.yaml')
    .option('--steps <chain>', 'the chain in one line, ! = critical: payment=300ms!,inventory=200ms!,email=400ms')
    .addOption(new Option('--ci <system>', 'write a workflow too, with limits that the prediction of today passes; a scenario that is there is taken').choices(CI_SYSTEMS))
    .option('--force', 'write over an existing file')
    .action(async (file: string, options) => {
      const { init } = await import('./init.js');
      await init(file, options, io, parts);
    });
  program
    .command('validate')
    .description('check a scenario: every mistake, and a warning of what is hardly meant, with file, line and column')
    .argument('<scenario>', 'a file, or a built-in scenario')
    .option('--resolved', 'print it with every default filled in')
    .option('--strict', 'exit with 1 when there is a warning')
    .action(async (name: string, options) => {
      const { validate } = await import('./scenarios.js');
      exit(await validate(name, options, io));
    });
  program
    .command('schema')
    .description('print the JSON Schema of scenario files, for editors, or of records')
    .option('--record', 'of what `-o json=PATH` writes')
    .action(async (options) => {
      const { schema } = await import('./scenarios.js');
      await schema(options, io);
    });
}

function addImport(program: Command, io: Io, parts: Parts, exit: (code: number) => void): void {
  program
    .command('import')
    .description('traces of your own system (OTLP, Jaeger, Zipkin v2, X-Ray) to a scenario and its rows')
    .argument('<files...>', 'files of traces, as one set; - is stdin; .gz is unpacked')
    .option('-o, --output <file>', 'the scenario; its rows go beside it as .csv', 'traced.yaml')
    .option('--operation <name>', 'operation of the roots, when several have much of the time')
    .option('--at <service:operation>', 'the span to describe, below the root')
    .option('--critical <steps>', 'the steps that the reply needs, between commas; all without it', values.names)
    .option('--workers <step=n>', 'calls that a step\'s service serves at once (repeatable)', values.workersOf)
    .addOption(new Option('--order <order>', 'how the steps follow each other, where traces do not tell').choices(['serial', 'parallel']))
    .option('--explain', 'tell where the time goes on the critical path, below the steps as well')
    .option('--with-errors', 'take the times of failed requests as well')
    .option('--force', 'write over existing files')
    .action(async (files: string[], options) => {
      const { importTraces } = await import('./import.js');
      exit(await importTraces(files, options, io, parts));
    });
}
