/** What traces show, as a scenario file and its rows. */
import { LARGEST, LEAST_RATE } from '../scenarios/format/values.js';
import { freeSlug } from './names.js';
import type { StepSeen, Understanding } from './understand.js';

/** What the user knows and traces do not. */
export interface Said {
  /** Steps that the reply needs, beside those that publish; all of them without it. */
  critical?: readonly string[];
  workers: ReadonlyMap<string, number>;
}

/** Words in names of work that a reply seldom needs: a hint to ask, never a verdict. */
const MAY_MOVE = /\b(e ?mail|mail|notif|sms|analytic|audit|log|confirm|timeline|empty|index|report|webhook)/;

/** Whether a name hints at work that may be moved behind the reply. */
export function mayMove({ label, calls }: StepSeen): boolean {
  const words = label.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll(/[^A-Za-z]+/g, ' ');
  return MAY_MOVE.test(words.toLowerCase()) && calls < 3;
}

/** Whether a step is many calls in place of one (N+1). */
export function isLoop({ calls }: StepSeen): boolean {
  return calls >= 2.5;
}

/** A scenario file holds so many measured values at most. */
const MOST_INLINE = 200;

/** Titles are of 200 characters at most, and the name of an operation may be a statement or a URL. */
const LONGEST_LABEL = 180;

/** In a name that was damaged, or cut within a character: no scenario file may hold it. */
const NO_TEXT = /[\p{Cc}\p{Cs}\uFFFD]/gu;

/** Evenly spaced quantiles of many values. */
function thinned(times: readonly number[]): readonly number[] {
  if (times.length <= MOST_INLINE) return times;
  const sorted = times.toSorted((a, b) => a - b);
  return Array.from({ length: MOST_INLINE }, (_, at) => sorted[Math.floor(((at + 0.5) * sorted.length) / MOST_INLINE)] ?? 0);
}

/** Steps that begin beside others and not at once with them, each with the name of the step that stands for the time in between. */
function leadsIn(steps: readonly StepSeen[]): Map<StepSeen, string> {
  const taken = new Set(['own', 'orders', ...steps.map(({ name }) => name)]);
  const led = steps.filter(({ lead }) => lead !== null);
  return new Map(led.map((step) => {
    const name = freeSlug(`before-${step.name}`, taken);
    taken.add(name);
    return [step, name];
  }));
}

/** One row a request: a column for each step, the request's own time, and the total, ms. */
export function rowsCsv({ steps, own, total }: Understanding): string {
  const leads = leadsIn(steps);
  const heading = [...steps.map(({ name }) => name), ...leads.values(), 'own', 'total'].join(',');
  const columns = [...steps.map(({ times }) => times), ...[...leads.keys()].map(({ lead }) => lead ?? []), own.times, total.times];
  const rows = total.times.map((_, row) => columns.map((times) => Number((times[row] ?? 0).toFixed(6))).join(','));
  return `${[heading, ...rows].join('\n')}\n`;
}

