/** Brokers with users each of whom is refused another call, by the broker's own means. */
import { Connection, createAclsV3 } from '@platformatic/kafka';
import { chmodSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import type { BrokerKind } from '../../src/events/buses.js';
import type { BusCall } from '../../src/events/refusal.js';
import { awsGate, type AwsGate } from '../support/aws-gate.js';

/** Who is refused a call, and what the broker says to him; or why nobody can be. */
export type Cell = readonly [user: string, reason: RegExp] | string;

/** A bus by everything that it may be asked. Whom it does not even connect needs no user. */
export type Row = Record<Exclude<BusCall, 'connect'>, Cell>;

/** A broker whose user `me` may do everything. */
export interface Guarded {
  /** Lines of its configuration. @param folder for files that they name */
  settings: (folder: string) => string | Promise<string>;
  /** Makes its users at the running broker, where its configuration cannot. @returns where it is asked, if not there */
  prepare?: (url: string) => Promise<string | void>;
  refuses: Row;
  stop?: () => void;
}

/** Needs escaping in a URL, and begins what is none. */
export const PASSWORD = 'p@ss%2';

const natsUser = (name: string, denied: string): string => `{ user: ${name}, password: "${PASSWORD}", permissions: { publish: { deny: "${denied}" } } }`;

const nats: Guarded = {
  settings: () => `accounts {
    SHOP { jetstream: enabled, users: [ { user: me, password: "${PASSWORD}" },
      ${natsUser('nocreate', '$JS.API.STREAM.CREATE.>')}, ${natsUser('nopublish', '*.events')}, ${natsUser('noread', '$JS.API.CONSUMER.MSG.NEXT.*.check')},
      ${natsUser('noack', '$JS.ACK.>')}, ${natsUser('nohold', '$JS.API.STREAM.INFO.>')}, ${natsUser('noremove', '$JS.API.STREAM.DELETE.>')} ] }
    BARE { users: [ { user: nojetstream, password: "${PASSWORD}" } ] } }`,
  refuses: {
    authenticate: ['me:wrong', /Authorization Violation/],
    create: ['nojetstream', /JetStream not enabled for account/],
    publish: ['nopublish', /Permissions Violation for Publish to "sync-vs-events-check-\d+\.events"/],
    read: ['noread', /Permissions Violation for Publish to "\$JS\.API\.CONSUMER\.MSG\.NEXT/],
    acknowledge: ['noack', /Permissions Violation for Publish to "\$JS\.ACK\./],
    hold: ['nohold', /Permissions Violation for Publish to "\$JS\.API\.STREAM\.INFO/],
    remove: ['noremove', /Permissions Violation/],
  },
};

const redisUser = (name: string, denied: string): string => `user ${name} on >${PASSWORD} ~* &* +@all ${denied}`;

const redis: Guarded = {
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
};

const bullmq: Guarded = {
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
    create: 'creates nothing: a queue is there once something is in it',
    publish: ['nopublish', /can't run this command.*script/],
    read: ['noread', /can't run this command.*script/],
    acknowledge: ['noack', /can't run this command.*script/],
    hold: ['nohold', /can't run this command.*script/],
    remove: ['noremove', /can't run this command.*script/],
  },
};

const postgres: Guarded = {
  settings: (folder) => {
    const file = join(folder, 'pg_hba.conf');
    writeFileSync(file, 'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n');
    // Whoever the server runs as has to get at it.
    chmodSync(folder, 0o755);
    return `hba_file = '${file}'`;
  },
  prepare: guardPostgres,
  refuses: {
    authenticate: ['me:wrong', /password authentication failed for user "me"/],
    create: ['nocreate', /permission denied for database/],
    publish: ['nopublish', /permission denied for table outbox/],
    read: ['noread', /permission denied for table deliveries/],
    acknowledge: ['noack', /permission denied for table deliveries/],
    hold: ['nohold', /permission denied for table deliveries/],
    remove: ['noremove', /must be owner of schema/],
  },
};

/** Owners may do everything with what they make, unless it is taken from them as soon as they have made it. */
async function guardPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const user of ['me', 'nocreate', 'nopublish', 'noread', 'noack', 'nohold', 'noremove']) {
    await client.query(`CREATE ROLE ${user} LOGIN PASSWORD '${PASSWORD}'`);
    if (user !== 'nocreate') await client.query(`GRANT CREATE ON DATABASE postgres TO ${user}`);
  }
  const denied = [['nopublish', 'outbox', 'INSERT'], ['noread', 'deliveries', 'UPDATE'], ['noack', 'deliveries', 'DELETE'], ['nohold', 'deliveries', 'SELECT']];
  const revoked = denied.map(([user, table, right]) => `IF session_user = '${user}' AND made LIKE '%.${table}' THEN EXECUTE format('REVOKE ${right} ON %s FROM ${user}', made); END IF;`);
  await client.query(`
    CREATE FUNCTION public.guard() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    DECLARE made text; schema text;
    BEGIN
      FOR made, schema IN SELECT object_identity, schema_name FROM pg_event_trigger_ddl_commands() WHERE command_tag = 'CREATE TABLE' LOOP
        ${revoked.join('\n')}
        IF session_user = 'noremove' AND made LIKE '%.dead' THEN
          EXECUTE format('ALTER SCHEMA %1$I OWNER TO postgres; GRANT ALL ON SCHEMA %1$I TO noremove', schema);
        END IF;
      END LOOP;
    END $$;
    CREATE EVENT TRIGGER guard ON ddl_command_end EXECUTE FUNCTION public.guard()`);
  await client.end();
}

/** What is refused whom, as RabbitMQ asks about it, and the how manieth time: one right stands for several calls. */
const RABBIT_DENIES: Record<string, { name: RegExp; permission: string; time: number }> = {
  nocreate: { name: /-check-\d+$/, permission: 'configure', time: 1 },
  nopublish: { name: /-check-\d+$/, permission: 'write', time: 1 },
  // Whoever may not read a queue may not declare one with a dead-letter exchange: that is the first time.
  nohold: { name: /\.check$/, permission: 'read', time: 2 },
  noread: { name: /\.check$/, permission: 'read', time: 3 },
  noremove: { name: /\.check$/, permission: 'configure', time: 2 },
};

let authority: Server | undefined;

/** An authority that RabbitMQ asks about every right, over HTTP. */
async function rabbitAuthority(): Promise<string> {
  const times = new Map<string, number>();
  const isDenied = (asked: URLSearchParams): boolean => {
    const [user = '', name = '', permission = ''] = ['username', 'name', 'permission'].map((key) => asked.get(key) ?? '');
    const denied = RABBIT_DENIES[user];
    if (!denied?.name.test(name) || denied.permission !== permission) return false;
    const time = (times.get(user + name) ?? 0) + 1;
    times.set(user + name, time);
    return time >= denied.time;
  };
  authority = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => response.end(isDenied(new URLSearchParams(text)) ? 'deny' : 'allow'));
  }).listen(0, '127.0.0.1');
  await once(authority, 'listening');
  return `http://127.0.0.1:${(authority.address() as AddressInfo).port}`;
}

const rabbitmq: Guarded = {
  settings: async (folder) => {
    const file = join(folder, 'definitions.json');
    const users = ['me', ...Object.keys(RABBIT_DENIES)].map((name) => ({ name, password: PASSWORD, tags: '' }));
    writeFileSync(file, JSON.stringify({ users, vhosts: [{ name: '/' }], permissions: [] }));
    const at = await rabbitAuthority();
    process.env['RABBITMQ_ENABLED_PLUGINS'] = 'rabbitmq_auth_backend_http';
    const paths = ['user', 'vhost', 'resource', 'topic'].map((path) => `auth_http.${path}_path = ${at}/${path}`);
    return [`load_definitions = ${file}`, 'auth_backends.1.authn = internal', 'auth_backends.1.authz = http', 'auth_http.http_method = post', ...paths].join('\n');
  },
  refuses: {
    authenticate: ['me:wrong', /ACCESS_REFUSED - Login was refused/],
    create: ['nocreate', /ACCESS_REFUSED - access to exchange/],
    publish: ['nopublish', /ACCESS_REFUSED - access to exchange/],
    read: ['noread', /ACCESS_REFUSED - access to queue/],
    acknowledge: 'takes no right: who was given a message may acknowledge it',
    hold: ['nohold', /ACCESS_REFUSED - access to queue/],
    remove: ['noremove', /ACCESS_REFUSED - access to queue/],
  },
  stop: () => {
    delete process.env['RABBITMQ_ENABLED_PLUGINS'];
    authority?.close();
    authority?.closeAllConnections();
  },
};

const RESOURCE = { topic: 2, group: 3, cluster: 4 };
const OPERATION = { all: 2, read: 3, write: 4, create: 5, delete: 6, describe: 8 };

const KAFKA_DENIES: Record<string, [resource: keyof typeof RESOURCE, operation: keyof typeof OPERATION][]> = {
  nocreate: [['topic', 'create'], ['cluster', 'create']],
  nopublish: [['topic', 'write']],
  noread: [['group', 'read']],
  nohold: [['group', 'describe']],
  noremove: [['topic', 'delete'], ['cluster', 'delete']],
};
const KAFKA_ADMIN = 'admin';

const kafka: Guarded = {
  settings: () => {
    const users = ['me', KAFKA_ADMIN, ...Object.keys(KAFKA_DENIES)].map((name) => `user_${name}="${PASSWORD}"`);
    const login = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${KAFKA_ADMIN}" password="${PASSWORD}" ${users.join(' ')};`;
    return [
      'listener.security.protocol.map=PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
      'inter.broker.listener.name=PLAINTEXT',
      'sasl.mechanism.inter.broker.protocol=PLAIN',
      'sasl.enabled.mechanisms=PLAIN',
      `listener.name.plaintext.plain.sasl.jaas.config=${login}`,
      'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      `super.users=User:ANONYMOUS;User:${KAFKA_ADMIN}`,
    ].join('\n');
  },
  prepare: async (url) => {
    const { hostname, port } = new URL(url);
    const connection = new Connection('test', { sasl: { mechanism: 'PLAIN', username: KAFKA_ADMIN, password: PASSWORD } });
    await connection.connect(hostname, Number(port));
    const rule = (user: string, resource: keyof typeof RESOURCE, operation: keyof typeof OPERATION, permissionType: number) => ({
      resourceType: RESOURCE[resource],
      resourceName: resource === 'cluster' ? 'kafka-cluster' : '*',
      resourcePatternType: 3,
      principal: `User:${user}`,
      host: '*',
      operation: OPERATION[operation],
      permissionType,
    });
    const allowed = (['topic', 'group', 'cluster'] as const).map((resource) => rule('*', resource, 'all', 3));
    const denied = Object.entries(KAFKA_DENIES).flatMap(([user, rights]) => rights.map(([resource, operation]) => rule(user, resource, operation, 2)));
    await createAclsV3.api.async(connection, [...allowed, ...denied]);
    await connection.close();
  },
  refuses: {
    authenticate: ['me:wrong', /SASL authentication failed/],
    create: ['nocreate', /Topic authorization failed/],
    publish: ['nopublish', /Topic authorization failed/],
    read: ['noread', /Group authorization failed/],
    acknowledge: 'is the right to read that the group is joined with',
    hold: ['nohold', /Group authorization failed/],
    remove: ['noremove', /Topic authorization failed/],
  },
};

let gate: AwsGate | undefined;

/** ElasticMQ lets everybody do everything. */
const sqs: Guarded = {
  settings: () => '',
  prepare: async (url) => {
    const denies = { me: '', nocreate: 'CreateQueue', nopublish: 'SendMessage', noack: 'DeleteMessage', nohold: 'ReceiveMessage', noremove: 'DeleteQueue' };
    gate = await awsGate(url, Object.fromEntries(Object.entries(denies).map(([name, action]) => [name, { secret: PASSWORD, denies: action }])));
    return gate.url;
  },
  refuses: {
    authenticate: ['me:wrong', /The request signature we calculated does not match/],
    create: ['nocreate', /not authorized to perform: sqs:CreateQueue/],
    publish: ['nopublish', /not authorized to perform: sqs:SendMessage/],
    read: 'is the right that it is asked what it holds with',
    acknowledge: ['noack', /not authorized to perform: sqs:DeleteMessage/],
    hold: ['nohold', /not authorized to perform: sqs:ReceiveMessage/],
    remove: ['noremove', /not authorized to perform: sqs:DeleteQueue/],
  },
  stop: () => gate?.close(),
};

export const GUARDED: Record<BrokerKind, Guarded> = { nats, redis, bullmq, rabbitmq, postgres, kafka, sqs };
