/** Where a run may be on many hosts, one entry each: what is written for it, loaded when it is asked for. */
import type { ExportedFiles } from '../engines/engine-load.js';
import type { Deployment } from './layout.js';

export interface Platform {
  title: string;
  files: (deployment: Deployment) => Promise<ExportedFiles>;
}

export const PLATFORMS = {
  compose: { title: 'Compose', files: async (deployment) => (await import('./compose.js')).composeFiles(deployment) },
  kubernetes: { title: 'Kubernetes', files: async (deployment) => (await import('./kubernetes.js')).kubernetesFiles(deployment) },
} as const satisfies Record<string, Platform>;

export type PlatformName = keyof typeof PLATFORMS;
export const PLATFORM_NAMES = Object.keys(PLATFORMS) as [PlatformName, ...PlatformName[]];

/** Everything but the load and the token. */
export async function platformFiles(platform: PlatformName, deployment: Deployment, scenario: string): Promise<ExportedFiles> {
  const [{ imageFiles }, { SCENARIO_FILE }] = await Promise.all([import('./image.js'), import('./layout.js')]);
  return { ...imageFiles(deployment), ...(await PLATFORMS[platform].files(deployment)), [SCENARIO_FILE]: scenario };
}
