/** `export compose|kubernetes`: a whole run, its processes, its load and its record, as files for a platform of many hosts. */
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';
import { LOCUSTFILE, SERVER_URL, TOKEN_FILE } from '../deploy/layout.js';
import { platformFiles, type PlatformName } from '../deploy/platforms.js';
import { MANIFEST_FILE } from '../engines/engine-load.js';
import { locustFiles, longestOf } from '../engines/locust.js';
import { BUSES } from '../events/buses.js';
import { busSettings, type BusChoice } from '../events/settings.js';
import { rolesOf } from '../roles/hosts.js';
import { TOKEN_VARIABLE } from '../roles/protocol.js';
import { resolvedYaml } from '../scenarios/resolved.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { refuseModes, type WithAsked } from './applies.js';
import { EXIT } from './exit-codes.js';
import { loadOf, manifestOf, onlyTrial, writeFiles, type ExportOptions } from './export.js';
import type { Io } from './io.js';
import { refuseDelays } from './delays.js';
import { refuseProcesses } from './one-process.js';
import { packageInfo } from './package.js';
import { findScenario, findSubjects, withLoad } from './scenario.js';

/** Options of `export compose|kubernetes`, as commander gives them. */
export type ExportRunOptions = ExportOptions & BusChoice & WithAsked & { loadWorkers?: number; image?: string };

/** Who containers are when root exports: nobody else's files are there to be written. */
const SOMEBODY = { uid: 1000, gid: 1000 };

/** Writes the files. @throws UserError for what cannot be on hosts of its own, or written */
export async function exportRun(platform: PlatformName, scenarioName: string, options: ExportRunOptions, io: Io): Promise<number> {
  const scenario = withLoad(findScenario(scenarioName, io), options);
  const subjects = findSubjects(scenario, options.architectures);
  refuseModes(options.asked, subjects);
  const trial = onlyTrial(scenario, options);
  const [subject] = subjects as [Subject];
  // What the environment says of the bus is not written into a file.
  const settings = busSettings(options, {});
  refuseProcesses(subjects);
  refuseDelays(subjects, settings);
  refuseApart(scenario, subject, options);
  const load = loadOf(scenario, trial, { target: SERVER_URL });
  const { name, version } = packageInfo();
  const { [LOCUSTFILE]: script = '' } = locustFiles(load);
  const files = await platformFiles(platform, {
    scenario: scenario.name,
    subject: subject.name,
    seed: options.seed,
    roles: rolesOf(subject, settings),
    bus: settings.name,
    busUrl: options.busUrl ?? null,
    publish: options.publish ?? null,
    workers: options.loadWorkers ?? 1,
    longest: longestOf(load),
    image: options.image ?? `${name}:${version}`,
    package: `${name}@${version}`,
    user: owner(),
  }, scenarioOf(scenario, subject));
  const token = `${TOKEN_VARIABLE}=${randomBytes(24).toString('hex')}\n`;
  writeFiles({ ...files, [`load/${LOCUSTFILE}`]: script, [`load/${MANIFEST_FILE}`]: manifestOf('locust', scenario, trial, io), [TOKEN_FILE]: token }, options, io);
  const folder = path.resolve(io.cwd(), options.output);
  // Only its owner reads a secret.
  chmodSync(path.join(folder, TOKEN_FILE), 0o600);
  if (process.getuid?.() === 0) chownSync(path.join(folder, 'load'), SOMEBODY.uid, SOMEBODY.gid);
  return EXIT.passed;
}

function owner(): { uid: number; gid: number } {
  const uid = process.getuid?.() ?? 0;
  return uid === 0 ? SOMEBODY : { uid, gid: process.getgid?.() ?? uid };
}

/** What is served, without what others of the scenario may keep secret. */
function scenarioOf(scenario: Scenario, { name }: Subject): string {
  const variants = scenario.variants.filter((variant) => variant.name === name);
  return resolvedYaml({ ...scenario, variants, targets: [], subjects: [name], thresholds: [] });
}

/** @throws UserError for what cannot be on hosts of its own */
function refuseApart({ services }: Scenario, subject: Subject, { bus = 'memory', busUrl }: BusChoice): void {
  const real = [...services, ...subject.services].find(({ endpoint }) => endpoint);
  if (real) throw new UserError(`${real.name} is a real service, and what it takes to call it is not written into files: serve ${subject.name} on one machine.`);
  if (BUSES[bus].at === 'file') throw new UserError(`--bus ${bus} is a file, which hosts of their own do not share: name a broker, or leave it out.`);
  if (bus === 'sqs' && busUrl === undefined) throw new UserError('--bus sqs is a service that files start none of: give --bus-url https://sqs.REGION.amazonaws.com as well.');
  if (busUrl !== undefined && /\/\/[^/?#]*@|\?/.test(busUrl)) {
    throw new UserError(`--bus-url ${maskUrls(busUrl)}: who one is is not written into files: give host and port, and put the rest into ${TOKEN_FILE}, as the broker's own tools name it.`);
  }
}
