/** Manifests as the tests look at them. */
interface Container {
  name: string;
  image: string;
  args?: string[];
  command?: string[];
  restartPolicy?: string;
  ports?: { containerPort: number }[];
  startupProbe?: { httpGet: { path: string; port: number } };
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: { allowPrivilegeEscalation: boolean; capabilities: { drop: string[] } };
  volumeMounts: { name: string }[];
}

interface Pod {
  restartPolicy: string;
  securityContext: { runAsNonRoot: boolean; runAsUser: number };
  initContainers?: Container[];
  containers: Container[];
  volumes: { name: string; configMap?: { name: string } }[];
  affinity?: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { labelSelector: { matchExpressions: { values: string[] }[] } }[] } };
}

export interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  spec: Pod & { template?: { spec: Pod }; backoffLimit?: number; completions?: number; selector?: Record<string, string>; ports?: { port: number }[] };
}

const podOf = ({ spec }: Manifest): Pod => spec.template?.spec ?? spec;
export const pods = (all: Manifest[]): [string, Pod][] => all.filter(({ kind }) => kind === 'Job' || kind === 'Pod').map((one) => [one.metadata.name, podOf(one)]);
export const containers = (all: Manifest[]): Container[] => pods(all).flatMap(([, { initContainers = [], containers: main }]) => [...initContainers, ...main]);
