/** `serve`: one architecture over its services, for any other load tool. */
import { UserError } from '../base/errors.js';
import { formatDuration } from '../base/units.js';
import { checkBus } from '../events/check.js';
import { busSettings, type BusChoice } from '../events/settings.js';
import { ProcessGroup } from '../experiment/process-group.js';
import { startServing, type Serving, backlogOf, stepsOf, type Serving as Served } from '../experiment/processes.js';
import { tracedServing } from '../experiment/system.js';
import { formatHop } from '../report/format.js';
import { servingPage, type ServingMoment } from '../report/html/serving.js';
import { openOtlpEndpoint } from '../report/otlp-endpoint.js';
import { SERVE_FORMATS, tracedLines } from '../report/otlp.js';
import { formatClock } from '../report/progress.js';
import { openOutputsOf } from '../report/writer.js';
import { Keeper } from '../roles/run-folder-writer.js';
import type { Subject } from '../scenarios/subject.js';
import { refuseModes, type WithAsked } from './applies.js';
import { LivePage, openBrowser } from './live-page.js';
import { refuseDelays } from './delays.js';
import { EXIT } from './exit-codes.js';
import { checkHop, type HopOptions } from './hop.js';
import type { Io } from './io.js';
import { aboutKept, keptFolder } from './serve-keep.js';
import { consentToListen } from './listen.js';
import { refuseProcesses } from './one-process.js';
import { packageInfo } from './package.js';
import type { Parts } from './parts.js';
import { findScenario, findSubjects, withInbox } from './scenario.js';
import { aborted, abortOnSignal } from './signals.js';

/** Between two looks at the server, ms. */
const LOOK_EVERY = 1000;
/** Looks that are kept: ten minutes. */
const KEPT = 600;

/** Options of `serve`, as commander gives them. */
export type ServeOptions = { port: number; host?: string; yes?: boolean; keep?: string; architectures?: string[]; join?: string; token?: string; seed: number; dashboard?: boolean; inbox?: boolean; output?: string[]; otlp?: string } & BusChoice & HopOptions & WithAsked;

/**
 * Serves until it is interrupted.
 * @returns the exit code: 130 when that happened before it served
 * @throws UserError for unknown names, a port that is taken or a process that died
 */
export async function serve(
  architecture: string,
  scenarioName: string,
  options: ServeOptions,
  io: Io,
  parts: Parts = {},
): Promise<number> {
  const bus = busSettings(options);
  // It carries out no faults.
  const hop = checkHop(options, bus, []);
  const scenario = withInbox(findScenario(scenarioName, io), options.inbox);
  const subjects = findSubjects(scenario, [architecture]);
  refuseModes(options.asked, subjects);
  refuseProcesses(subjects);
  refuseDelays(subjects, bus);
  await checkBus(bus);
  await consentToListen(subjects.map(({ name }) => name), options, io);
  const folder = options.keep === undefined ? {} : { keep: keptFolder(options.keep, io) };
  const spans = await openSpans(options, io);
  const { signal, release } = abortOnSignal(io);
  const group = new ProcessGroup();
  const served: [Subject, Serving][] = [];
  const dashboards: (() => Promise<void>)[] = [];
  const keepers: Keeper[] = [];
  try {
    for (const subject of subjects) {
      const serving = await Promise.race([(parts.startServing ?? startServing)(group, subject, { ...options, ...folder, bus, hop, keepsSpans: spans !== null }), aborted(signal), group.failure]);
      if (!serving) return EXIT.interrupted;
      const { url } = serving;
      served.push([subject, serving]);
      const words = formatHop(hop);
      io.stdout.write(`${subject.name} (${scenario.name}) serves at ${url}\n${words === null ? '' : `${words}\n`}\n  curl -i -X POST ${url}/orders\n\n`);
      const about = { subject: subject.name, scenario: scenario.name, url };
      if (folder.keep !== undefined) keepers.push(new Keeper(folder.keep, aboutKept(scenario, subject, { ...options, settings: bus, hop }, io), serving));
      if (options.dashboard) dashboards.push(await showServer(about, serving, io));
    }
    io.stdout.write('Ctrl-C ends it.\n');
    await Promise.race([aborted(signal), group.failure]);
    if (keepers.length > 0) io.stderr.write(`What is under way comes to its end, for ${formatDuration(scenario.load.drain)} at most.\n`);
    for (const keeper of keepers) await Promise.race([keeper.finish(scenario.load.drain), group.failure]);
    await spans?.(await linesOf(served, scenario.name));
    return EXIT.passed;
  } finally {
    for (const keeper of keepers) keeper.stop();
    await Promise.all(dashboards.map((end) => end()));
    await group.stop();
    release();
  }
}

/** Where spans are written in the end: files, an endpoint, or both; null when nobody asks for them. */
async function openSpans({ output = [], otlp }: ServeOptions, io: Io): Promise<((lines: readonly string[]) => Promise<void>) | null> {
  if (output.length === 0 && otlp === undefined) return null;
  const outputs = openOutputsOf(output, io, SERVE_FORMATS);
  const endpoint = otlp === undefined ? null : await openOtlpEndpoint(otlp, io.env['OTEL_EXPORTER_OTLP_HEADERS']);
  return async (lines) => {
    outputs.write(lines);
    const missing = (await endpoint?.send(lines)) ?? null;
    if (missing !== null) throw new UserError(missing);
  };
}

/** The spans of everything served, once it takes nothing more. */
async function linesOf(served: readonly [Subject, Serving][], scenario: string): Promise<string[]> {
  const lines: string[] = [];
  for (const [subject, serving] of served) {
    const about = { scenario, subject: subject.name, load: null, round: null };
    for (const line of tracedLines(await tracedServing(serving), about, packageInfo())) lines.push(line);
  }
  return lines;
}

/** Serves the page, prints where, and opens it where there is a browser. Resolves to what ends it. */
async function showServer(
  about: { subject: string; scenario: string; url: string },
  served: Served,
  io: Io,
): Promise<() => Promise<void>> {
  const startedAt = performance.now();
  const tool = packageInfo();
  const moments: ServingMoment[] = [];
  const look = async (): Promise<string> => {
    const [steps, backlog] = await Promise.all([stepsOf(served), backlogOf(served)]);
    moments.push({ at: Math.round(performance.now() - startedAt), steps, backlog });
    moments.splice(0, moments.length - KEPT);
    return servingPage({ tool, ...about, moments });
  };
  const page = await LivePage.open(await look());
  io.stdout.write(`dashboard: ${page.url}\n`);
  openBrowser(page.url, io.env);
  const update = async (): Promise<void> => {
    page.show(await look());
    page.say(`serving for ${formatClock(performance.now() - startedAt)}`, 0);
  };
  // The death of the server is reported by its group.
  const timer = setInterval(() => void update().catch(() => {}), LOOK_EVERY);
  return () => {
    clearInterval(timer);
    return page.close();
  };
}
