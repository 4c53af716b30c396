/** How a private PostgreSQL server is started: from the distribution's binaries, in a folder of its own, not as root. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { BrokerPlace, PrivateBroker } from './private-broker.js';

/** Debian keeps the programs of each version off the path. */
const DEBIAN = '/usr/lib/postgresql';

export const postgresBroker: PrivateBroker = {
  binary: 'postgres',
  folders: debianFolders,
  install: 'Debian and Ubuntu: apt install postgresql, macOS: brew install postgresql',
  url: ({ port }) => `postgres://postgres@127.0.0.1:${port}/postgres`,
  // What makes a commit safe (fsync, synchronous_commit) stays as it comes.
  files: ({ folder, port }) => ({
    'postgresql.conf': [
      `port = ${port}`,
      "listen_addresses = '127.0.0.1'",
      "unix_socket_directories = ''",
      `hba_file = '${path.join(dataOf(folder), 'pg_hba.conf')}'`,
      'max_connections = 200',
    ].join('\n'),
  }),
  prepare: createCluster,
  args: ({ folder }) => ['-D', dataOf(folder), '-c', `config_file=${path.join(folder, 'postgresql.conf')}`],
  env: () => ({}),
  runsAs: ordinaryUser,
  // A start-up message of protocol 3.0: until it serves, it answers with an error.
  probe: { say: startUpMessage('postgres'), hear: ['R'] },
  startTime: 3000,
  settleTime: 0,
};

function dataOf(folder: string): string {
  return path.join(folder, 'data');
}

/** The newest first. */
function debianFolders(): string[] {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => path.join(DEBIAN, version, 'bin'));
}

/** @throws Error with the last line that initdb said */
function createCluster({ folder }: BrokerPlace, program: string): void {
  const user = ordinaryUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const args = ['-D', dataOf(folder), '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(path.join(path.dirname(program), 'initdb'), args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...user });
}

/** The server refuses to run as root: the system's user for it does, or nobody. */
function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return idOf('postgres') ?? idOf('nobody');
}

function idOf(name: string): { uid: number; gid: number } | undefined {
  const ask = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return undefined;
  }
}

function startUpMessage(user: string): string {
  const body = `\u0000\u0003\u0000\u0000user\u0000${user}\u0000\u0000`;
  return `\u0000\u0000\u0000${String.fromCodePoint(body.length + 4)}${body}`;
}
