/** Where a run may be on many hosts, one entry each: what is written for it. */
import type { ExportedFiles } from '../engines/engine-load.js';
import { composeYaml } from './compose.js';
import { imageFiles } from './image.js';
import { kubernetesFiles } from './kubernetes.js';
import { SCENARIO_FILE, type Deployment, TOKEN_FILE } from './layout.js';

export interface Platform {
  title: string;
  files: (deployment: Deployment) => ExportedFiles;
}

export const PLATFORMS = {
  compose: { title: 'Compose', files: (deployment) => ({ 'compose.yaml': composeYaml(deployment), 'README.md': composeReadme(deployment) }) },
  kubernetes: { title: 'Kubernetes', files: (deployment) => ({ ...kubernetesFiles(deployment), 'README.md': kubernetesReadme(deployment) }) },
} as const satisfies Record<string, Platform>;

export type PlatformName = keyof typeof PLATFORMS;
export const PLATFORM_NAMES = Object.keys(PLATFORMS) as [PlatformName, ...PlatformName[]];

/** Everything but the load and the token. */
export function platformFiles(platform: PlatformName, deployment: Deployment, scenario: string): ExportedFiles {
  return { ...imageFiles(deployment), ...PLATFORMS[platform].files(deployment), [SCENARIO_FILE]: scenario };
}

/** How an exported run is run, in the folder itself. */
function composeReadme(deployment: Deployment): string {
  return `${titleOf(deployment)}, under Compose

In this folder:

    docker compose run --build --rm collect

It builds the image, starts everything in the order in which each part is ready, makes the load, ends the run, and prints the record
that is then in \`load/run.json\` and \`load/report.html\`. Its exit code is that of the verdict. What is left is removed by

    docker compose down

A folder has one run: export again for another one. ${secretOf()}
`;
}

function kubernetesReadme(deployment: Deployment): string {
  return `${titleOf(deployment)}, on Kubernetes

In this folder, with a registry that the cluster reads from (say so by \`--image\`):

    docker build --push -t ${deployment.image} .
    kubectl apply -k .
    kubectl logs -n sync-vs-events -f job/run -c collect --pod-running-timeout=30m > run.json

The record is what the last one prints: \`npx sync-vs-events report run.json -o html=report.html\`. \`kubectl delete -k .\` removes it all.

It takes Kubernetes 1.29 (containers beside others), and two nodes: the server is never on a node of the load. What is measured is a Job
that is tried once; requests are limits, in whole cores, so that a node whose CPU manager is \`static\` gives each its own.
${secretOf()}
`;
}

function titleOf({ scenario, subject }: Deployment): string {
  return `# ${scenario} on ${subject}`;
}

function secretOf(): string {
  return `\`${TOKEN_FILE}\` is a secret, made for this run: keep it out of repositories.`;
}
