/** What a bus can refuse, call by call, as a user is told of it: one line with the broker's reason, exit 2, nothing left running. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBroker, type Broker } from '../../src/events/brokers/broker.js';
import type { BrokerKind } from '../../src/events/buses.js';
import { BUS_CALLS, type BusCall } from '../../src/events/refusal.js';
import { needs } from '../support/needs.js';

const BIN = join(import.meta.dirname, '../../bin/sync-vs-events.js');
const folder = mkdtempSync(join(tmpdir(), 'refusals-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The command as a process of its own, which is given 30 s to end by itself. */
function bench(bus: string, url: string): Promise<{ code: number | null; err: string }> {
  const args = [BIN, 'bench', '-a', 'hybrid', '-c', '1', '-d', '500ms', '--warmup', '0s', '--quiet', '--bus', bus, '--bus-url', url];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 30_000, env: { ...process.env, NO_COLOR: '1' } }, (error, _, err) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : null) : 0, err });
    });
  });
}

/** Users of a broker, each refused another call; `me` may do everything. */
interface Guarded {
  settings: () => string;
  /** Makes its users at the running broker, where its configuration cannot. */
  prepare?: (url: string) => Promise<void>;
  /** User and what the broker says to it. */
  refuses: Partial<Record<BusCall, readonly [user: string, reason: RegExp]>>;
}

const PASSWORD = 'p@ss%2';
const natsUser = (name: string, denied: string): string => `{ user: ${name}, password: "${PASSWORD}", permissions: { publish: { deny: "${denied}" } } }`;
const redisUser = (name: string, denied: string): string => `user ${name} on >${PASSWORD} ~* &* +@all ${denied}`;

