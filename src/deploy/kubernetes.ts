/** A run on Kubernetes, for kustomize: what is measured are Jobs that are never restarted, with cores of their own, the load apart from the server. */
import { type ExportedFiles, MANIFEST_FILE } from '../engines/engine-load.js';
import { CONTROL, type Role } from '../roles/run-folder.js';
import { waitCommand } from './image.js';
import {
  brokerProcess, collectOf, CONTROL_URL, controlOf, generatorOf, LOCUSTFILE, roleOf, RUN_FOLDER, SCENARIO_FILE, SCENARIO_PLACE, titleOf, TOKEN_FILE, TOKEN_NOTE, workerOf,
  type Deployment, type Process,
} from './layout.js';
import { yamlOf } from './yaml.js';

const NAMESPACE = 'sync-vs-events';
/** Names that kustomize gives the ends of. */
const TOKEN = 'token';
const FILES = 'run';
/** Image as the manifests name it; kustomization.yaml says which one that is. */
const IMAGE = 'sync-vs-events';
/** Longest wait for nodes and images, s. */
const PATIENCE = 900;
/** Numbers, so that it can be seen that they are not root's. */
const USER = { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } };

/** The manifests and their `kustomization.yaml`, and how they are applied. */
export function kubernetesFiles(deployment: Deployment): ExportedFiles {
  const broker = brokerProcess(deployment);
  const manifests = {
    'namespace.yaml': [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }],
    ...(broker && { 'broker.yaml': [brokerPod(broker), serviceOf('broker', broker)] }),
    'run.yaml': [runJob(deployment), serviceOf(CONTROL, controlOf(deployment), FILES), serviceOf('generator', generatorOf(deployment), FILES)],
    ...Object.fromEntries(deployment.roles.map((role) => [`${role}.yaml`, [roleJob(role), serviceOf(role, roleOf(role))]])),
    'worker.yaml': [workerJob(deployment.workers)],
  };
  const texts = Object.entries(manifests).map(([name, objects]) => [name, objects.map(yamlOf).join('---\n')]);
  return { 'kustomization.yaml': yamlOf(kustomization(deployment, Object.keys(manifests))), ...Object.fromEntries(texts), 'README.md': readmeOf(deployment) };
}

function readmeOf(deployment: Deployment): string {
  return `${titleOf(deployment)}, on Kubernetes

In this folder, with a registry that the cluster reads from (say so by \`--image\`):

    docker build --push -t ${deployment.image} .
    kubectl apply -k .
    kubectl logs -n sync-vs-events -f job/run -c collect --pod-running-timeout=30m > run.json

The record is what the last one prints: \`npx sync-vs-events report run.json -o html=report.html\`. \`kubectl delete -k .\` removes it all.

It takes Kubernetes 1.29 (containers beside others), and two nodes: the server is never on a node of the load. What is measured is a Job
that is tried once; requests are limits, in whole cores, so that a node whose CPU manager is \`static\` gives each its own.
${TOKEN_NOTE}
`;
}

function kustomization({ image }: Deployment, resources: string[]): object {
  const [, newName = image, newTag = 'latest'] = /^(.+):([^:/]+)$/.exec(image) ?? [];
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: NAMESPACE,
    resources,
    images: [{ name: IMAGE, newName, newTag }],
    configMapGenerator: [{ name: FILES, files: [SCENARIO_FILE, `load/${LOCUSTFILE}`, `load/${MANIFEST_FILE}`] }],
    secretGenerator: [{ name: TOKEN, envs: [TOKEN_FILE] }],
  };
}

/** Control, the master of the load and what collects share a folder, and so a pod: the first beside the others, these one after the other. */
function runJob(deployment: Deployment): object {
  const control = controlOf(deployment);
  const broker = brokerProcess(deployment);
  const scenario = { name: 'files', mountPath: SCENARIO_PLACE, subPath: SCENARIO_FILE };
  const script = { name: 'files', mountPath: `${RUN_FOLDER}/${LOCUSTFILE}`, subPath: LOCUSTFILE };
  const manifest = { name: 'files', mountPath: `${RUN_FOLDER}/${MANIFEST_FILE}`, subPath: MANIFEST_FILE };
  const run = { name: 'load', mountPath: RUN_FOLDER };
  // The whole run fits in after the longest wait.
  const deadline = { activeDeadlineSeconds: 2 * PATIENCE + deployment.longest };
  return job(FILES, deadline, {
    initContainers: [
      ...(broker ? [waiting(`tcp://broker:${broker.port}`)] : []),
      // It lives as long as the pod. Started again it would refuse: the folder has a run already.
      { ...container(control, [run, scenario]), restartPolicy: 'Always', startupProbe: { ...ready(control), failureThreshold: PATIENCE } },
      container(generatorOf(deployment), [run, script]),
    ],
    containers: [container(collectOf(['json=-']), [run, manifest])],
    volumes: [...SCRATCH, { name: 'load', emptyDir: {} }, { name: 'files', configMap: { name: FILES } }],
    ...apartFrom(['server']),
  });
}

