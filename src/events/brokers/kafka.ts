/** Apache Kafka as a private broker: one node that is broker and controller in one (KRaft), from a folder of jars. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { cachedJars, folderWith, JAVA, JAVA_OPTIONS, type Env } from './java.js';
import type { BrokerPlace, PrivateBroker } from './private-broker.js';

/** What `scripts/broker-jars.sh` copies. */
const VERSION = '4.1.0';

/** Largest event: above the default of 1 MiB, so that bloated payloads can be measured. */
const MAX_EVENT = 8 * 1024 * 1024;

export const kafkaBroker: PrivateBroker = {
  ...JAVA,
  missing: (env) =>
    kafkaJars(env) === undefined
      ? 'Apache Kafka 4, which is neither at KAFKA_HOME nor on the PATH (from kafka.apache.org, macOS: brew install kafka; in a clone, with Maven: bash scripts/broker-jars.sh kafka)'
      : undefined,
  url: ({ port }) => `kafka://127.0.0.1:${port}`,
  files: (place) => ({
    'server.properties': propertiesOf(place),
    // What `kafka-storage format` writes, without another start of Java; the node adds an id of the folder.
    'meta.properties': 'version=1\nnode.id=1\ncluster.id=c3luYy12cy1ldmVudHM5OQ\n',
  }),
  args: ({ folder }) => [...JAVA_OPTIONS, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', path.join(kafkaJars(process.env) ?? '', '*'), 'kafka.Kafka', path.join(folder, 'server.properties')],
  env: () => ({}),
  // ApiVersions, version 0; any answer begins with its length.
  probe: { say: '\u0000\u0000\u0000\u000a\u0000\u0012\u0000\u0000\u0000\u0000\u0000\u0001\u00ff\u00ff', hear: ['\u0000'] },
  startTime: 4000,
  settleTime: 0,
};

/** The folder of Kafka's jars: of `KAFKA_HOME`, beside the program on the PATH, or copied by the script; undefined: none. */
export function kafkaJars(env: Env): string | undefined {
  const home = env['KAFKA_HOME'];
  return folderWith(/^kafka_.*\.jar$/, [...(home ? [path.join(home, 'libs')] : []), ...besideProgram(env['PATH'] ?? ''), cachedJars(env, `kafka-${VERSION}`)]);
}

/** Homebrew wraps the program: its own folders are below libexec. */
function besideProgram(searchPath: string): string[] {
  const folders = searchPath.split(path.delimiter).filter(Boolean);
  const programs = folders.flatMap((folder) => ['kafka-server-start.sh', 'kafka-server-start'].map((name) => path.join(folder, name)));
  return programs.filter((program) => existsSync(program)).flatMap((program) => {
    const home = path.dirname(path.dirname(realpathSync(program)));
    return [path.join(home, 'libs'), path.join(home, 'libexec', 'libs')];
  });
}

/** Small, quick to serve and to come back; nothing of it makes an acknowledged event safer or less safe than the defaults. */
function propertiesOf({ folder, port, otherPort }: BrokerPlace): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${otherPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${otherPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': folder,
    'auto.create.topics.enable': false,
    'message.max.bytes': MAX_EVENT,
    // One node has one replica, and its own topics need no more partitions than its users do.
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    // A first rebalance waits for members to come, three seconds as a rule.
    'group.initial.rebalance.delay.ms': 0,
    // A broker that was killed is known to be dead, and may come back.
    'broker.heartbeat.interval.ms': 100,
    'broker.session.timeout.ms': 1000,
    'log.cleaner.dedupe.buffer.size': 2 * 1024 * 1024,
    'num.network.threads': 2,
    'num.io.threads': 4,
  }).map(([name, value]) => `${name}=${value}\n`).join('');
}