/** Kafka's own users are made at its own broker: it is no part of this table yet. */
const GUARDED: Record<Exclude<BrokerKind, 'kafka'>, Guarded> = {
  nats: {
    settings: () => `accounts {
      SHOP { jetstream: enabled, users: [ { user: me, password: "${PASSWORD}" },
        ${natsUser('nocreate', '$JS.API.STREAM.CREATE.>')}, ${natsUser('nopublish', '*.events')}, ${natsUser('noread', '$JS.API.CONSUMER.MSG.NEXT.>')},
        ${natsUser('noack', '$JS.ACK.>')}, ${natsUser('nohold', '$JS.API.STREAM.INFO.>')}, ${natsUser('noremove', '$JS.API.STREAM.DELETE.>')} ] }
      BARE { users: [ { user: nojetstream, password: "${PASSWORD}" } ] } }`,
    refuses: {
      authenticate: ['me:wrong', /Authorization Violation/],
      create: ['nojetstream', /JetStream not enabled for account/],
      publish: ['nopublish', /Permissions Violation for Publish to "sync-vs-events-check-\d+\.events"/],
      read: ['noread', /./],
      acknowledge: ['noack', /./],
      remove: ['noremove', /Permissions Violation/],
    },
  },
  redis: {
    settings: () => [
      'requirepass geheim',
      redisUser('me', ''),
      redisUser('nocreate', '-xgroup'),
      redisUser('nopublish', '-xadd'),
      redisUser('noread', '-xreadgroup'),
      redisUser('noack', '-xack'),
      redisUser('nohold', '-xinfo -xpending'),
      redisUser('noremove', '-del'),
    ].join('\n'),
    refuses: {
      authenticate: ['me:wrong', /WRONGPASS/],
      create: ['nocreate', /NOPERM .*xgroup/],
      publish: ['nopublish', /NOPERM .*xadd/],
      read: ['noread', /NOPERM .*xreadgroup/],
      acknowledge: ['noack', /NOPERM .*xack/],
      hold: ['nohold', /NOPERM .*xinfo/],
      remove: ['noremove', /NOPERM .*del/],
    },
  },
  bullmq: {
    settings: () => [
      redisUser('me', ''),
      redisUser('nopublish', '-incr'),
      redisUser('noread', '-rpoplpush'),
      redisUser('noack', '-lrem'),
      redisUser('nohold', '-lindex'),
      redisUser('noremove', '-ltrim'),
    ].join('\n'),
    // Redis names the script, not the command in it.
    refuses: {
      authenticate: ['me:wrong', /WRONGPASS/],
      publish: ['nopublish', /can't run this command.*script/],
      read: ['noread', /can't run this command.*script/],
      acknowledge: ['noack', /can't run this command.*script/],
      hold: ['nohold', /can't run this command.*script/],
      remove: ['noremove', /can't run this command.*script/],
    },
  },
  postgres: {
    settings: () => {
      const file = join(folder, 'pg_hba.conf');
      writeFileSync(file, 'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n');
      // Whoever the server runs as has to get at it.
      chmodSync(folder, 0o755);
      return `hba_file = '${file}'`;
    },
    prepare: guardPostgres,
    // Whoever may publish and read may ask what is held: it takes no other right.
    refuses: {
      authenticate: ['me:wrong', /password authentication failed for user "me"/],
      create: ['nocreate', /permission denied for database/],
      publish: ['nopublish', /permission denied for table outbox/],
      read: ['noread', /permission denied for table deliveries/],
      acknowledge: ['noack', /permission denied for table deliveries/],
      remove: ['noremove', /must be owner of schema/],
    },
  },
  rabbitmq: {
    settings: () => {
      const file = join(folder, 'definitions.json');
      // Whoever may not read a queue may not declare one with a dead-letter exchange: that shows when it is created.
      const may = (user: string, rights: object): object => ({ user, vhost: '/', configure: '.*', write: '.*', read: '.*', ...rights });
      const permissions = [may('me', {}), may('nocreate', { configure: '' }), may('nopublish', { write: '\\.(check|dead)$' })];
      const users = ['me', 'nocreate', 'nopublish'].map((name) => ({ name, password: PASSWORD, tags: '' }));
      writeFileSync(file, JSON.stringify({ users, vhosts: [{ name: '/' }], permissions }));
      return `load_definitions = ${file}`;
    },
    refuses: {
      authenticate: ['me:wrong', /ACCESS_REFUSED - Login was refused/],
      create: ['nocreate', /ACCESS_REFUSED - access to exchange/],
      publish: ['nopublish', /ACCESS_REFUSED - access to exchange/],
    },
  },
};

/** Owners may do everything with what they make, unless it is taken from them as soon as they have made it. */
async function guardPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const user of ['me', 'nocreate', 'nopublish', 'noread', 'noack', 'noremove']) {
    await client.query(`CREATE ROLE ${user} LOGIN PASSWORD '${PASSWORD}'`);
    if (user !== 'nocreate') await client.query(`GRANT CREATE ON DATABASE postgres TO ${user}`);
  }
  await client.query(`
    CREATE FUNCTION public.guard() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    DECLARE made text; schema text;
    BEGIN
      FOR made, schema IN SELECT object_identity, schema_name FROM pg_event_trigger_ddl_commands() WHERE command_tag = 'CREATE TABLE' LOOP
        IF session_user = 'nopublish' AND made LIKE '%.outbox' THEN EXECUTE format('REVOKE INSERT ON %s FROM nopublish', made); END IF;
        IF session_user = 'noread' AND made LIKE '%.deliveries' THEN EXECUTE format('REVOKE UPDATE ON %s FROM noread', made); END IF;
        IF session_user = 'noack' AND made LIKE '%.deliveries' THEN EXECUTE format('REVOKE DELETE ON %s FROM noack', made); END IF;
        IF session_user = 'noremove' AND made LIKE '%.dead' THEN
          EXECUTE format('ALTER SCHEMA %1$I OWNER TO postgres; GRANT ALL ON SCHEMA %1$I TO noremove', schema);
        END IF;
      END LOOP;
    END $$;
    CREATE EVENT TRIGGER guard ON ddl_command_end EXECUTE FUNCTION public.guard()`);
  await client.end();
}

const SENTENCE = /^error: The (NATS|Redis|BullMQ|RabbitMQ|PostgreSQL) server at \S+:\*\*\*@127\.0\.0\.1:\d+(?:\/|\/postgres)? refuses to /;

for (const kind of ['nats', 'redis', 'bullmq', 'rabbitmq', 'postgres'] as const) {
  describe(`what ${kind} refuses`, { timeout: 60_000, ...needs(kind) }, () => {
    const { settings, prepare, refuses } = GUARDED[kind];
    let broker: Broker;
    beforeAll(async () => {
      broker = await startBroker(kind, undefined, settings());
      await prepare?.(broker.url);
    }, 90_000);
    afterAll(() => broker.stop());
    const as = (user: string): string => {
      const [name = '', password = PASSWORD] = user.split(':');
      const url = new URL(broker.url);
      return `${url.protocol}//${name}:${encodeURIComponent(password)}@${url.host}${kind === 'postgres' ? '/postgres' : ''}`;
    };

    it('is nothing to a user with all rights', async () => {
      const { code, err } = await bench(kind, as('me'));
      expect(err).toBe('');
      // Measured, on a machine that may have been busy.
      expect([0, 3]).toContain(code);
    });

    it.each(Object.entries(refuses))('%s: the reason in one line, exit 2, and the process ends', async (call, [user, reason]) => {
      const { code, err } = await bench(kind, as(user));
      expect(err).toMatch(SENTENCE);
      expect(err).toContain(`refuses to ${BUS_CALLS[call as BusCall]}: `);
      expect(err).toMatch(reason);
      expect(err.trim().split('\n')).toHaveLength(1);
      expect(err).not.toContain(PASSWORD);
      expect(code).toBe(2);
    });

    it('connect: a port that takes connections and says nothing is no broker', async () => {
      const silent = createServer(() => {}).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { code, err } = await bench(kind, `${new URL(broker.url).protocol}//127.0.0.1:${(silent.address() as AddressInfo).port}`);
      silent.close();
      expect(err).toMatch(/^error: No (NATS|Redis|BullMQ|RabbitMQ|PostgreSQL) server answers at \S+: [^\n]+\n$/);
      expect(code).toBe(2);
    });
  });
}
