/** The image that every process of ours runs in, and the program in it that waits for others. */
import type { ExportedFiles } from '../engines/engine-load.js';
import { clientsOf, type Deployment } from './layout.js';

/** Pinned, and not the newest on purpose: what is measured is to be the same next year. */
export const NODE_IMAGE = 'node:24.11.1-bookworm-slim';
/** Users of the image without a name in it are as good as any: what it runs needs no home. */
const UID = 1000;
/** Where the image has what it runs. */
const APP = '/app';

/** The command that waits, within the image. */
export function waitCommand(url: string, seconds = 0): string[] {
  return ['node', `${APP}/probe.mjs`, url, ...(seconds > 0 ? [String(seconds)] : [])];
}

export function imageFiles(deployment: Pick<Deployment, 'bus' | 'package'>): ExportedFiles {
  return { Dockerfile: dockerfileOf(deployment), '.dockerignore': '*\n!probe.mjs\n!*.tgz\n!ca.pem\n', 'probe.mjs': PROBE };
}

/** Two stages: npm and its cache stay in the first. The program is process 1 itself, so that signals reach it. */
function dockerfileOf({ bus, package: name }: Pick<Deployment, 'bus' | 'package'>): string {
  return `# Made by \`sync-vs-events export\`.
ARG NODE=${NODE_IMAGE}

FROM \${NODE} AS build
WORKDIR ${APP}
COPY . .
# A tarball of this folder as well: --build-arg PACKAGE=./sync-vs-events-1.0.0.tgz
ARG PACKAGE=${name}
# Another registry, or a mirror: --build-arg NPM_CONFIG_REGISTRY=https://npm.example/
ARG NPM_CONFIG_REGISTRY=https://registry.npmjs.org/
# Behind a proxy that signs with a certificate of its own npm tries for minutes, and fails: that certificate belongs into this folder, as ca.pem.
RUN if [ -f ca.pem ]; then export NODE_EXTRA_CA_CERTS=${APP}/ca.pem; fi; npm install --omit=dev --ignore-scripts --no-audit --no-fund ${['"${PACKAGE}"', ...clientsOf(bus)].join(' ')}

FROM \${NODE}
ENV NODE_ENV=production
COPY --from=build ${APP} ${APP}
USER ${UID}:${UID}
WORKDIR /tmp
ENTRYPOINT ["node", "${APP}/node_modules/sync-vs-events/bin/sync-vs-events.js"]
`;
}

/** What the program below takes from Node. */
const IMPORTS = [['{ connect }', 'node:net'], ['{ setTimeout as sleep }', 'node:timers/promises']];

const PROBE = `// Asks until it is answered well: node probe.mjs http://host:port/path [SECONDS], or tcp://host:port. Made by \`sync-vs-events export\`.
${IMPORTS.map(([what, module]) => `import ${what} from '${module}';`).join('\n')}

const [, , address, seconds = '0'] = process.argv;
const url = new URL(address);

async function isThere() {
  if (url.protocol !== 'tcp:') return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port) });
    socket.once('connect', () => resolve(true)).once('error', reject).setTimeout(2000, () => socket.destroy(new Error('no answer')));
  });
}

for (const until = Date.now() + Number(seconds) * 1000; ; await sleep(500)) {
  if (await isThere().catch(() => false)) process.exit(0);
  if (Date.now() < until) continue;
  console.error(address + ' does not answer');
  process.exit(1);
}
`;
