/** `serve control` and the roles that join it: the processes of a run, each on a host of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../base/errors.js';
import { isOwnAddress } from '../base/listening.js';
import { formatDuration } from '../base/units.js';
import { BUSES } from '../events/buses.js';
import { checkBus } from '../events/check.js';
import { busSettings, type BusSettings } from '../events/settings.js';
import { ProcessGroup } from '../experiment/process-group.js';
import { ControlLine } from '../roles/control-line.js';
import { ENTRIES, Hosts, rolesOf } from '../roles/hosts.js';
import type { Role } from '../roles/run-folder.js';
import { openProbe } from '../roles/probe.js';
import { controlUrl, TOKEN_VARIABLE } from '../roles/protocol.js';
import { RoleLine } from '../roles/role-line.js';
import { RoleRunner } from '../roles/role.js';
import type { Subject } from '../scenarios/subject.js';
import { refuseModes } from './applies.js';
import { EXIT } from './exit-codes.js';
import type { Io } from './io.js';
import { aboutKept, keptFolder } from './serve-keep.js';
import { consentToListen, OWN } from './listen.js';
import { refuseDelays } from './delays.js';
import { refuseProcesses } from './one-process.js';
import { findScenario, findSubjects, withInbox } from './scenario.js';
import type { ServeOptions } from './serve.js';
import { aborted, abortOnSignal } from './signals.js';

/**
 * Controls a run: waits for its roles, has them serve, and collects what they saw when it is ended.
 * @returns the exit code: 3 when something of what they saw is missing
 * @throws UserError for anything that cannot be, before anybody is waited for
 */
export async function serveControl(scenarioName: string, options: ServeOptions, io: Io): Promise<number> {
  const { host = OWN, port, seed } = options;
  const bus = busSettings(options);
  const scenario = withInbox(findScenario(scenarioName, io), options.inbox);
  const subject = onlySubject(findSubjects(scenario, options.architectures ?? []));
  refuseModes(options.asked, [subject]);
  refuseDelays([subject], bus);
  refuseProcesses([subject]);
  refuseOnHosts(subject, bus);
  const roles = rolesOf(subject, bus);
  await checkBus(bus);
  const token = tokenFor(host, options, io);
  await consentToListen(['the control line'], options, io);
  if (options.keep === undefined) throw new UserError('`serve control` collects what the roles saw: give --keep FOLDER, the one that the load was exported to.');
  const folder = keptFolder(options.keep, io);
  const line = await ControlLine.open({ host, port, token, roles, folder });
  const { signal, release } = abortOnSignal(io);
  const hosts = new Hosts(line, { about: aboutKept(scenario, subject, { seed, settings: bus, hop: 'http' }, io), bus, folder });
  try {
    io.stdout.write(`control line of ${subject.name} (${scenario.name}) at ${line.url}\nwaits for ${roles.map((role) => `serve ${role} --join ${line.url}`).join(', ')}\n`);
    const over = Promise.race([aborted(signal), line.stopped]);
    const url = await Promise.race([hosts.start(), over]);
    if (url !== undefined) io.stdout.write(`${subject.name} (${scenario.name}) serves at ${url}\n\n  curl -i -X POST ${url}/orders\n\nCtrl-C ends it, and so does POST ${line.url}/stop.\n`);
    await over;
    io.stderr.write(`What is under way comes to its end, for ${formatDuration(scenario.load.drain)} at most, and the roles hand over what they saw.\n`);
    const lost = await hosts.finish(scenario.load.drain);
    for (const sentence of lost) io.stderr.write(`${sentence}\n`);
    if (url === undefined) return EXIT.interrupted;
    io.stdout.write(`kept in ${options.keep}\n`);
    return lost.length > 0 ? EXIT.unknown : EXIT.passed;
  } finally {
    await hosts.stop();
    await line.close();
    release();
  }
}

/**
 * Serves as one role until the control line, or a signal, ends it.
 * @throws UserError when it cannot join, its process dies, or what it saw cannot be handed over
 */
