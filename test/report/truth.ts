/**
 * A second, plain implementation of what sentences say: each clause is read back, and held against the record itself, its raw
 * samples and counts. It shares no code with findings or words but the decoding of samples.
 */
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { decodeSamples } from '../../src/measurement/samples.js';
import type { Scenario } from '../../src/scenarios/scenario.js';

/** Reads clauses of one record. */
export class Truth {
  private readonly trials: readonly MeasuredTrial[];
  private readonly scenario: Scenario;

  constructor(trials: readonly MeasuredTrial[], scenario: Scenario) {
    this.trials = trials;
    this.scenario = scenario;
  }

  /** What is not true of a sentence, or cannot be read; empty when all is. */
  liesOf(sentence: string): string[] {
    const clauses = sentence.replace(/\.$/, '').split(/; |\. (?=\S)/);
    let subject = '';
    return clauses.flatMap((clause) => {
      const text = clause.replace(/^(?:At|The|Too|Stay|Calling|Of|None|What|Retries) /, (word) => word.toLowerCase());
      for (const [pattern, check] of this.readers) {
        const match = pattern.exec(text);
        if (!match) continue;
        const told = match.groups ?? {};
        subject = told.x ?? subject;
        const lies = check({ ...told, x: told.x ?? subject });
        return lies.map((what) => `${what} (in: ${clause})`);
      }
      return [`cannot be read: ${clause}`];
    });
  }

  /** The same of what is said to do next. */
  liesOfNext(sentence: string): string[] {
    for (const [pattern, check] of this.nextReaders) {
      const match = pattern.exec(sentence);
      if (match) return check(match.groups ?? {}).map((what) => `${what} (in: ${sentence})`);
    }
    return [`cannot be read: ${sentence}`];
  }

  private readonly nextReaders: [RegExp, (told: Record<string, string>) => string[]][] = [
    [/^Stay with requests: at (?:this load|(?:each|(?<failing>\d+)) of the (?<count>\d+) loads) more fails in (?<rivals>.+), at once or later, than in (?<x>[\w-]+), however soon the reply comes\.$/, (told) => this.stays(told)],
    [/^Stay with requests: (?<rivals>.+) gains? nothing over (?<x>[\w-]+) at (?:this load|any of the (?<count>\d+) loads)\.$/, (told) => this.stays(told)],
    [/^Change nothing for speed: p95 of (?<x>[\w-]+) is (?<p95>.+) at worst, and the goal is 1\.00 s\.$/, ({ x = '', p95 = '' }) => [...timeLies(p95, this.worstP95(x)), ...lie(this.worstP95(x) > 1000, 'it misses the goal')]],
    [/^Call side by side, without events: (?<x>[\w-]+) answers in (?<mine>\S+ \S+) at (?<load>.+), (?<y>[\w-]+) in (?<other>.+)\.$/, (told) => this.enough(told)],
    [
      /^Take (?<x>[\w-]+): p95 (?<mine>.+) with (?<fails>\S+) failed at worst, where (?<y>[\w-]+) has p95 (?<other>.+) with (?<otherFails>\S+) failed; goal: 1\.00 s(?:; (?:even so|as run), (?<why>.+))?\.$/,
      ({ x = '', y = '', mine = '', other = '', fails = '', otherFails = '', why }) => [
        ...timeLies(mine, this.worstP95(x)), ...timeLies(other, this.worstP95(y)), ...share(fails, this.worstFailed(x)), ...share(otherFails, this.worstFailed(y)),
        ...(why === undefined ? [] : this.missing(x, why)),
      ],
    ],
    [
      /^Give (?<who>[\w-]+) in (?<x>[\w-]+) (?<needed>\S+) workers? where there (?:is|are) (?<upTo>up to )?(?<has>\S+): so many keep up at (?<load>.+)\.$/,
      ({ who = '', x, needed = '', has = '', load, upTo }) => {
        const { trial } = this.at(x, load);
        const at = [...Object.values(trial.events?.consumers ?? {}), ...Object.values(trial.steps)].filter(({ service }) => service === who).map(({ workers }) => workers);
        return [...lie(!at.includes(Number(has)), `${who} has ${at.join(' or ')}`), ...lie((upTo !== undefined) !== (this.serviceOf(who)?.scaling !== undefined), 'as many at any time, or up to so many'), ...lie(Number(needed.replaceAll(',', '')) <= Number(has), 'there are as many')];
      },
    ],
  ];

