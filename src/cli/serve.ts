/** `serve`: one architecture over its services, for any other load tool. */
import { ProcessGroup, startServing } from '../experiment/processes.js';
import { showServer } from './dashboard.js';
import { abortOnSignal, type Io } from './io.js';
import { findScenario, findSubjects } from './scenario.js';

/** Serves until it is interrupted. @throws UserError for unknown names or a port that is taken */
export async function serve(
  architecture: string,
  scenarioName: string,
  options: { port: number; seed: number; dashboard?: boolean },
  io: Io,
): Promise<void> {
  const scenario = findScenario(scenarioName, io);
  const subjects = findSubjects(scenario, [architecture]);
  const { signal, release } = abortOnSignal(io);
  const group = new ProcessGroup();
  const dashboards: (() => Promise<void>)[] = [];
  try {
    for (const subject of subjects) {
      const { url, server } = await startServing(group, subject, options.seed, options.port);
      io.stdout.write(`${subject.name} (${scenario.name}) serves at ${url}\n\n  curl -i -X POST ${url}/orders\n\n`);
      const about = { subject: subject.name, scenario: scenario.name, url };
      if (options.dashboard) dashboards.push(await showServer(about, server, io));
    }
    io.stdout.write('Ctrl-C ends it.\n');
    await Promise.race([aborted(signal), group.failure]);
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