export async function serveRole(role: Role, options: ServeOptions, io: Io): Promise<number> {
  const { host = OWN, port } = options;
  if (options.join === undefined) throw new UserError(`\`serve ${role}\` is a role of a run on many hosts: give --join with the address that \`serve control\` prints.`);
  const join = controlUrl(options.join, '--join');
  if (role !== 'consumers' && !isOwnAddress(new URL(join).hostname) && isOwnAddress(host)) {
    throw new UserError(`The control line is on another host, and nobody there reaches ${role} at ${host}: give --host with an address of this machine, or 0.0.0.0 for all.`);
  }
  const token = tokenOf(options, io);
  if (role !== 'consumers' || port !== 0) await consentToListen([role], options, io);
  const folder = options.keep === undefined ? mkdtempSync(path.join(tmpdir(), `sync-vs-events-${role}-`)) : keptFolder(options.keep, io);
  const group = new ProcessGroup();
  const line = new RoleLine(join, token);
  const { signal, release } = abortOnSignal(io);
  const runner = new RoleRunner(line, await group.start(ENTRIES[role]), { role, folder, host, port });
  // The server answers for itself.
  const probe = role === 'server' || port === 0 ? null : await openProbe({ host, port });
  // What it saw lies in the folder, and nowhere else.
  let isLeft = false;
  try {
    await Promise.race([runner.join(), aborted(signal)]);
    if (signal.aborted) return EXIT.interrupted;
    io.stdout.write(`${role} joined ${line.url}\n`);
    probe?.ready();
    // What a process that has died had written is handed over all the same.
    const died = await Promise.race([runner.ended, aborted(signal), group.failure]).catch((error: unknown) => error);
    isLeft = !(await handedOver(runner, io));
    if (isLeft) return EXIT.couldNotRun;
    io.stdout.write('handed over what it saw\n');
    if (died instanceof Error) throw died;
    return EXIT.passed;
  } finally {
    if (!isLeft && options.keep === undefined) rmSync(folder, { recursive: true, force: true });
    runner.stop();
    await probe?.close();
    await group.stop();
    release();
  }
}

/** Whether it could; told where it could not. A signal may have asked for it, and is no reason for another exit code. */
async function handedOver(runner: RoleRunner, io: Io): Promise<boolean> {
  try {
    await runner.handOver();
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.stderr.write(`error: ${error.message}\n`);
    return false;
  }
}

function onlySubject(subjects: readonly Subject[]): Subject {
  const [subject] = subjects;
  if (subjects.length === 1 && subject) return subject;
  throw new UserError('`serve control` serves one architecture on many hosts: name it with -a.');
}

/** @throws UserError for what cannot be on hosts of its own */
function refuseOnHosts({ name, services }: Subject, bus: BusSettings): void {
  const real = services.find(({ endpoint }) => endpoint);
  if (real) throw new UserError(`${real.name} is a real service, and what it takes to call it is not sent over a network: serve ${name} on one machine.`);
  if (BUSES[bus.name].capabilities.separateProcesses && bus.url === null) {
    throw new UserError(`Server and consumers on hosts of their own need a bus that both can reach: give --bus-url with the address of ${bus.name}.`);
  }
}

/** @throws UserError where others can reach the line and nobody has to know anything */
function tokenFor(host: string, options: ServeOptions, io: Io): string | undefined {
  const token = tokenOf(options, io);
  if (token !== undefined || isOwnAddress(host)) return token;
  throw new UserError(`A control line that other machines can reach needs a token: put one into ${TOKEN_VARIABLE}, here and where the roles are, or give --token.`);
}

function tokenOf({ token }: ServeOptions, { env }: Pick<Io, 'env'>): string | undefined {
  const said = token ?? env[TOKEN_VARIABLE];
  if (said !== '' || token === undefined) return said === '' ? undefined : said;
  throw new UserError('--token is empty: give a text that nobody guesses.');
}
