/** Where a run may be on many hosts, one entry each: what is written for it. */
import type { ExportedFiles } from '../engines/engine-load.js';
import { composeYaml } from './compose.js';
import { imageFiles } from './image.js';
import { kubernetesFiles } from './kubernetes.js';
import { SCENARIO_FILE, type Deployment } from './layout.js';
import { composeReadme, kubernetesReadme } from './readme.js';

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
