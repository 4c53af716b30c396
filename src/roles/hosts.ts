/** A run whose processes are roles on hosts of their own: started, drained and ended over the control line. */
import { once } from 'node:events';
import { messageOf } from '../base/errors.js';
import { now } from '../base/clock.js';
import { BUSES } from '../events/buses.js';
import type { BusSettings } from '../events/settings.js';
import { ProcessGroup } from '../experiment/process-group.js';
import { startServing, type Serving } from '../experiment/processes.js';
import { quiet } from '../experiment/system.js';
import type { Remote } from '../processes/channel.js';
import type { Child } from '../processes/child.js';
import { callGraphOf } from '../scenarios/architectures.js';
import type { Subject } from '../scenarios/subject.js';
import type { ControlLine } from './control-line.js';
import { keepServing, type KeptServing, type Role } from './run-folder.js';
import type { About } from './run-folder-writer.js';
import type { Member } from './member.js';

/** The entry of each role's process. */
export const ENTRIES: Readonly<Record<Role, string>> = {
  services: 'services-process.js',
  server: 'server-process.js',
  consumers: 'consumers-process.js',
};

/** The roles of a subject: with a bus in the server's process, its consumers are there as well. */
export function rolesOf(subject: Subject, { name }: BusSettings): Role[] {
  const apart = BUSES[name].capabilities.separateProcesses && callGraphOf(subject).streams.length > 0;
  return apart ? ['services', 'server', 'consumers'] : ['services', 'server'];
}

/** Longest wait for a role to hand over its files, ms. */
const HAND_OVER_WITHIN = 120_000;

/** What a role is asked beside the functions of its process: to end it, and hand over what it saw. */
export const END = 'end';

/** Processes of this machine, and roles of others in their places. */
class HostGroup extends ProcessGroup {
  private readonly members: ReadonlyMap<Role, Member>;

  constructor(members: ReadonlyMap<Role, Member>) {
    super();
    this.members = members;
  }

  protected override async begin<R extends Remote>(entry: string): Promise<Child<R>> {
    const member = [...this.members.values()].find(({ role }) => ENTRIES[role] === entry);
    if (!member) return super.begin(entry);
    // One that has not joined when the run is over is waited for no longer.
    await Promise.race([member.joined, once(this.over, 'abort')]);
    if (this.over.aborted) throw new Error('The run is over');
    return member.child<R>();
  }
}

/** How it is run. */
export interface HostsOptions {
  about: About;
  bus: BusSettings;
  /** Folder where it is kept. */
  folder: string;
}

export class Hosts {
  private readonly line: ControlLine;
  private readonly group: HostGroup;
  private readonly folder: string;
  private readonly bus: BusSettings;
  private readonly kept: KeptServing;
  private serving: Serving | undefined;

  constructor(line: ControlLine, { about, bus, folder }: HostsOptions) {
    this.line = line;
    this.group = new HostGroup(line.members);
    this.folder = folder;
    this.bus = bus;
    this.kept = { ...about, roles: [...line.members.keys()], apart: true, endedAt: null, held: {}, lost: [] };
    keepServing(folder, this.kept);
  }

  /** Waits for the roles, and has them serve. Resolves with the address of the server. */
  async start(): Promise<string> {
    const { subject, seed } = this.kept;
    this.serving = await startServing(this.group, subject, { seed, bus: this.bus, keep: this.folder });
    this.line.isReady = true;
    return this.serving.url;
  }

  /** Lets what is under way come to its end, for `within` ms at most, and has every role hand over what it saw. @returns what is missing */
  async finish(within: number): Promise<string[]> {
    this.line.isReady = false;
    const { serving } = this;
    const members = [...this.line.members.values()];
    if (serving && members.every(({ isDone }) => !isDone)) await quiet(serving, within).catch(() => {});
    // Nothing is published any more when the consumers are closed.
    for (const role of ['server', 'consumers'] as const) await this.line.members.get(role)?.call('close', undefined).catch(() => {});
    const heldByServer = await this.heldInServer(serving);
    const lost: string[] = [];
    const events = serving?.events;
    // Once more: it is asked through a new connection, and without an answer the whole trial has no books.
    const held = (await events?.held().catch(() => events.held()).catch((error: unknown) => void lost.push(`What the bus held is not known: ${messageOf(error)}`))) ?? heldByServer;
    const endedAt = now();
    await Promise.all(members.map(async (member) => lost.push(...(await handedOver(member)))));
    keepServing(this.folder, { ...this.kept, endedAt, held, lost });
    await this.group.stop();
    return lost;
  }

  /** Ends without what the roles saw. */
  async stop(): Promise<void> {
    await this.group.stop();
  }

  /** With the bus in it, the server knows what that holds. */
  private async heldInServer(serving: Serving | undefined): Promise<Record<string, string[]>> {
    if (!serving || serving.events) return {};
    return serving.server.calls.held(undefined).catch(() => ({}));
  }
}

async function handedOver(member: Member): Promise<string[]> {
  const failed = member.failure === undefined ? [] : [member.failure];
  if (member.isDone) return failed;
  if (member.life === undefined) return [member.absence];
  try {
    await member.call(END, undefined, HAND_OVER_WITHIN);
    return failed;
  } catch (error) {
    return [...failed, messageOf(error)];
  }
}