function roleJob(role: Role): object {
  const process = roleOf(role);
  const apart = role === 'server' ? apartFrom([FILES, 'worker']) : {};
  return job(role, {}, {
    initContainers: [waiting(`${CONTROL_URL}/live`)],
    containers: [{ ...container(process), readinessProbe: ready(process) }],
    volumes: SCRATCH,
    ...apart,
  });
}

/** All at once: the load is that of one generator. */
function workerJob(count: number): object {
  return job('worker', { completions: count, parallelism: count }, {
    initContainers: [waiting(`${CONTROL_URL}/ready`)],
    containers: [container(workerOf('worker'), [{ name: 'files', mountPath: RUN_FOLDER }])],
    volumes: [...SCRATCH, { name: 'files', configMap: { name: FILES } }],
    ...apartFrom(['server']),
  });
}

/** No Job: it is done when it is deleted. */
function brokerPod(broker: Process): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: named('broker'), spec: podSpec({ containers: [{ ...container(broker), readinessProbe: ready(broker) }], volumes: SCRATCH }) };
}

/** A pod is tried once: what is measured is never begun again. */
function job(name: string, times: object, pod: object): object {
  const spec = { backoffLimit: 0, ...times, template: { metadata: { labels: labels(name) }, spec: podSpec(pod) } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: named(name), spec };
}

function podSpec(pod: object): object {
  return { restartPolicy: 'Never', automountServiceAccountToken: false, enableServiceLinks: false, securityContext: USER, ...pod };
}

/** Requests and limits are the same, in whole cores: the pod is Guaranteed, and may have its cores to itself. */
function container(process: Process, mounts: readonly object[] = []): object {
  const { name, image = IMAGE, args, env = {}, port, cpu, memory } = process;
  const has = { cpu: String(cpu), memory: `${memory}Mi` };
  return {
    name,
    image,
    ...(args.length > 0 && { args }),
    workingDir: mounts.length > 0 ? RUN_FOLDER : '/tmp',
    env: [{ name: 'HOME', value: '/tmp' }, ...Object.entries(env).map(([key, value]) => ({ name: key, value }))],
    // Brokers and generators of others need not know it.
    ...(process.image === undefined && { envFrom: [{ secretRef: { name: TOKEN } }] }),
    ...(port !== undefined && { ports: [{ containerPort: port }] }),
    resources: { requests: has, limits: has },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }, ...mounts],
  };
}

const SCRATCH = [{ name: 'tmp', emptyDir: {} }];

/** Waits in the same image before the process itself begins. */
function waiting(url: string): object {
  const { args: _, ...rest } = container({ name: 'wait', args: [], cpu: 1, memory: 256 }) as { args?: unknown };
  return { ...rest, command: waitCommand(url, PATIENCE) };
}

function ready({ port, readyPath }: Process): object {
  return { ...(readyPath === undefined ? { tcpSocket: { port } } : { httpGet: { path: readyPath, port } }), periodSeconds: 1 };
}

/** On other nodes than these. */
function apartFrom(names: readonly string[]): object {
  const labelSelector = { matchExpressions: [{ key: 'role', operator: 'In', values: names }] };
  return { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector }] } } };
}

/** A name for its port. Others have to find it before it is ready: they make it so. */
function serviceOf(name: string, { port }: Process, role = name): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: named(name),
    spec: { clusterIP: 'None', publishNotReadyAddresses: true, selector: labels(role), ports: [{ port }] },
  };
}

function named(name: string): object {
  return { name, labels: labels(name) };
}

function labels(role: string): Record<string, string> {
  return { 'app.kubernetes.io/part-of': NAMESPACE, role };
}