/** The scenario as traced, commented. @param rows path of the rows, from the scenario file */
export function scenarioYaml(seen: Understanding, rows: string, said: Said): string {
  const { steps, confidence, total } = seen;
  const critical = (step: StepSeen): boolean => step.publishes || !said.critical || said.critical.includes(step.name);
  const leads = leadsIn(steps);
  const lines = [
    `# Imported from ${total.times.length} traced requests. How sure: ${confidence.level}${confidence.why.length > 0 ? ` (${confidence.why.join('; ')})` : ''}.`,
    '# Traces do not tell what a service can serve at once, and which steps the reply needs. Until you have said both,',
    '# nothing on saturation, drain and workers holds: set `workers`, and take the ! from steps that the reply does not need.',
    `title: ${JSON.stringify(`${seen.label.slice(0, LONGEST_LABEL).replaceAll(NO_TEXT, '?')}, as traced`)}`,
    `rows: ${JSON.stringify(rows)} # one for each traced request: what belonged together stays together`,
    '',
    'services: # the latencies that were traced; each step has a service of its own',
    ...seen.consumers.map(({ name, times }) => `  ${name}: { latency: { values: [${thinned(times).map((time) => `${Number(time.toFixed(3))}ms`).join(', ')}] }, workers: unlimited } # consumes what is published; workers: not in traces`),
    ...steps.map((step) => service(step, said)),
    '',
    'steps: # in the order seen; as traced is `parallel`, which follows `after`',
    '  - { own: { column: own }, after: [], timeout: 10m } # time of a request in no call',
    ...steps.flatMap((step) => stepLines(step, steps, critical, leads.get(step))),
    '',
    ...(seen.consumers.length > 0 ? ['event:', ...eventAfter(steps), '  consumers:', ...seen.consumers.map(({ name }) => `    ${name}: { timeout: 10m }`), ''] : []),
    'load:',
    ...loadLines(seen),
    '  timeout: 10m',
    '',
    ...(seen.consumers.length > 0 ? asTraced(seen) : [`subjects: [${said.critical ? 'parallel, hybrid' : 'parallel'}]`, `baseline: parallel # ${BASELINE}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Clocks that were damaged, or a few requests in a month, make rates that no scenario can say: then it has as many users as were seen at once. */
function loadLines({ rate, atOnce }: Understanding): string[] {
  if (atOnce === 1) return ['  users: [1] # one request at once was seen'];
  if (rate === null || rate < LEAST_RATE || rate > LARGEST) return [`  users: [${atOnce}] # at once at most, as seen; their rate is none that a scenario can say`];
  return [`  rate: [${Number(rate.toPrecision(3))}] # a second, as seen; ${atOnce} at once at most`, '  arrivals: poisson'];
}

/** The event comes where it was published, when that was in one place. */
function eventAfter(steps: readonly StepSeen[]): string[] {
  const [first, ...others] = steps.filter(({ publishes }) => publishes);
  return first && others.length === 0 ? [`  after: ${first.name}`] : [];
}

const BASELINE = 'as traced: what others are compared with, and where advice begins';

/** What published as it was traced goes on to: its reply waits for all steps, whatever else becomes of those that it does not need. */
function asTraced({ steps }: Understanding): string[] {
  return [
    'subjects: [as-traced, hybrid]',
    `baseline: as-traced # ${BASELINE}`,
    'variants: # as-traced: the reply waits for all steps, and the event is published',
    `  as-traced: { architecture: hybrid, steps: { ${steps.map(({ name }) => `${name}: { critical: true }`).join(', ')} } }`,
  ];
}

/** A step, and before it the time that its caller takes to begin it. The caller spends that whether or not the reply needs the step. */
function stepLines(step: StepSeen, steps: readonly StepSeen[], critical: (step: StepSeen) => boolean, lead: string | undefined): string[] {
  const after = afterOf(step, steps, critical);
  const needed = afterOf(step, steps.filter(critical), critical);
  const loop = isLoop(step) ? `, loop: ${step.calls.toFixed(1)}` : '';
  return [
    ...(lead === undefined ? [] : [`  - { name: ${lead}, own: { column: ${lead} }, after: [${needed.join(', ')}], timeout: 10m } # how much later ${step.name} begins, beside others`]),
    `  - { call: ${step.name}, critical: ${critical(step)}, after: [${(lead === undefined ? after : [lead, ...after]).join(', ')}], timeout: 10m${loop} } # ${remark(step)}`,
  ];
}

function service({ name, share }: StepSeen, { workers }: Said): string {
  const told = workers.get(name);
  const capacity = told === undefined ? 'unlimited' : String(told);
  const why = [told === undefined ? 'workers: not in traces' : '', share < 1 ? 'rows of 0: requests without it' : ''].filter(Boolean).join('; ');
  return `  ${name}: { latency: { column: ${name} }, workers: ${capacity} }${why ? ` # ${why}` : ''}`;
}

/** The last steps that were over before it began: what they waited for themselves goes without saying. */
function afterOf(step: StepSeen, steps: readonly StepSeen[], critical: (step: StepSeen) => boolean): string[] {
  const before = steps.filter((other) => step.after.includes(other.name) && (critical(other) || !critical(step)));
  const direct = before.filter((other) => !before.some((later) => later.after.includes(other.name)));
  return direct.length > 0 ? direct.map(({ name }) => name) : ['own'];
}

function remark(step: StepSeen): string {
  const parts = [`in ${Math.round(step.share * 100)} % of requests, ${step.calls.toFixed(1)} calls, p50 ${step.p50.toFixed(3)} ms`];
  if (isLoop(step)) parts.push('a loop: N+1');
  if (mayMove(step)) parts.push('maybe not needed by the reply: ask');
  return parts.join('; ');
}
