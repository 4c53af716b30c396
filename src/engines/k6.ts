/** A load as a script for k6: its executors keep the schedule, a metric of our own carries the rows. */
import { UserError } from '../base/errors.js';
import { REQUEST_HEADER } from '../scenarios/request.js';
import { type Constant, type EngineLoad, type ExportedFiles, requestConstants } from './engine-load.js';
import { LOAD_NAME, operatorCommands, testRun } from './operators.js';

/** Virtual users of an open load at most: k6 drops what finds none free, and says how many. */
const MOST_VUS = 5000;

/** Of a TestRun, where nobody says otherwise. */
const RUNNERS = 2;

/** What the script takes from k6. */
const IMPORTS = [['{ sleep }', 'k6'], ['exec', 'k6/execution'], ['http', 'k6/http'], ['{ Trend }', 'k6/metrics']];

/** @throws UserError for Poisson arrivals, which its executors do not have */
export function k6Files(load: EngineLoad): ExportedFiles {
  if (load.shape.model === 'open' && load.shape.arrivals === 'poisson') {
    throw new UserError('k6 spaces the requests of a rate evenly, and cannot make Poisson arrivals: say --arrivals even, or export for locust.');
  }
  return { 'script.js': `${headOf(load)}${SCRIPT}`, 'testrun.yaml': testRun(RUNNERS), 'README.md': readmeOf(load) };
}

function headOf(load: EngineLoad): string {
  const constants: Constant[] = [
    ...requestConstants(load),
    ['THINK', load.think / 1000, 'seconds between answer and next request'],
    ['TIMEOUT', load.timeout, 'ms'],
    ['WARMUP', load.warmup, 'ms'],
    ['DURATION', load.duration, 'ms'],
  ];
  return `// Load of ${load.scenario} on ${load.subject}, for k6. Made by \`sync-vs-events export k6\`; README.md says how it is run.
${IMPORTS.map(([what, module]) => `import ${what} from '${module}';\n`).join('')}
${constants.map(([name, value, about]) => `const ${name} = ${JSON.stringify(value)};${about === '' ? '' : ` // ${about}`}\n`).join('')}
export const options = ${JSON.stringify({ scenarios: { load: executorOf(load) }, discardResponseBodies: load.expect.body === null }, null, 2)};
`;
}

interface Stage {
  duration: string;
  target: number;
}

const s = (ms: number): string => `${ms}ms`;

/** Warm-up and window are one scenario, so that users keep their connections from one to the other. */
function executorOf({ shape, entry, warmup, duration, timeout }: EngineLoad): object {
  const rest = { gracefulStop: s(timeout) };
  const ramp = shape.ramp?.stages.map(({ duration: length, target }) => ({ duration: s(length), target })) ?? [];
  const stages = (first: number): Stage[] => (shape.ramp ? ramp : [{ duration: s(duration), target: first }]);
  if (shape.model === 'closed') {
    const first = shape.ramp?.from ?? shape.users;
    const entering = Math.min(entry, warmup);
    const warming = [{ duration: s(entering), target: first }, { duration: s(warmup - entering), target: first }];
    return { executor: 'ramping-vus', startVUs: 0, stages: [...warming, ...stages(first)], gracefulRampDown: s(timeout), ...rest };
  }
  const first = shape.ramp?.from ?? shape.rate;
  // Its rates are whole numbers; of a thousand seconds they are fine enough.
  const isWhole = [first, ...ramp.map(({ target }) => target)].every(Number.isInteger);
  const rate = (perSecond: number): number => (isWhole ? perSecond : Math.round(perSecond * 1000));
  const vus = Math.min(MOST_VUS, Math.ceil((shape.rate * timeout) / 1000));
  return {
    executor: 'ramping-arrival-rate',
    startRate: rate(first),
    timeUnit: isWhole ? '1s' : '1000s',
    stages: [{ duration: s(warmup), target: first }, ...stages(first)].map((stage) => ({ ...stage, target: rate(stage.target) })),
    preAllocatedVUs: vus,
    ...rest,
  };
}

const SCRIPT = `
/** A row for each request: how long it took from its intended start, in ms, and as tags what it was and how it ended. */
const row = new Trend('row', true);

function filled(text, index) {
  const uuid = () => 'xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(Math.random() * 16).toString(16));
  return text.replace(/{{\\s*index\\s*}}/g, String(index)).replace(/{{\\s*uuid\\s*}}/g, uuid);
}

function outcomeOf({ status, error_code: code, body }, index) {
  if (code === 1050 || code === 1211) return 'timeout';
  if (code === 1210 || code === 1212 || code === 1213 || (code >= 1100 && code < 1200)) return 'connection';
  if (status === 0) return 'hangup';
  const good = GOOD_STATUS.length > 0 ? GOOD_STATUS.includes(status) : (status >= 200 && status < 300) || status === 304;
  if (good) return GOOD_BODY === null || String(body).includes(filled(GOOD_BODY, index)) ? 'ok' : 'mismatch';
  return status >= 500 ? 'http5xx' : status >= 400 ? 'http4xx' : 'mismatch';
}

export default function () {
  // Unique over all machines of a run; negative while warming up.
  const at = Date.now() - exec.scenario.startTime - WARMUP;
  const number = exec.scenario.iterationInTest;
  const index = at < 0 ? -1 - number : number;
  if (at < DURATION) {
    const headers = { '${REQUEST_HEADER}': String(index) };
    for (const name of Object.keys(HEADERS)) headers[name] = filled(HEADERS[name], index);
    const body = BODY === '' ? null : filled(BODY, index);
    const answer = http.request(METHOD, filled(TARGET, index), body, { headers, timeout: TIMEOUT, redirects: 0, tags: { name: 'request' } });
    const { blocked, duration } = answer.timings;
    row.add(blocked + duration, { index: String(index), at: String(at), outcome: outcomeOf(answer, index), status: String(answer.status) });
  }
  sleep(THINK);
}
`;

function readmeOf(load: EngineLoad): string {
  const longest = Math.ceil((load.warmup + load.duration + load.timeout) / 1000);
  const commands = operatorCommands({ manifest: 'testrun.yaml', script: 'script.js', ended: `'{.status.stage}'=finished testrun/${LOAD_NAME}`, longest });
  return `# ${load.scenario} on ${load.subject}, from k6

The load goes to ${load.url}: something has to serve there.

On one machine:

    k6 run --out csv=rows.csv script.js

On several at the same moment, a part of the schedule on each (here the first of two; the second has 1/2:1 and rows-2.csv):

    k6 run --execution-segment 0:1/2 --execution-segment-sequence 0,1/2,1 --out csv=rows-1.csv script.js

In a cluster that has k6-operator, here with ${RUNNERS} runners (\`parallelism\` in testrun.yaml), each with a core of its own:

${commands}

Then copy every rows*.csv here, where they are not yet (\`--out json=rows.jsonl\` says the same, in more room):

    npx sync-vs-events collect . -o json=run.json -o html=report.html

k6 merges no percentiles over machines; those of \`collect\` are exact. Moments are whole milliseconds, as k6's clock is.
`;
}
