/** ElasticMQ as a private SQS: a server of its interface, which keeps queues and messages in a file beside it (H2). */
import path from 'node:path';
import { cachedJars, folderWith, JAVA, JAVA_OPTIONS, type Env } from './java.js';
import type { BrokerPlace, PrivateBroker } from './private-broker.js';

/** What `scripts/broker-jars.sh` copies. */
const VERSION = '1.7.1';

export const sqsBroker: PrivateBroker = {
  ...JAVA,
  missing: (env) =>
    elasticmqJars(env) === undefined
      ? 'ElasticMQ, which stands for SQS and is not at ELASTICMQ_HOME (elasticmq-server-all.jar from github.com/softwaremill/elasticmq; in a clone, with Maven: bash scripts/broker-jars.sh elasticmq)'
      : undefined,
  // It looks at no credentials, and the client sends nothing without.
  url: ({ port }) => `http://local:local@127.0.0.1:${port}`,
  files: (place) => ({ 'elasticmq.conf': settingsOf(place), 'queues.conf': 'queues {}\n', 'logback.xml': LOGS }),
  args: ({ folder }) => [
    ...JAVA_OPTIONS,
    `-Dconfig.file=${path.join(folder, 'elasticmq.conf')}`,
    `-Dlogback.configurationFile=${path.join(folder, 'logback.xml')}`,
    '-cp',
    path.join(elasticmqJars(process.env) ?? '', '*'),
    'org.elasticmq.server.Main',
  ],
  env: () => ({}),
  probe: { say: 'GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', hear: ['HTTP/1.1 200'] },
  startTime: 1500,
  settleTime: 0,
};

/** The folder of its jars: of `ELASTICMQ_HOME`, or copied by the script; undefined: none. */
export function elasticmqJars(env: Env): string | undefined {
  const home = env['ELASTICMQ_HOME'];
  return folderWith(/^elasticmq-server.*\.jar$/, [...(home ? [home] : []), cachedJars(env, `elasticmq-${VERSION}`)]);
}

/**
 * SQS does not lose what it has taken, and by default ElasticMQ has it in memory alone: here every statement is committed and written
 * before it is answered (WRITE_DELAY, 500 ms by default). What is written is not synced, so that a power failure may take some. The
 * file is not made smaller meanwhile, which would hold up every call.
 */
function settingsOf({ folder, port }: BrokerPlace): string {
  const file = (name: string): string => JSON.stringify(path.join(folder, name));
  return [
    'include classpath("application.conf")',
    `node-address { host = "127.0.0.1", port = ${port} }`,
    `rest-sqs { bind-hostname = "127.0.0.1", bind-port = ${port} }`,
    `queues-storage { enabled = true, path = ${file('queues.conf')} }`,
    `messages-storage { enabled = true, uri = ${JSON.stringify(`jdbc:h2:${path.join(folder, 'messages')};WRITE_DELAY=0;AUTO_COMPACT_FILL_RATE=0`)} }`,
    'pekko.loglevel = "ERROR"',
  ].join('\n');
}

/** Failures alone, so that a server which does not start says why. */
const LOGS = `<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%msg%n</pattern></encoder></appender>
  <root level="ERROR"><appender-ref ref="out"/></root>
</configuration>
`;
