/** Manifests by which an operator in a Kubernetes cluster makes the load: that of k6, and that of Locust. */

/** Where the rows go, in every pod that writes some. */
export const ROWS_FOLDER = '/rows';
/** What the load is called in the cluster, and the ConfigMap with its script. */
export const LOAD_NAME = 'load';
export const SCRIPT_MAP = 'load-script';

/** The image whose `--out csv` the reader knows. */
export const K6_IMAGE = 'grafana/k6:1.3.0';
/** Its script needs nothing that came after it. */
export const LOCUST_IMAGE = 'locustio/locust:2.32.2';

/** A core each, requests and limits alike: who shares one with others is late. */
const WHOLE_CORE = '{ requests: { cpu: "1", memory: 1Gi }, limits: { cpu: "1", memory: 1Gi } }';

/** A claim that all write to, and a pod that the rows are copied from. */
const ROWS = `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: rows }
spec:
  accessModes: [ReadWriteMany]
  resources: { requests: { storage: 10Gi } }
---
apiVersion: v1
kind: Pod
metadata: { name: rows }
spec:
  containers:
    - name: rows
      image: busybox:1.37
      command: [sleep, infinity]
      volumeMounts: [{ name: rows, mountPath: ${ROWS_FOLDER} }]
  volumes: [{ name: rows, persistentVolumeClaim: { claimName: rows } }]
`;

/** TestRun of k6-operator (k6.io/v1alpha1): its runners share the schedule by segments, and each has a file of rows by its own name. */
export function testRun(runners: number): string {
  return `# For k6-operator; README.md says how it is run.
apiVersion: k6.io/v1alpha1
kind: TestRun
metadata: { name: ${LOAD_NAME} }
spec:
  parallelism: ${runners}
  # Each on a node of its own.
  separate: true
  script:
    configMap: { name: ${SCRIPT_MAP}, file: script.js }
  # Kubernetes puts the name of the pod there.
  arguments: --out csv=${ROWS_FOLDER}/rows-$(POD_NAME).csv
  initializer: { image: "${K6_IMAGE}" }
  runner:
    image: ${K6_IMAGE}
    env:
      - { name: POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
      - { name: K6_CSV_TIME_FORMAT, value: unix_micro }
    resources: ${WHOLE_CORE}
    # The user of its image, who has to be able to write.
    securityContext: { fsGroup: 12345 }
    volumes: [{ name: rows, persistentVolumeClaim: { claimName: rows } }]
    volumeMounts: [{ name: rows, mountPath: ${ROWS_FOLDER} }]
${ROWS}`;
}

/** LocustTest of the operator for Locust (locust.io/v2): the master has the rows of all. @param longest of the run, s */
export function locustTest(workers: number, longest: number): string {
  return `# For the operator of Locust (locust.io/v2); README.md says how it is run.
apiVersion: locust.io/v2
kind: LocustTest
metadata: { name: ${LOAD_NAME} }
spec:
  image: ${LOCUST_IMAGE}
  master:
    command: --locustfile /lotest/src/locustfile.py --headless -u 1 -r 1 -t ${longest}s --expect-workers-max-wait 300 --exit-code-on-error 0
    # It starts and ends by itself.
    autostart: false
    autoquit: { enabled: false }
    resources: ${WHOLE_CORE}
  worker:
    command: --locustfile /lotest/src/locustfile.py
    replicas: ${workers}
    resources: ${WHOLE_CORE}
  testFiles: { configMapRef: ${SCRIPT_MAP} }
  env:
    variables: [{ name: ROWS_FILE, value: ${ROWS_FOLDER}/rows.jsonl }]
  # The user of its image, who has to be able to write.
  security:
    podSecurityContext: { fsGroup: 1000, seccompProfile: { type: RuntimeDefault } }
  volumes: [{ name: rows, persistentVolumeClaim: { claimName: rows } }]
  volumeMounts: [{ name: rows, mountPath: ${ROWS_FOLDER}, target: master }]
${ROWS}`;
}

/** How such a manifest is run, and its rows fetched. @param ended what the operator says at the end, @param longest of the run, s */
export function operatorCommands({ manifest, script, ended, longest }: { manifest: string; script: string; ended: string; longest: number }): string {
  return `    kubectl create configmap ${SCRIPT_MAP} --from-file=${script}
    kubectl apply -f ${manifest}
    kubectl wait --for=jsonpath=${ended} --timeout=${longest + 600}s
    kubectl cp rows:${ROWS_FOLDER} .
    kubectl delete -f ${manifest} configmap/${SCRIPT_MAP}

It takes a volume that pods on several nodes can write to (ReadWriteMany).`;
}
