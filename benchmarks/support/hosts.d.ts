import type { Command, Commands } from './commands.js';

/** What a host is like. */
export interface Host {
  /** By how many days its monotonic clock is before the machine's; it has the machine's own without. */
  days?: number;
  /** How long its wire to the router is, one way, ms; 0 without. */
  wire?: number;
}

/** Hosts by their names. Linux, and root, only; what is started in them goes with the commands. */
export class Hosts<Name extends string = string> {
  constructor(layout: Readonly<Record<Name, Host>>, commands: Commands);
  /** Makes networks, wires and routes. */
  make(): Promise<void>;
  /** Removes them, or what of them was made. */
  remove(): void;
  /** The address by which others reach it. */
  address(name: Name): string;
  /** By how much its clock is before the machine's, ms. */
  ahead(name: Name): number;
  /** Runs a program in its network, to the end. @throws Error when it fails */
  inside(name: Name, program: string, ...args: string[]): void;
  /** Starts a program in its network and with its clock. */
  start(name: Name, program: string, ...args: string[]): Command;
}
