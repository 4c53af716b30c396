// Advice followed and searched anew, by means of its own: the scenario is changed as a reader would change its file.
import { growthOf } from '../../dist/measurement/backlog-growth.js';
import { isCensored } from '../../dist/measurement/times.js';
import { latencyMean, latencyQuantile } from '../../dist/scenarios/draw.js';
import { parseScenario } from '../../dist/scenarios/parse.js';
import { resolvedYaml } from '../../dist/scenarios/resolved.js';
import { subjectOf } from '../../dist/scenarios/subject.js';

/** A third seed: neither that of the advice nor that by which it was followed. */
const OTHER_DRAWS = 4711;
const GROWING = 0.02;
/** Longest window, ms. */
const MOST = 3_600_000;

/** The scenario with these steps caught, behind the reply or side by side, and so many workers, written out and read again; what is measured of it. */
export function changed(scenario, { moved, beside, caught, workers }) {
  const file = structuredClone(scenario);
  for (const { step, timeout } of caught) Object.assign(file.steps.find(({ name }) => name === step), { onError: 'continue', timeout });
  if (moved.length > 0) {
    let before = [];
    for (const step of file.steps) {
      step.critical = !moved.includes(step.name);
      // What stays is called in turn, unless it is to be side by side.
      if (!step.critical) continue;
      step.after = beside ? step.after.filter((name) => !moved.includes(name)) : before;
      before = [step.name];
    }
    const gone = scenario.steps.filter(({ name }) => !moved.includes(name)).map(({ name }) => name);
    file.event.consumers = file.event.consumers.filter(({ name }) => !gone.includes(name));
    // What is done in the request is done before the event.
    for (const consumer of file.event.consumers) if (consumer.after) consumer.after = consumer.after.filter((name) => !gone.includes(name));
    file.event.wait = false;
    file.event.after = beside ? null : file.steps.findLast(({ critical }) => critical)?.name ?? null;
    for (const { consumer, has, needs } of workers) give(file, consumer, has, Math.max(...needs.map((count) => count ?? 0)));
  }
  const read = parseScenario(resolvedYaml(file), { file: 'followed.yaml' });
  return subjectOf(read, moved.length > 0 ? 'hybrid' : beside ? 'parallel' : 'sync');
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

/** What a subject does at one load: times in ms, shares. @param caught steps whose work may be left undone @param more for draws of its own */
export async function seen(subject, load, { plan, simulate }, { shortest = 60_000, requests = 1000, caught = [], more = 0 } = {}) {
  const input = plan(subject, load);
  const slowest = Math.max(0, ...subject.services.map(({ latency }) => latencyMean(latency)));
  // Stages and outages come at moments of their own window: in a longer one they are another question.
  const isBound = load.ramp || subject.services.some(({ outages }) => outages.length > 0);
  const length = isBound ? input.duration : Math.max(shortest, 20 * slowest, Math.min(requests * between(subject, load, input.think), MOST));
  const trial = await simulate({ ...input, seed: OTHER_DRAWS + more, until: null, duration: length });
  const { events, responseTime, outcomes, failedLater, failureRate, window, steps } = trial;
  const consumers = Object.values(events?.consumers ?? {});
  const isDone = consumers.length === 0 || !isCensored(events.completionTime, 'p95');
  return {
    sent: outcomes.sent,
    p95: responseTime.p95 ?? Infinity,
    bad: failureRate + (outcomes.sent > 0 ? failedLater / outcomes.sent : 0),
    undone: caught.reduce((sum, { step }) => sum + steps[step].failed / Math.max(1, outcomes.sent), 0),
    completion: consumers.length === 0 ? 0 : isDone ? events.completionTime.p95 ?? 0 : Infinity,
    drain: consumers.length === 0 || !load.ramp ? 0 : (events.backlog.drainSeconds ?? Infinity) * 1000,
    grows: !load.ramp && (consumers.some((flow) => growthOf(flow, window.seconds).isSure && growthOf(flow, window.seconds).share > GROWING) || isTooMuch(subject, load, failureRate, events)),
  };
}

/** From one request to the next, about, ms: users wait for every step in turn, and then think. */
function between({ services }, load, think) {
  if (load.model === 'open') return 1000 / load.rate;
  return (think + services.reduce((sum, { latency }) => sum + latencyMean(latency), 0)) / load.users;
}

/** By arithmetic: more work comes than workers can do, by however little, and waits for longer and longer. */
function isTooMuch({ event, services }, load, failureRate, measured) {
  if (load.model !== 'open') return false;
  const events = load.rate * event.messages * (1 - failureRate);
  return event.consumers.some(({ name: own, workers, call, share }) => {
    if (!(own in (measured?.consumers ?? {}))) return false;
    const service = services.find(({ name }) => name === call);
    const has = Math.min(...[workers, service.workers].map((limit) => (limit === 'unlimited' ? Infinity : limit)));
    return (events * share * latencyMean(service.latency)) / 1000 >= has;
  });
}

/** Share of the requests in which work may be left undone: that of 95 % has to be complete. */
const UNDONE = 0.05;

/** Whether what was seen meets the goals, with so much to spare (1) or so much forgiven. */
export function meets({ p95, bad, undone, completion, drain, grows }, goals, times = 1, points = 0) {
  return p95 <= goals.p95 * times && bad <= goals.failures + points && undone <= UNDONE + points && Math.max(completion, drain) <= goals.within * times && !grows;
}

/**
 * Every alternative there is: every set of steps that may move with all that comes after them, or none; what stays in turn or side by
 * side; and the errors of every set of what stays and is not critical caught, after twice the longest that all but one in a hundred take.
 */
export function everything(scenario) {
  const { steps } = scenario;
  const after = (name) => steps.filter((step) => step.after.includes(name)).flatMap((step) => [step.name, ...after(step.name)]);
  const critical = (name) => steps.find((step) => step.name === name).critical;
  const movable = steps.map(({ name }) => name).filter((name) => ![name, ...after(name)].some(critical));
  const whole = subsets(movable).filter((names) => names.every((name) => after(name).every((next) => names.includes(next))));
  return whole.flatMap((moved) =>
    subsets(movable.filter((name) => !moved.includes(name) && fails(scenario, name))).flatMap((names) =>
      (isChain(steps.filter(({ name }) => !moved.includes(name))) ? [false] : [false, true]).map((beside) => ({ moved, beside, caught: names.map((name) => patient(scenario, name)), workers: moved.length > 0 ? ample(scenario, moved) : [] })),
    ),
  );
}

/** Side by side they are called in turn all the same. */
const isChain = (steps) => steps.every(({ after }, i) => i === 0 || after.includes(steps[i - 1].name));

function subsets(names) {
  return Array.from({ length: 2 ** names.length }, (_, i) => names.filter((_name, bit) => i & (1 << bit)));
}

/** A service without errors and outages, and with workers for more than comes, gives nothing to catch; where it has too few, too much would be left undone. */
function fails({ steps, services }, step) {
  // What comes after it needs it to have succeeded.
  if (steps.some(({ after }) => after.includes(step))) return false;
  const { errors, outages, latency } = services.find(({ name }) => name === steps.find(({ name: it }) => it === step).call);
  return errors > 0 || outages.length > 0 || latencyQuantile(latency, 0.999) > steps.find(({ name }) => name === step).timeout;
}

function patient({ steps, services }, step) {
  const { call, timeout } = steps.find(({ name }) => name === step);
  return { step, timeout: Math.min(timeout, Math.ceil(2 * latencyQuantile(services.find(({ name }) => name === call).latency, 0.99))) };
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

/** Fewer things to run are cheaper, then less that may be left undone; to rearrange what stays costs something where nothing else is built. */
export function compareCosts(a, b) {
  const [first, second] = [a, b].map(({ moved, caught, beside }) => [moved.length, caught.length, moved.length === 0 && beside ? 1 : 0]);
  return first.map((cost, i) => cost - second[i]).find((difference) => difference !== 0) ?? 0;
}

/** Whether two change the same. */
export const isSame = (a, b) => a.beside === b.beside && a.moved.join() === b.moved.join() && a.caught.map(({ step }) => step).join() === b.caught.map(({ step }) => step).join();
