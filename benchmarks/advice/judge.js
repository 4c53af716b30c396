// Advice followed and searched anew, by means of its own: the scenario is changed as a reader would change its file.
import { growthOf } from '../../dist/measurement/growth.js';
import { isCensored } from '../../dist/measurement/times.js';
import { latencyMean } from '../../dist/scenarios/draw.js';
import { parseScenario } from '../../dist/scenarios/parse.js';
import { resolvedYaml } from '../../dist/scenarios/resolved.js';
import { subjectOf } from '../../dist/scenarios/subject.js';

/** A third seed: neither that of the advice nor that by which it was followed. */
const OTHER_DRAWS = 4711;
const GROWING = 0.02;

/** The scenario with these steps behind the reply and so many workers, written out and read again; what is measured of it. */
export function changed(scenario, { kind, moved, workers }) {
  const file = structuredClone(scenario);
  for (const step of file.steps) if (kind === 'move') step.critical = !moved.includes(step.name);
  if (kind === 'move') {
    const gone = scenario.steps.filter(({ name }) => !moved.includes(name)).map(({ name }) => name);
    file.event.consumers = file.event.consumers.filter(({ name }) => !gone.includes(name));
    file.event.wait = false;
    file.event.after = file.steps.findLast(({ critical }) => critical)?.name ?? null;
    for (const { consumer, has, needs } of workers) give(file, consumer, has, Math.max(...needs.map((count) => count ?? 0)));
  }
  const read = parseScenario(resolvedYaml(file), { file: 'followed.yaml' });
  return subjectOf(read, { stay: 'sync', parallel: 'parallel', move: 'hybrid' }[kind]);
}

/** Buys workers: the consumer's own, and what its service lacks. */
function give(file, name, has, needed) {
  if (has === null || needed <= has) return;
  const consumer = file.event.consumers.find((one) => one.name === name);
  const service = file.services.find((one) => one.name === consumer.call);
  const others = [...file.steps, ...file.event.consumers].filter((one) => one.call === consumer.call && one.name !== name);
  consumer.workers = needed;
  if (service.workers !== 'unlimited') service.workers = others.length > 0 ? service.workers + needed - has : Math.max(service.workers, needed);
}

/** What a subject does at one load: times in ms, shares. */
export async function seen(subject, load, { plan, simulate }, shortest = 60_000) {
  const input = plan(subject, load);
  const slowest = Math.max(0, ...subject.services.map(({ latency }) => latencyMean(latency)));
  const length = load.ramp ? input.duration : Math.max(shortest, 20 * slowest);
  const trial = await simulate({ ...input, seed: OTHER_DRAWS, until: null, duration: length });
  const { events, responseTime, outcomes, failedLater, failureRate, window } = trial;
  const consumers = Object.values(events?.consumers ?? {});
  const isDone = consumers.length === 0 || !isCensored(events.completionTime, 'p95');
  return {
    sent: outcomes.sent,
    p95: responseTime.p95 ?? Infinity,
    bad: failureRate + (outcomes.sent > 0 ? failedLater / outcomes.sent : 0),
    completion: consumers.length === 0 ? 0 : isDone ? events.completionTime.p95 ?? 0 : Infinity,
    drain: consumers.length === 0 || !load.ramp ? 0 : (events.backlog.drainSeconds ?? Infinity) * 1000,
    grows: !load.ramp && consumers.some((flow) => growthOf(flow, window.seconds).isSure && growthOf(flow, window.seconds).share > GROWING),
  };
}

/** Whether what was seen meets the goals, with so much to spare (1) or so much forgiven. */
export function meets({ p95, bad, completion, drain, grows }, goals, times = 1, points = 0) {
  return p95 <= goals.p95 * times && bad <= goals.failures + points && Math.max(completion, drain) <= goals.within * times && !grows;
}

/** Every alternative there is: as it is, side by side, every set of steps that may move with all that comes after them. */
export function everything(scenario) {
  const { steps } = scenario;
  const after = (name) => steps.filter((step) => step.after.includes(name)).flatMap((step) => [step.name, ...after(step.name)]);
  const critical = (name) => steps.find((step) => step.name === name).critical;
  const movable = steps.map(({ name }) => name).filter((name) => ![name, ...after(name)].some(critical));
  const sets = Array.from({ length: 2 ** movable.length - 1 }, (_, i) => movable.filter((_name, bit) => (i + 1) & (1 << bit)));
  const whole = sets.filter((names) => names.every((name) => after(name).every((next) => names.includes(next))));
  return [{ kind: 'stay', moved: [], workers: [] }, { kind: 'parallel', moved: [], workers: [] }, ...whole.map((moved) => ({ kind: 'move', moved, workers: ample(scenario, moved) }))];
}

/** More workers than anybody needs. */
function ample({ event, steps, services }, moved) {
  const own = event.consumers.map(({ name }) => name).filter((name) => !steps.some((step) => step.name === name));
  return [...moved, ...own].map((consumer) => {
    const { workers, call } = event.consumers.find(({ name }) => name === consumer);
    const has = Math.min(...[workers, services.find(({ name }) => name === call).workers].map((limit) => (limit === 'unlimited' ? Infinity : limit)));
    return { consumer, has: Number.isFinite(has) ? has : null, needs: [2000] };
  });
}

/** Fewer things to run are cheaper. */
export const costOf = ({ kind, moved }) => (kind === 'move' ? 1 + moved.length : kind === 'parallel' ? 1 : 0);