  private worstP95(name: string): number {
    return Math.max(...this.loads().map((load) => this.at(name, load).p95 ?? NaN));
  }

  private worstFailed(name: string): number {
    return Math.max(...this.loads().map((load) => this.failed(name, load)));
  }

  /** The step or consumer and load that the last clause was about. */
  private about: { x: string; who: string; loads: string[] } = { x: '', who: '', loads: [] };

  private readonly readers: [RegExp, (told: Record<string, string>) => string[]][] = [
    [/^(?<x>[\w-]+) answers faster than (?<y>[\w-]+): (?<list>.+)$/, (told) => this.faster(told)],
    [/^at (?<load>.+?) (?<y>[\w-]+) fails (?<worse>\S+) of its requests(?: and (?<worseLater>\S+) later)?, (?<x>[\w-]+) (?<better>\S+)(?: and (?<betterLater>\S+) later)?$/, (told) => this.reliable(told)],
    [/^at (?<load>.+?) both fail: (?<x>[\w-]+) (?<better>\S+?)(?: and (?<betterLater>\S+) later)? of its requests, (?<y>[\w-]+) (?<worse>\S+?)(?: and (?<worseLater>\S+) later)?$/, (told) => this.bothFail(told)],
    [/^(?<x>[\w-]+) and (?<y>[\w-]+) do not differ by more than 5\.0% at (?<loads>.+)$/, (told) => this.alike(told)],
    [/^too few requests ended to compare (?<x>[\w-]+) and (?<y>[\w-]+) at (?<loads>.+)$/, ({ x = '', y = '', loads }) => this.eachLoad(loads, (load) => [x, y].some((name) => this.at(name, load).times.length < 59))],
    [/^(?<x>[\w-]+) failed as a whole at (?<load>.+?): (?<share>\S+) of (?<count>\S+) requests, most of them (?<how>.+)$/, (told) => this.wholly(told)],
    [/^calling in parallel is enough: (?<x>[\w-]+) answers in (?<mine>\S+ \S+) at (?<load>.+?), (?<y>[\w-]+) in (?<other>.+?), and there are no events to run$/, (told) => this.enough(told)],
    [/^stay with requests: at (?:this load|(?:each|(?<failing>\d+)) of the (?<count>\d+) loads) more fails in (?<rivals>.+), at once or later, than in (?<x>[\w-]+), however soon the reply comes$/, (told) => this.stays({ failing: '1', ...told })],
    [/^stay with requests: (?<rivals>.+) gains? nothing over (?<x>[\w-]+) at (?:this load|any of the (?<count>\d+) loads), and events have a price$/, (told) => this.stays(told)],
    [/^(?<x>[\w-]+) meets the goals of advise at every load all the same: p95 at most (?<p95>.+?), (?<share>\S+) failed$/, (told) => this.withinGoals(told)],
    [/^of what was run, (?<x>[\w-]+) is the cheapest that meets the goals of advise$/, ({ x }) => [...this.misses(x)].filter((one) => one !== 'work is not done in time').map((one) => `${x}: ${one}`)],
    [/^(?<x>[\w-]+) misses them: (?<why>.+)$/, ({ x, why = '' }) => this.missing(x, why)],
    [/^none of what was run meets the goals of advise$/, () => lie(this.reply().some((name) => this.misses(name).size === 0), 'one meets them')],
    [/^(?<x>[\w-]+) comes closest: (?<why>.+)$/, ({ x, why = '' }) => this.missing(x, why)],
    [/^(?<x>[\w-]+) only accepts orders, within (?<list>.+)$/, ({ x, list = '' }) => items(list).flatMap((item) => this.readTime(item, /^(?<time>\S+ \S+) at (?<load>.+)$/, (load) => this.at(x, load).p50 ?? this.at(x, load).p95))],
    [/^p95 of the completed order is (?<least>at least )?(?<time>\S+ \S+) at (?<load>.+)$/, (told) => this.completed(told)],
    [/^none of them was complete at (?<load>.+)$/, ({ x, load }) => lie(this.at(x, load).trial.events?.processed !== 0 && (this.at(x, load).trial.events?.completionTime.censored ?? 0) < (this.at(x, load).trial.events?.completionTime.count ?? 0), 'some were complete')],
    [/^(?<step>[\w-]+) limits (?<x>[\w-]+): (?:its|(?<service>[\w-]+)'s) (?<upTo>up to )?(?<workers>\S+) workers? serves? (?<rate>\S+) a second(?: \((?<each>\S+) calls each\))?(?:, the load would take (?<list>.+)|, and (?:it is|they are) (?<busy>\S+) busy at (?<load>.+))$/, (told) => this.limits(told)],
    [/^the start of workers makes (?<x>[\w-]+) slow: at (?<load>.+?) p95 of the wait at (?<step>[\w-]+)(?: \((?<service>[\w-]+)\))? is (?<wait>\S+ \S+), of the reply (?<p95>\S+ \S+)$/, (told) => this.coldStart(told)],
    [/^(?<count>[\d,]+) calls? of (?<service>[\w-]+) (?:was|were) the first of a worker, which takes (?<start>\S+ \S+) to start$/, (told) => this.firstOfWorkers(told)],
    [/^(?<needed>[\d,]+(?:(?:, | and )[\d,]+)*) (?:(?<service>[\w-]+) )?workers? would keep up(?<where> at .+?)?(?:, there (?:is|are) (?<upTo>up to )?(?<has>\S+))?$/, (told) => this.workers(told)],
    [/^retries of the clients multiply the load of (?<x>[\w-]+): (?<list>.+)$/, (told) => this.sentAgain(told)],
    [/^(?<share>\S+) of what it is sent at (?<load>.+?) are retries(?:, and it starts at (?<from>.+))?$/, (told) => this.retries(told)],
    [/^(?<x>[\w-]+) fails (?<list>at .+)$/, (told) => this.failing(told)],
    [/^(?<x>[\w-]+) told (?<count>[\d,]+) orders? "failed" at (?<load>.+?) although (?<steps>.+) had succeeded$/, (told) => this.orphaned(told)],
    [/^(?<x>[\w-]+) lost (?<lost>\S+) of (?<all>\S+) acknowledged events at (?<load>.+)$/, ({ x, load, lost = '', all = '' }) => [...number(lost, this.at(x, load).trial.events?.lost), ...number(all, this.at(x, load).trial.events?.acknowledged)]],
    [/^(?<x>[\w-]+) told (?<count>\S+) of (?<all>\S+) orders? "ok" at (?<load>.+?) whose work failed later(?:: (?<consumer>[\w-]+) gave up(?:, most of all for (?<how>.+))?)?$/, (told) => this.later(told)],
    [/^the price of (?<x>[\w-]+) is waiting work: the (?<consumer>[\w-]+) backlog grows by (?<list>.+)$/, (told) => this.grows(told)],
    [/^what waits in the end takes (?<time>.+) to drain$/, ({ time = '' }) => this.last((flow) => timeLies(time, (flow.backlog.drainSeconds ?? NaN) * 1000))],
    [/^what waits in the end is never done at this rate$/, () => this.last((flow) => lie(flow.backlog.drainSeconds !== null, 'it drains'))],
    [/^the backlogs? of (?<list>.+) grows? too$/, ({ x, list = '' }) => items(list).flatMap((name) => lie(!this.all(x).some(({ trial }) => (trial.events?.consumers[name]?.backlog.slopePerSecond ?? 0) > 0), `${name} does not grow`))],
    [/^the consumers of (?<x>[\w-]+) keep up at (?<load>.+?): p95 of the event lag (?<lag>.+?), of the completed order (?<done>.+)$/, (told) => this.keepsUp(told)],
  ];

  private faster({ x = '', y = '', list = '' }: Record<string, string>): string[] {
    return items(list).flatMap((item) => {
      const { factor = '', load = '', metric = 'p50', mine = '', other = '' } = /^(?<factor>\S+) times at (?<load>.+?) \((?:(?<metric>p95) )?(?<mine>\S+ \S+) against (?<other>\S+ \S+)\)$/.exec(item)?.groups ?? {};
      if (mine === '') return [`cannot be read: ${item}`];
      const [a, b] = [this.at(x, load), this.at(y, load)].map((one) => (metric === 'p95' ? one.p95 : one.p50));
      const isReliable = this.bad(x, load) <= this.bad(y, load) + 0.05;
      return [...timeLies(mine, a), ...timeLies(other, b), ...number(factor, (b ?? NaN) / (a ?? NaN)), ...lie(!isReliable, `${x} fails more`)];
    });
  }

  private reliable({ x = '', y = '', load = '', worse = '', worseLater, better = '', betterLater }: Record<string, string>): string[] {
    return [
      ...share(worse, this.failed(y, load)),
      ...share(better === 'none' ? '0%' : better, this.failed(x, load)),
      ...share(worseLater ?? '0%', this.failedLater(y, load)),
      ...share(betterLater ?? '0%', this.failedLater(x, load)),
      ...lie(this.bad(x, load) >= this.bad(y, load), `${x} is not the more reliable one`),
    ];
  }

  private bothFail({ x = '', y = '', load = '', worse = '', worseLater, better = '', betterLater }: Record<string, string>): string[] {
    const lies = [...share(better, this.failed(x, load)), ...share(worse, this.failed(y, load)), ...share(betterLater ?? '0%', this.failedLater(x, load)), ...share(worseLater ?? '0%', this.failedLater(y, load))];
    return [...lies, ...lie(Math.min(this.bad(x, load), this.bad(y, load)) <= 0.5, 'not both fail')];
  }

  private alike({ x = '', y = '', loads = '' }: Record<string, string>): string[] {
    return this.eachLoad(loads, (load) => {
      const [a, b] = [this.at(x, load).p50 ?? NaN, this.at(y, load).p50 ?? NaN];
      return Math.max(a / b, b / a) < 1.05 || (a === 0 && b === 0);
    });
  }

  private wholly({ x = '', load = '', share: told = '', count = '', how = '' }: Record<string, string>): string[] {
    const { trial } = this.at(x, load);
    const { sent, ok: _ok, ...ends } = trial.outcomes;
    const words: Record<string, string> = { http5xx: 'server errors (5xx)', timeout: 'timeouts' };
    const most = Math.max(...Object.values(ends));
    const isMost = Object.entries(ends).some(([kind, times]) => words[kind] === how && times === most);
    return [...share(told, this.failed(x, load)), ...number(count, sent), ...lie(!isMost, `most are not ${how}`)];
  }

  private enough({ x = '', y = '', load = '', mine = '', other = '' }: Record<string, string>): string[] {
    return [...timeLies(mine, this.at(x, load).p50), ...timeLies(other, this.at(y, load).p50), ...lie((this.at(x, load).trial.events ?? null) !== null, 'there are events')];
  }

  private stays({ x = '', rivals = '', count = '1', failing }: Record<string, string>): string[] {
    const fails = this.loads().filter((load) => items(rivals).some((name) => this.bad(name, load) > this.bad(x, load))).length;
    // A submission that is only accepted has gained its caller nothing yet.
    const isBetter = items(rivals).filter((name) => name !== 'event-driven').some((name) => this.loads().some((load) => (this.at(name, load).p50 ?? Infinity) * 1.06 < (this.at(x, load).p50 ?? 0) && this.bad(name, load) < this.bad(x, load)));
    return [...number(count, this.loads().length), ...lie(isBetter, 'a rival is better'), ...lie(failing !== undefined && Number(failing) > fails, `more fails at ${fails} loads`)];
  }

  private withinGoals({ x = '', p95 = '', share: told = '' }: Record<string, string>): string[] {
    const worst = Math.max(...this.loads().map((load) => this.at(x, load).p95 ?? Infinity));
    const failed = Math.max(...this.loads().map((load) => this.failed(x, load)));
    return [...timeLies(p95, worst), ...share(told, failed), ...lie(worst > 1000 || failed > 0.01, 'it does not meet them')];
  }

  /** Everything that answers when the work of the reply is done. */
  private reply(): string[] {
    return [...new Set(this.trials.filter(({ base }) => base !== 'event-driven').map(({ architecture }) => architecture))];
  }

  /** Goals that are missed, by the default goals: 1 s, 1 %, and 95 of 100 complete within a minute with no backlog that grows. */
  private misses(name = ''): Set<string> {
    const missed = new Set<string>();
    for (const load of this.loads()) {
      const { p95, trial } = this.at(name, load);
      if ((p95 ?? Infinity) > 1000) missed.add('the reply takes too long');
      if (this.bad(name, load) > 0.01) missed.add('too many fail');
      const { completionTime, consumers = {} } = trial.events ?? {};
      const late = completionTime !== undefined && Object.keys(consumers).length > 0 && (completionTime.censored > 0.05 * completionTime.count || (completionTime.p95 ?? 0) > 60_000);
      const grows = Object.values(consumers).some(({ backlog, arrivalRate }) => backlog.slopePerSecond > 0.02 * arrivalRate && backlog.end > 0);
      if (late || grows) missed.add('work is not done in time');
    }
    return missed;
  }

  /** Growth that may be chance is not held against a sentence that does not tell it. */
  private missing(name: string | undefined, why: string): string[] {
    const told = new Set(items(why));
    const truly = this.misses(name);
    const lies = [...told].filter((one) => !truly.has(one)).map((one) => `${name}: not ${one}`);
    return [...lies, ...[...truly].filter((one) => !told.has(one) && one !== 'work is not done in time').map((one) => `${name}: also ${one}`)];
  }

  private completed({ x = '', least, time = '', load = '' }: Record<string, string>): string[] {
    const { completionTime } = this.at(x, load).trial.events!;
    return [...timeLies(time, completionTime.p95), ...lie((least !== undefined) !== completionTime.censored > 0, 'known or at least')];
  }

  private limits({ step = '', x = '', workers = '', upTo, rate = '', each = '1', list, busy, load }: Record<string, string>): string[] {
    const loads = list === undefined ? [load ?? ''] : items(list).map((item) => item.replace(/^\S+ at /, ''));
    this.about = { x, who: step, loads };
    const { trial } = this.at(x, loads.at(-1));
    const { service, workers: has, utilisation } = trial.steps[step]!;
    const mean = meanOf(this.scenario, service);
    // Of times that vary, what was measured may be off by chance.
    const slack = isConstant(this.scenario, service) ? 0.001 : 0.2;
    return [
      ...number(workers, has),
      ...lie((upTo !== undefined) !== (this.serviceOf(service)?.scaling !== undefined), 'as many at any time, or up to so many'),
      ...number(rate, (has ?? NaN) * 1000 / (mean * this.callsPerRequest(trial, x, service)), slack),
      ...number(each, this.callsPerRequest(trial, x, service), 0.011),
      ...(busy === undefined ? [] : share(busy, utilisation ?? NaN)),
      ...lie((utilisation ?? 0) < 0.9, `${step} is not busy`),
      ...(list === undefined ? [] : items(list).flatMap((item) => number(item.split(' at ')[0]!, this.demand(item.replace(/^\S+ at /, ''))))),
    ];
  }

  /** Workers are more than there are, and with one fewer than are told more work comes than can be done. */
  private workers({ needed = '', has, upTo }: Record<string, string>): string[] {
    const most = Number(items(needed).at(-1)!.replaceAll(',', ''));
    const there = has === undefined ? 0 : Number(has.replaceAll(',', ''));
    return [...lie(has !== undefined && most <= there, `${most} workers are no more than the ${there} there are`), ...this.upToLies(upTo, there)];
  }

  /** `up to` is said of what scales: something that may have so many does. */
  private upToLies(upTo: string | undefined, most: number): string[] {
    return lie(upTo !== undefined && !this.scenario.services.some(({ scaling, workers }) => scaling && workers === most), `nothing scales up to ${most}`);
  }

  private serviceOf(name: string): Scenario['services'][number] | undefined {
    return this.scenario.services.find((service) => service.name === name);
  }

  private coldStart({ x = '', load = '', step = '', wait = '', p95 = '' }: Record<string, string>): string[] {
    const { trial, p95: whole } = this.at(x, load);
    this.about = { x, who: step, loads: [load] };
    const { queueTime, service, utilisation } = trial.steps[step]!;
    return [...timeLies(wait, queueTime.p95), ...timeLies(p95, whole), ...lie(!this.serviceOf(service)?.scaling, `${service} does not scale`), ...lie((utilisation ?? 0) >= 0.9, 'all of them are busy')];
  }

  private firstOfWorkers({ count = '', service = '', start = '' }: Record<string, string>): string[] {
    const { trial } = this.at(this.about.x, this.about.loads.at(-1));
    const of = Object.values(trial.steps).find((step) => step.service === service);
    return [...number(count, of?.scaled?.coldStarts), ...timeLies(start, this.serviceOf(service)?.scaling?.start)];
  }

  private sentAgain({ x = '', list = '' }: Record<string, string>): string[] {
    return items(list).flatMap((item) => {
      const { times = '', load = '' } = /^(?<times>\S+) attempts a request at (?<load>.+)$/.exec(item)?.groups ?? {};
      return load === '' ? [`cannot be read: ${item}`] : number(times, this.attemptsEach(x, load), 0.05);
    });
  }

  private retries({ x = '', load = '', share: told = '', from }: Record<string, string>): string[] {
    const loads = this.all(x).toSorted((a, b) => size(a.trial) - size(b.trial)).map(({ trial }) => wordsOf(trial));
    const start = loads.find((one) => this.attemptsEach(x, one) > 1.1);
    return [
      ...share(told, 1 - 1 / this.attemptsEach(x, load)),
      ...lie(start === undefined, 'hardly any request is sent again'),
      ...lie((from ?? loads[0])?.replace(/^1 user$/, '1 users') !== start, `it starts at ${start}`),
    ];
  }

  /** What the server counted, for each request that began. */
  private attemptsEach(name: string, load: string): number {
    const { trial, times } = this.at(name, load);
    return (trial.server.received ?? NaN) / times.length;
  }

  private failing({ x = '', list = '' }: Record<string, string>): string[] {
    return list.split(/, (?=at [\w-]+ at )/).flatMap((item) => {
      const whole = /^at (?<name>[\w-]+) at (?<load>.+?): (?:none|fewer than (?<need>\d+)) of its (?<of>\d+) steps (?:was|were) done(?: within (?<within>.+))?$/.exec(item)?.groups;
      if (whole) return this.tooFew(x, whole);
      const { step = '', load = '', count = '', part, told = '' } = /^at (?<step>[\w-]+) at (?<load>.+?): (?<count>[\d,]+) (?:runs? of it, (?<part>[\d,]+) (?:of them )?)?(?<told>.+?)(?: among them)?$/.exec(item)?.groups ?? {};
      const how = told.replace(/^(timeout|error|call)(?!s)/, '$1s');
      const result = this.at(x, load).trial.steps[step]!;
      const kinds: Record<string, number> = { timeouts: result.timeouts, errors: result.errors, 'calls rejected by a full queue': result.rejected, 'calls stopped by the open breaker': result.shortCircuited };
      const ofKind = kinds[how] ?? NaN;
      const mostOfAll = ofKind === Math.max(...Object.values(kinds));
      return [...number(count, result.failed), ...(part === undefined ? lie(ofKind < result.failed, `not all are ${how}`) : number(part, ofKind)), ...lie(!mostOfAll, `${how} are not most`)];
    });
  }

  private tooFew(x: string, { name, load = '', need = '1', of = '', within }: Record<string, string | undefined>): string[] {
    const steps = this.scenario.steps.filter(({ group }) => group?.name === name);
    const told = steps[0]?.group;
    return [
      ...lie(told?.need !== Number(need) || steps.length !== Number(of), `the group needs ${told?.need} of ${steps.length}`),
      ...(within === undefined ? lie(told?.within !== undefined, 'it waits for so long') : timeLies(within, told?.within)),
      ...lie(this.at(x, load).trial.failureRate === 0, 'nothing fails'),
    ];
  }

  private orphaned({ x = '', load = '', count = '', steps = '' }: Record<string, string>): string[] {
    const { trial } = this.at(x, load);
    const critical = this.scenario.steps.filter((step) => step.critical).map(({ name }) => name);
    const named = steps === 'a critical step' ? critical : steps.split(/, | or /);
    return [...number(count, trial.orphaned), ...lie(named.join() !== critical.join(), `critical are ${critical.join()}`)];
  }

  private later({ x = '', load = '', count = '', all = '', consumer, how }: Record<string, string>): string[] {
    const { trial } = this.at(x, load);
    const flow = consumer === undefined ? undefined : trial.events?.consumers[consumer];
    const result = consumer === undefined ? undefined : trial.steps[consumer];
    const kinds: Record<string, number> = { timeouts: result?.timeouts ?? 0, errors: result?.errors ?? 0, 'calls rejected by a full queue': result?.rejected ?? 0 };
    return [
      ...number(count, trial.failedLater),
      ...number(all, trial.outcomes.ok),
      ...lie(consumer !== undefined && (flow?.deadLettered ?? 0) === 0, `${consumer} gave nothing up`),
      ...lie(how !== undefined && kinds[how] !== Math.max(...Object.values(kinds)), `not most for ${how}`),
    ];
  }

  private grows({ x = '', consumer = '', list = '' }: Record<string, string>): string[] {
    const told = items(list);
    this.about = { x, who: consumer, loads: told.map((item) => item.replace(/^.*? a second at /, '')) };
    return told.flatMap((item) => {
      const load = item.replace(/^.*? a second at /, '');
      const flow = this.at(x, load).trial.events?.consumers[consumer];
      return [...number(item.split(' ')[0]!, flow?.backlog.slopePerSecond), ...lie((flow?.backlog.end ?? 0) === 0, 'nothing waits at the end')];
    });
  }

  private keepsUp({ x = '', load = '', lag = '', done = '' }: Record<string, string>): string[] {
    const { trial } = this.at(x, load);
    const { events, failedLater, outcomes } = trial;
    const { completionTime } = events!;
    const rank = Math.ceil(0.95 * completionTime.count);
    return [
      ...timeLies(lag, events!.lag.p95),
      ...timeLies(done, completionTime.p95),
      ...lie(failedLater > 0.01 * outcomes.ok, 'work died'),
      ...lie(rank > completionTime.count - completionTime.censored, 'not complete'),
      ...lie(Object.values(events!.consumers).some(({ backlog, arrivalRate }) => backlog.slopePerSecond > 0.5 * arrivalRate && backlog.end > 0.4 * arrivalRate * trial.window.seconds), 'a backlog grows'),
    ];
  }

  private last(check: (flow: NonNullable<MeasuredTrial['events']>['consumers'][string]) => string[]): string[] {
    const { x, who, loads } = this.about;
    return check(this.at(x, loads.at(-1)).trial.events!.consumers[who]!);
  }

  private readTime(item: string, pattern: RegExp, of: (load: string) => number | null): string[] {
    const { time = '', load = '' } = pattern.exec(item)?.groups ?? {};
    return load === '' ? [`cannot be read: ${item}`] : timeLies(time, of(load));
  }

  private eachLoad(loads: string | undefined, holds: (load: string) => boolean): string[] {
    return this.loadsIn(loads ?? '').flatMap((load) => lie(!holds(load), `not at ${load}`));
  }

  /** `10 and 40 users`, `10 requests/s and 40 requests/s`. */
  private loadsIn(text: string): string[] {
    return items(text).map((item) => (/^[\d,]+$/.test(item) ? `${item} users` : item));
  }

  /** A trial by the words for its load, and what its samples say. */
  private at(name = '', load = ''): { trial: MeasuredTrial; times: number[]; p50: number | null; p95: number | null } {
    const trial = this.trials.find((one) => one.architecture === name && wordsOf(one) === load.replace(/^1 user$/, '1 users'));
    if (!trial) throw new Error(`no trial of ${name} at ${load}`);
    const { start, time } = this.samplesOf(trial);
    const times = Array.from(time).filter((_, i) => start[i]! >= 0).toSorted((a, b) => a - b);
    const rank = (q: number): number | null => times[Math.max(1, Math.ceil(times.length * q)) - 1] ?? null;
    return { trial, times, p50: rank(0.5), p95: rank(0.95) };
  }

  private readonly decoded = new Map<MeasuredTrial, ReturnType<typeof decodeSamples>>();

  private samplesOf(trial: MeasuredTrial): ReturnType<typeof decodeSamples> {
    const samples = this.decoded.get(trial) ?? decodeSamples(trial.samples);
    this.decoded.set(trial, samples);
    return samples;
  }

  private all(name = ''): { trial: MeasuredTrial }[] {
    return this.trials.filter(({ architecture }) => architecture === name).map((trial) => ({ trial }));
  }

  private loads(): string[] {
    return [...new Set(this.trials.map(wordsOf))];
  }

  private failed(name: string, load: string): number {
    const { start, outcome } = this.samplesOf(this.at(name, load).trial);
    const measured = Array.from(outcome).filter((_, i) => start[i]! >= 0);
    return measured.length === 0 ? 0 : measured.filter((kind) => kind !== 0).length / measured.length;
  }

  private failedLater(name: string, load: string): number {
    const { trial } = this.at(name, load);
    return trial.outcomes.sent === 0 ? 0 : trial.failedLater / trial.outcomes.sent;
  }

  private bad(name: string, load: string): number {
    return this.failed(name, load) + this.failedLater(name, load);
  }

  private demand(load: string): number {
    const trial = this.trials.find((one) => wordsOf(one) === load && one.architecture === this.about.x)!;
    if (trial.load.model === 'open') return trial.load.rate;
    return (1000 * trial.load.users) / ((trial.ideal?.mean ?? 0) + this.scenario.load.think);
  }

  /** Calls of a request to a service, in the steps that its reply waits for. */
  private callsPerRequest({ steps, events }: MeasuredTrial, _name: string, service: string): number {
    const inReply = this.scenario.steps.filter((step) => (!events || step.critical) && steps[step.name]?.service === service);
    return inReply.reduce((sum, { name, share: part, retries: { attempts } }) => {
      const { ok, failed, timeouts, errors, rejected, connection } = steps[name]!;
      const inEndedRuns = ok + timeouts + errors + rejected + connection;
      return sum + part * (attempts === 1 || ok + failed === 0 ? 1 : Math.min(attempts, Math.max(1, inEndedRuns / (ok + failed))));
    }, 0);
  }
}

function wordsOf({ load }: MeasuredTrial): string {
  return load.model === 'closed' ? `${load.users} users` : `${load.rate} requests/s`;
}

function size({ load }: MeasuredTrial): number {
  return load.model === 'closed' ? load.users : load.rate;
}

/** `a, b and c`. */
export function items(list: string): string[] {
  return list.split(/, | and /);
}

export function lie(isOne: boolean, what: string): string[] {
  return isOne ? [what] : [];
}

export function timeLies(text: string, ms: number | null | undefined): string[] {
  if (text === '<0.1 ms') return lie(!(typeof ms === 'number' && ms < 0.05), `${text} is ${ms}`);
  const { digits = '', unit = '' } = /^(?<digits>[\d.,]+) (?<unit>ms|s|min|h)$/.exec(text)?.groups ?? {};
  const factor = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }[unit] ?? NaN;
  return isNear(digits, (ms ?? NaN) / factor) ? [] : [`${text} is ${ms} ms`];
}

export function share(text: string, ratio: number): string[] {
  if (text === '<0.01%') return lie(!(ratio > 0 && ratio < 0.0001), `${text} is ${ratio}`);
  if (text === '>99.9%') return lie(!(ratio > 0.999 && ratio < 1), `${text} is ${ratio}`);
  if (text === '0%' || text === '100%') return lie(ratio !== Number(text.slice(0, -1)) / 100, `${text} is ${ratio}`);
  return isNear(text.slice(0, -1), ratio * 100) ? [] : [`${text} is ${100 * ratio} %`];
}

/** @param slack share by which a number may be off beyond its digits */
export function number(text: string, value: number | null | undefined, slack = 0): string[] {
  return isNear(text, value ?? NaN, slack) ? [] : [`${text} is ${value}`];
}

/** Half of the last digit, and what a 32-bit float loses. */
function isNear(text: string, value: number, slack = 0): boolean {
  const plain = text.replaceAll(',', '');
  const decimals = plain.split('.')[1]?.length ?? 0;
  const told = Number(plain);
  return Math.abs(told - value) <= 0.5001 * 10 ** -decimals + (1e-6 + slack) * Math.abs(value);
}

function isConstant({ services }: Scenario, name: string): boolean {
  return services.find((service) => service.name === name)?.latency.kind === 'constant';
}

function meanOf({ services }: Scenario, name: string): number {
  const { latency } = services.find((service) => service.name === name)!;
  return latency.kind === 'constant' ? latency.ms : latency.kind === 'exponential' ? latency.mean : NaN;
}
