/** Hosts, imitated on one machine: a network namespace and a monotonic clock for each, joined by wires to a router between them. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WIRE = fileURLToPath(new URL('wire.py', import.meta.url));
const DAY = 86_400;
const ROUTER = 'router';

function ip(...args) {
  execFileSync('ip', args, { stdio: 'pipe' });
}

export class Hosts {
  #id = process.pid.toString(36);
  #layout;
  #commands;

  constructor(layout, commands) {
    this.#layout = layout;
    this.#commands = commands;
  }

  /** Makes them all. */
  async make() {
    for (const name of [ROUTER, ...Object.keys(this.#layout)]) {
      ip('netns', 'add', this.#namespace(name));
      ip('-n', this.#namespace(name), 'link', 'set', 'lo', 'up');
    }
    this.inside(ROUTER, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    for (const [name, { wire }] of Object.entries(this.#layout)) await this.#join(name, wire);
  }

  remove() {
    for (const name of [ROUTER, ...Object.keys(this.#layout)]) {
      try {
        ip('netns', 'del', this.#namespace(name));
      } catch {
        // It was not made.
      }
    }
  }

  address(name) {
    return this.#addressAt(name, 2);
  }

  ahead(name) {
    return (this.#layout[name].days ?? 0) * DAY * 1000;
  }

  inside(name, program, ...args) {
    execFileSync('ip', ['netns', 'exec', this.#namespace(name), program, ...args], { stdio: 'pipe' });
  }

  start(name, program, ...args) {
    const { days } = this.#layout[name];
    const clock = days ? ['unshare', '-T', '--kill-child', '--monotonic', String(days * DAY)] : [];
    return this.#commands.startProgram('ip', ['netns', 'exec', this.#namespace(name), ...clock, program, ...args]);
  }

  /** A pair of virtual Ethernet, or a wire that takes its time. */
  async #join(name, wire) {
    const [near, far] = [`n${this.#netOf(name)}-${this.#id}`, `f${this.#netOf(name)}-${this.#id}`];
    const [router, own] = [this.#namespace(ROUTER), this.#namespace(name)];
    if (wire) {
      await this.#commands.startProgram('ip', ['netns', 'exec', router, 'python3', WIRE, String(wire), near, far]).says(/ready/);
      ip('-n', router, 'link', 'set', far, 'netns', own);
    } else {
      ip('link', 'add', near, 'netns', router, 'type', 'veth', 'peer', 'name', far, 'netns', own);
    }
    for (const [where, link, side] of [[router, near, 1], [own, far, 2]]) {
      ip('-n', where, 'addr', 'add', `${this.#addressAt(name, side)}/24`, 'dev', link);
      ip('-n', where, 'link', 'set', link, 'up');
    }
    ip('-n', own, 'route', 'add', 'default', 'via', this.#addressAt(name, 1));
  }

  #namespace(name) {
    return `sve-${this.#id}-${name}`;
  }

  #netOf(name) {
    return Object.keys(this.#layout).indexOf(name) + 1;
  }

  #addressAt(name, side) {
    return `10.77.${this.#netOf(name)}.${side}`;
  }
}
