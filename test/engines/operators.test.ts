/** The manifests for operators against what their definitions allow: an unknown field would be dropped in silence. */
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { EngineLoad } from '../../src/engines/engine-load.js';
import { k6Files } from '../../src/engines/k6.js';
import { locustFiles } from '../../src/engines/locust.js';
import { locustTest, testRun } from '../../src/engines/operators.js';

/** A type, or the fields of an object, each with its own. */
type Shape = string | { [field: string]: Shape } | [Shape];

const QUANTITIES: Shape = { requests: { cpu: 'string', memory: 'string' }, limits: { cpu: 'string', memory: 'string' } };
const VOLUMES: Shape = [{ name: 'string', persistentVolumeClaim: { claimName: 'string' } }];
const MOUNT = { name: 'string', mountPath: 'string' };

/** Fields of TestRun that are used: grafana/k6-operator e2c9571, api/v1alpha1/testrun_types.go (TestRunSpec, K6Script, Pod). */
const TEST_RUN: Shape = {
  parallelism: 'number', separate: 'boolean', arguments: 'string', script: { configMap: { name: 'string', file: 'string' } }, initializer: { image: 'string' },
  runner: {
    image: 'string', env: [{ name: 'string', value: 'string', valueFrom: { fieldRef: { fieldPath: 'string' } } }], resources: QUANTITIES,
    securityContext: { fsGroup: 'number' }, volumes: VOLUMES, volumeMounts: [MOUNT],
  },
};

/** Fields of LocustTest that are used: AbdelrhmanHamouda/locust-k8s-operator, api/v2/locusttest_types.go (LocustTestSpec); `enabled` is required in autoquit. */
const LOCUST_TEST: Shape = {
  image: 'string', master: { command: 'string', autostart: 'boolean', autoquit: { enabled: 'boolean' }, resources: QUANTITIES },
  worker: { command: 'string', replicas: 'number', resources: QUANTITIES }, testFiles: { configMapRef: 'string' }, env: { variables: [{ name: 'string', value: 'string' }] },
  security: { podSecurityContext: { fsGroup: 'number', seccompProfile: { type: 'string' } } }, volumes: VOLUMES, volumeMounts: [{ ...MOUNT, target: 'string' }],
};

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: Record<string, unknown>;
}

function documentsOf(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
}

/** Paths that a shape does not have, or has otherwise. */
function strangers(value: unknown, shape: Shape | undefined, at = ''): string[] {
  if (shape === undefined) return [`${at} is unknown`];
  if (typeof shape === 'string') return typeof value === shape ? [] : [`${at} is no ${shape}`];
  if (Array.isArray(shape)) return Array.isArray(value) ? value.flatMap((item, i) => strangers(item, shape[0], `${at}[${i}]`)) : [`${at} is no list`];
  return Object.entries(value as object).flatMap(([field, of]) => strangers(of, shape[field], `${at}.${field}`));
}

const LOAD: EngineLoad = {
  subject: 'shop', scenario: 'mine', url: 'http://10.0.0.7/items', method: 'GET', headers: {}, body: '', expect: { status: [], body: null },
  shape: { model: 'open', rate: 50, arrivals: 'even' }, entry: 0, think: 0, timeout: 2000, warmup: 1000, duration: 60_000, seed: 1,
};

describe.each([
  ['TestRun', testRun(3), 'k6.io/v1alpha1', TEST_RUN, ['parallelism', 'script']],
  ['LocustTest', locustTest(3, 90), 'locust.io/v2', LOCUST_TEST, ['image', 'master', 'worker']],
] as const)('%s', (kind, text, apiVersion, shape, required) => {
  const [manifest, claim, pod] = documentsOf(text);

  it('has the fields that its definition has, each of its type, and those that are required', () => {
    expect(manifest).toMatchObject({ kind, apiVersion, metadata: { name: 'load' } });
    expect(strangers(manifest?.spec, shape)).toEqual([]);
    expect(Object.keys(manifest?.spec ?? {})).toEqual(expect.arrayContaining([...required]));
  });

  it('writes its rows where the pod that they are copied from has them', () => {
    expect([claim?.kind, claim?.metadata.name, pod?.kind, pod?.metadata.name]).toEqual(['PersistentVolumeClaim', 'rows', 'Pod', 'rows']);
    const volumes = JSON.stringify(pod?.spec['volumes']);
    expect(volumes).toBe('[{"name":"rows","persistentVolumeClaim":{"claimName":"rows"}}]');
    expect(JSON.stringify(manifest?.spec)).toContain(volumes);
  });
});

it('finds a field that a definition does not have, and one of another type', () => {
  expect(strangers({ paralelism: 2, separate: 'yes', runner: { env: [{ nam: 'x' }] } }, TEST_RUN)).toEqual(['.paralelism is unknown', '.separate is no boolean', '.runner.env[0].nam is unknown']);
});

describe('an export', () => {
  it('has the TestRun of k6 with a file of rows for each runner, and how it is run', () => {
    const files = k6Files(LOAD);
    const [manifest] = documentsOf(files['testrun.yaml'] ?? '');
    expect(manifest?.spec).toMatchObject({ parallelism: 2, arguments: '--out csv=/rows/rows-$(POD_NAME).csv', script: { configMap: { name: 'load-script', file: 'script.js' } } });
    for (const line of [
      'kubectl create configmap load-script --from-file=script.js', 'kubectl apply -f testrun.yaml',
      "kubectl wait --for=jsonpath='{.status.stage}'=finished testrun/load --timeout=663s", 'kubectl cp rows:/rows .',
    ]) expect(files['README.md']).toContain(`    ${line}\n`);
  });

  it('has the LocustTest of Locust, which ends by itself and with 0 whatever failed', () => {
    const files = locustFiles(LOAD);
    const [manifest] = documentsOf(files['locusttest.yaml'] ?? '');
    expect(manifest?.spec).toMatchObject({
      master: { command: '--locustfile /lotest/src/locustfile.py --headless -u 1 -r 1 -t 95s --expect-workers-max-wait 300 --exit-code-on-error 0', autostart: false, autoquit: { enabled: false } },
      worker: { replicas: 4 }, env: { variables: [{ name: 'ROWS_FILE', value: '/rows/rows.jsonl' }] }, volumeMounts: [{ target: 'master' }],
    });
    expect(files['README.md']).toContain("    kubectl wait --for=jsonpath='{.status.phase}'=Succeeded locusttest/load --timeout=695s\n");
    expect(files['locustfile.py']).toContain('os.environ.get("ROWS_FILE", ROWS)');
  });
});
