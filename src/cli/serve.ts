/** `serve`: one architecture over its services, for any other load tool. */
import { checkBus } from '../events/check.js';
import { busSettings, type BusChoice } from '../events/settings.js';
import { ProcessGroup } from '../experiment/process-group.js';
import { startServing } from '../experiment/processes.js';
import { formatHop } from '../report/format.js';
import { showServer } from './dashboard.js';
import { refuseModes, type WithAsked } from './applies.js';
import { EXIT } from './exit-codes.js';
import { checkHop, type HopOptions } from './hop.js';
import { abortOnSignal, type Io } from './io.js';
import { refuseProcesses } from './one-process.js';
import { findScenario, findSubjects, withInbox } from './scenario.js';

/**
 * Serves until it is interrupted.
 * @returns the exit code: 130 when that happened before it served
 * @throws UserError for unknown names, a port that is taken or a process that died
 */
export async function serve(
  architecture: string,
  scenarioName: string,
  options: { port: number; seed: number; dashboard?: boolean; inbox?: boolean } & BusChoice & HopOptions & WithAsked,
  io: Io,
): Promise<number> {
  const bus = busSettings(options);
  // It carries out no faults.
  const hop = checkHop(options, bus, []);
  const scenario = withInbox(findScenario(scenarioName, io), options.inbox);
  const subjects = findSubjects(scenario, [architecture]);
  refuseModes(options.asked, subjects);
  refuseProcesses(subjects);
  await checkBus(bus);
  const { signal, release } = abortOnSignal(io);
  const group = new ProcessGroup();
  const dashboards: (() => Promise<void>)[] = [];
  try {
    for (const subject of subjects) {
      const serving = await Promise.race([startServing(group, subject, { ...options, bus, hop }), aborted(signal), group.failure]);
      if (!serving) return EXIT.interrupted;
      const { url } = serving;
      const words = formatHop(hop);
      io.stdout.write(`${subject.name} (${scenario.name}) serves at ${url}\n${words === null ? '' : `${words}\n`}\n  curl -i -X POST ${url}/orders\n\n`);
      const about = { subject: subject.name, scenario: scenario.name, url };
      if (options.dashboard) dashboards.push(await showServer(about, serving, io));
    }
    io.stdout.write('Ctrl-C ends it.\n');
    await Promise.race([aborted(signal), group.failure]);
    return EXIT.passed;
  } finally {
    await Promise.all(dashboards.map((end) => end()));
    await group.stop();
    release();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
