/** A run under Compose: every process a container of its own on one machine, each started when those it needs are ready. */
import type { ExportedFiles } from '../engines/engine-load.js';
import { CONTROL } from '../roles/run-folder.js';
import { waitCommand } from './image.js';
import {
  brokerProcess, collectOf, controlOf, generatorOf, PORTS, roleOf, RUN_FOLDER, SCENARIO_FILE, SCENARIO_PLACE, titleOf, TOKEN_FILE, TOKEN_NOTE, workerOf, type Deployment, type Process,
} from './layout.js';
import { yamlOf } from './yaml.js';

/** When a service may start, of another one. */
type Condition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

const HEAD = `# Made by \`sync-vs-events export compose\`; README.md says how it is run. No limits of CPU: on one machine they only make processes wait.
`;

/** Tells whether a service has come up, each second. */
const BEAT = { interval: '1s', timeout: '5s', retries: 120 };

/** `compose.yaml`, and how it is run. */
export function composeFiles(deployment: Deployment): ExportedFiles {
  const yaml = `${HEAD}${yamlOf({ name: 'sync-vs-events', services: servicesOf(deployment) })}`;
  return { 'compose.yaml': yaml, 'README.md': readmeOf(deployment) };
}

/** How an exported run is run, in the folder itself. */
function readmeOf(deployment: Deployment): string {
  return `${titleOf(deployment)}, under Compose

In this folder:

    docker compose run --build --rm collect

It builds the image, starts everything in the order in which each part is ready, makes the load, ends the run, and prints the record
that is then in \`load/run.json\` and \`load/report.html\`. Its exit code is that of the verdict. What is left is removed by

    docker compose down

A folder has one run: export again for another one. ${TOKEN_NOTE}
`;
}

function servicesOf(deployment: Deployment): Record<string, object> {
  const { roles, workers: count, user } = deployment;
  const workers = Array.from({ length: count }, (_, i) => `worker-${i + 1}`);
  const runsAs = { user: `${user.uid}:${user.gid}` };
  const folder = `./load:${RUN_FOLDER}`;
  const ours = (process: Process): object => ({ image: deployment.image, build: '.', ...common(process), env_file: [TOKEN_FILE] });
  const broker = brokerProcess(deployment);
  return {
    ...(broker && { broker: { ...common(broker), healthcheck: { test: ['CMD', ...broker.health], ...BEAT } } }),
    [CONTROL]: {
      ...ours(controlOf(deployment)),
      ...runsAs,
      volumes: [folder, `./${SCENARIO_FILE}:${SCENARIO_PLACE}:ro`],
      healthcheck: probed(PORTS.control, '/live'),
      ...(broker && { depends_on: after(['broker'], 'service_healthy') }),
    },
    ...Object.fromEntries(roles.map((role) => {
      const process = roleOf(role);
      return [role, { ...ours(process), healthcheck: probed(PORTS[role], '/ready'), depends_on: after([CONTROL], 'service_healthy') }];
    })),
    generator: { ...common(generatorOf(deployment)), ...runsAs, ...LOCUST, volumes: [folder], depends_on: after(roles, 'service_healthy') },
    ...Object.fromEntries(workers.map((name) => [name, { ...common(workerOf(name)), ...runsAs, ...LOCUST, volumes: [`${folder}:ro`], depends_on: after(['generator'], 'service_started') }])),
    collect: {
      ...ours(collectOf([`json=${RUN_FOLDER}/run.json`, `html=${RUN_FOLDER}/report.html`])),
      ...runsAs,
      volumes: [folder],
      depends_on: { ...after(workers, 'service_started'), ...after(['generator'], 'service_completed_successfully') },
    },
  };
}

/** Rows are written where it runs; whoever it runs as may have no home there. */
const LOCUST = { working_dir: RUN_FOLDER, environment: { HOME: '/tmp' } };

function common({ image, args, env = {} }: Process): object {
  const environment = Object.keys(env).length > 0 ? { environment: env } : {};
  return { ...(image !== undefined && { image }), ...(args.length > 0 && { command: args }), ...environment, restart: 'no' };
}

function probed(port: number, path: string): object {
  return { test: ['CMD', ...waitCommand(`http://127.0.0.1:${port}${path}`)], ...BEAT };
}

function after(names: readonly string[], condition: Condition): Record<string, { condition: Condition }> {
  return Object.fromEntries(names.map((name) => [name, { condition }]));
}
