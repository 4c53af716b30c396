/**
 * A second, plain implementation of what `advise` says: each sentence is read back and held against the options, their loads and
 * the scenario. It shares no code with decision or words; goals, gains and needs are worked out anew.
 */
import type { AdviceDocument } from '../../../src/advice/document.js';
import type { Option } from '../../../src/advice/option.js';
import type { Outlook } from '../../../src/advice/outlook.js';
import type { Scenario, Step } from '../../../src/scenarios/scenario.js';
import { items, lie, number, share, timeLies } from '../truth.js';

type Told = Record<string, string>;

const MISSED: Record<string, string> = { p95: 'the reply takes too long', failures: 'too many fail', within: 'work is not done in time' };

/** Reads sentences of one advice. */
export class AdviceTruth {
  private readonly document: AdviceDocument;
  private readonly scenario: Scenario;

  constructor(document: AdviceDocument, scenario: Scenario) {
    this.document = document;
    this.scenario = scenario;
  }

  /** What is not true of a sentence, or cannot be read; empty when all is. */
  liesOf(sentence: string): string[] {
    for (const [pattern, check] of this.readers) {
      const match = pattern.exec(sentence);
      if (match) return check(match.groups ?? {}).map((what) => `${what} (in: ${sentence})`);
    }
    return [`cannot be read: ${sentence}`];
  }

  private readonly readers: [RegExp, (told: Told) => string[]][] = [
    [/^Read (?<which>.+) in one call: (?<many>.+) in a row are (?<share>\S+) of the request, and one in their place, as long as one of them is now, (?:saves (?<saves>\S+) of the response time|fails fewer requests)\.$/, (told) => this.loop(told)],
    [/^Stay with requests: as it is the chain answers within (?<p95>.+?) \(p95\) with (?<failed>\S+) failed, within the goals; events would save (?<gain>\S+) of it\.$/, (told) => this.quickEnough(told)],
    [/^Stay with requests: the reply needs every step, and nothing may move(?:, although (?<why>.+))?\.$/, ({ why }) => [...lie(this.movable().length > 0, 'something may move'), ...this.although(why)]],
    [/^Stay with requests: nothing that was tried comes much closer to the goals(?:, although (?<why>.+))?\.$/, ({ why }) => [...lie(this.options.some((one) => this.missed(one).length === 0), 'something meets them'), ...lie(this.least() > 0.1, `${this.least()} fail`), ...this.although(why)]],
    [/^Stay with requests: whatever was tried, at least (?<least>\S+) of the requests fail, or have work that is never done(?:, although (?<why>.+))?\.$/, ({ least = '', why }) => [...share(least, this.least()), ...this.although(why)]],
    [/^Stay with requests: no move saves as much as a tenth of the response time \(all together (?<gain>\S+)\)\.$/, ({ gain = '' }) => [...share(gain, Math.max(0, this.all())), ...lie(this.all() >= 0.1, 'they save more'), ...this.although(undefined)]],
    [/^(?:Catch|Call what does not need each other side by side, catch) the error of (?<steps>.+?)(?: and set (?:a timeout|timeouts) of (?<timeouts>.+?))?: (?:the reply goes on without (?:it|them), which|it) (?:saves (?<gain>\S+) of the response time|fails fewer requests)(?:, without any event)?; (?<undone>.+)\.$/, (told) => this.caught(told)],
    [/^Call what does not need each other side by side: (?:it saves (?<gain>\S+) of the response time|fewer fail,) without any event, where moving what may move, and calling the rest in turn, saves (?<events>\S+)\.$/, (told) => this.parallel(told)],
    [/^Move (?<steps>.+?) (?<how>first|together)(?<beside>, and call what stays side by side)?(?:, catch the error of (?<caught>.+?))?: (?:(?:it saves|alone it saves|they save) (?<gain>\S+) of the response time at the same orders|it takes its failures out of the request); (?<workers>(?:its consumer|their consumers|at the peak|with what there is, ).*?)(?:; (?<undone>none of its work.*|in .* of the requests at worst.*))?\.$/, (told) => this.move(told)],
    [/^Moving (?<steps>.+?)(?<beside>, with what stays side by side,)? would save (?<gain>\S+) of the response time, and (?:its|their) work would not be done in time: (?:its consumer|the consumer of (?<first>\S+)) needs (?<needs>\S+) workers?(?:, and has (?<upTo>up to )?(?<has>\S+))?\. Do not move (?:it, or buy them|them, or buy workers) first\.$/, (told) => this.buy(told)],
    [/^At (?<ramp>up to )?(?<orders>\S+) (?<noun>.+?) a second(?:, as (?<load>.+) send to the chain as it is)?, p95 goes from (?<before>.+?) to (?<after>.+?)(?: and failures, at once or later, from (?<failed>\S+) to (?<least>at least )?(?<fails>\S+)|, and (?<still>\S+) fail as before)?\.$/, ({ still, ...told }) => this.promise(still === undefined ? told : { ...told, failed: still, fails: still })],
    [/^It comes closer to the goals and does not meet them: (?<why>.+)\.$/, ({ why = '' }) => this.words(why, this.missed(this.chosen))],
    [/^Where it must be done, (?<name>.+) meets the goals too\.$/, () => lie(!this.options.some((one) => one.caught.length === 0 && this.missed(one).length === 0), 'nothing does it all')],
    [/^The bill: to have it done within (?<within>\S+), consumers need: (?<needs>.+?)(?:; the work is done (?<least>at least )?(?<late>.+?) after the reply \(p95\))?(?:; after the peak it catches up within (?<drain>.+?))?\.$/, (told) => this.bill(told)],
    [/^Up to (?<count>\S+) events? at once (?:is|are) lost with the process unless the bus is durable\.$/, ({ count = '' }) => number(count, Math.max(...this.chosen.loads.map(({ atRisk }) => atRisk)))],
    [/^What (?<step>\S+) writes would be stale for (?:at least )?(?<time>.+) \(p95\) after the reply\.$/, ({ time = '' }) => timeLies(time, this.stalest())],
    [/^If (?<step>\S+) took (?<enough>.+) instead of (?<now>.+), the chain as it is would meet the goals\.$/, (told) => this.quicker(told)],
    [/^It still meets the goals with (?<times>\S+) times as many (?<noun>.+)\.$/, ({ times = '' }) => [...number(times, this.sensitivity('more-orders')?.times), ...this.fits()]],
    [/^It meets the goals with up to (?<times>\S+) times as many (?<noun>.+); with more, (?<why>.+)\.$/, ({ times = '' }) => [...number(times, this.sensitivity('more-orders')?.times), ...this.fits()]],
    [/^There is no room for more (?<noun>.+): with (?<tried>\S+) times as many, (?<why>.+)\.$/, ({ tried = '' }) => [...number(tried, this.sensitivity('more-orders')?.tried), ...this.fits()]],
    [/^(?<step>\S+) is given up after (?<now>.+?), before its work can be done: with (?<enough>.+?), moving it would leave (?<failed>\S+) failed(?<late>, and work that is not done in time with the workers that there are)?\.$/, (told) => this.patient(told)],
    [/^Followed before it was given, twice, with other draws \(seeds (?<seed>\d+) and (?<next>\d+)\): what is promised is the worst of all, and of p95 as much more as they differ(?:; turned down, because it did not keep its promise there: (?<rejected>.+))?\.$/, (told) => this.followed(told)],
    [/^A moderate load that requests carry: as it is, (?:p95 is (?:at least )?(?<p95>.+?)|nothing is answered) and (?<failed>\S+) fail at worst \(goals: (?<limit>.+?) and (?<failures>\S+)\)\.$/, (told) => this.moderate(told)],
    [/^Simple work, nothing to move: (?<count>\S+) of (?<all>\S+) steps may leave the request\.$/, ({ count = '', all = '' }) => [...number(count, this.movable().length), ...number(all, this.scenario.steps.length)]],
    [/^Simulated by (?<tool>\S+) (?<version>\S+), seed (?<seed>\d+), not measured\.$/, ({ seed }) => lie(Number(seed) !== this.document.seed, `the seed is ${this.document.seed}`)],
  ];

  private get options(): readonly Option[] {
    return this.document.advice.options;
  }

  private get chosen(): Option {
    return this.options[this.document.advice.chosen]!;
  }

  /** The chain as it is. */
  private get today(): Option {
    return this.options.find(({ moved, beside, caught }) => moved.length === 0 && !beside && caught.length === 0)!;
  }

  /** Goals that are missed, worked out from what was seen. */
  private missed({ loads }: Option): string[] {
    const { p95, failures, within } = this.document.goals;
    const isLate = (one: Outlook): boolean =>
      one.undone > 0.05 || (one.completionP95 !== null && (one.unfinished || one.completionP95 > within || one.growing.length > 0 || (one.isPeak && !((one.drainSeconds ?? Infinity) * 1000 <= within))));
    const missed: [string, boolean][] = [
      ['p95', loads.some((one) => (one.p95 ?? Infinity) > p95)],
      ['failures', loads.some((one) => bad(one) > failures)],
      ['within', loads.some(isLate)],
    ];
    return missed.filter(([, isMissed]) => isMissed).map(([goal]) => goal);
  }

  private words(why: string, missed: readonly string[]): string[] {
    const told = items(why).toSorted();
    const true_ = missed.map((goal) => MISSED[goal]!).toSorted();
    return lie(told.join() !== true_.join(), `missed are ${true_.join(', ')}`);
  }

  private although(why: string | undefined): string[] {
    if (why === undefined) return lie(this.missed(this.today).length > 0, 'goals are missed');
    const atWorst = /too many fail \((?<share>\S+) at worst\)/.exec(why)?.groups?.['share'];
    const lies = atWorst === undefined ? lie(why.includes('too many fail'), 'it does not say how many') : share(atWorst, Math.max(...this.today.loads.map((one) => bad(one) + one.undone)));
    return [...lies, ...this.words(why.replace(/ \(\S+ at worst\)/, ''), this.missed(this.today))];
  }

  /** Mean share of the median that is saved at the same orders. */
  private gain(option: Option): number {
    const shares = option.loads.map(({ p50 }, i) => {
      const before = this.today.loads[i]!.p50;
      return before !== null && before > 0 && p50 !== null ? (before - p50) / before : 0;
    });
    return mean(shares);
  }

  /** All moves together, and side by side, at the loads of the scenario. */
  private all(): number {
    return mean(this.document.advice.moved.map(({ gain: { before, after } }) => (before && after !== null ? 1 - after / before : 0)));
  }

  /** Share of the requests that go wrong with the option that is best in this. */
  private least(): number {
    return Math.min(...this.options.map(({ loads }) => Math.max(...loads.map((one) => bad(one) + one.undone))));
  }

  private movable(): Step[] {
    const { steps } = this.scenario;
    const followers = (name: string): Step[] => steps.filter(({ after }) => after.includes(name)).flatMap((step) => [step, ...followers(step.name)]);
    return steps.filter((step) => !step.critical && !followers(step.name).some(({ critical }) => critical));
  }

  private loop({ saves = '' }: Told): string[] {
    const known = this.document.advice.loops.map(({ at }) => mean(at.map(({ gain: { before, after } }) => (before && after !== null ? 1 - after / before : 0))));
    return saves === '' ? lie(known.every((one) => one > 0), 'all save time') : lie(!known.some((one) => share(saves, one).length === 0), `no loop saves ${saves}`);
  }

  private quickEnough({ p95 = '', failed = '', gain = '' }: Told): string[] {
    const { loads } = this.today;
    return [
      ...timeLies(p95, Math.max(...loads.map((one) => one.p95 ?? Infinity))),
      ...share(failed, Math.max(...loads.map(bad))),
      ...share(gain, Math.max(0, this.all())),
      ...lie(this.missed(this.today).length > 0, 'it is not within the goals'),
    ];
  }

  /** What the table of the options says of the chain as it is. */
  private moderate({ p95, failed = '', limit = '', failures = '' }: Told): string[] {
    const worst = Math.max(...this.today.loads.map((one) => one.p95 ?? Infinity));
    const { goals } = this.document;
    return [...(p95 === undefined ? lie(Number.isFinite(worst), 'it is answered') : timeLies(p95, worst)), ...share(failed, Math.max(...this.today.loads.map(bad))), ...timeLies(limit, goals.p95), ...share(failures, goals.failures)];
  }

  private caught({ steps = '', gain, undone = '' }: Told): string[] {
    return [...same(items(steps), this.chosen.caught.map(({ step }) => step)), ...(gain === undefined ? [] : this.saves(gain)), ...this.undone(undone)];
  }

  /** Side by side is told at the loads of the scenario where these are rates. */
  private saves(gain: string): string[] {
    const { parallel } = this.document.advice;
    const atLoads = mean(parallel.map(({ gain: { before, after } }) => (before && after !== null ? 1 - after / before : 0)));
    const isOpen = this.chosen.loads.every(({ load }) => load.model === 'open');
    return share(gain, this.chosen.kind === 'parallel' && isOpen ? atLoads : this.gain(this.chosen));
  }

  private undone(text: string): string[] {
    const most = Math.max(...this.chosen.loads.map((one) => one.undone));
    const told = /^in (\S+) of the requests at worst that work is left undone, and nobody does it later$/.exec(text)?.[1];
    return told === undefined ? lie(text !== 'none of its work was left undone' || most > 0, `${most} is left undone`) : share(told, most);
  }

  private parallel({ gain, events = '' }: Told): string[] {
    return [...(gain === undefined ? [] : this.saves(gain)), ...share(events, Math.max(0, this.all())), ...lie(!this.chosen.beside || this.chosen.moved.length > 0, 'it is not what is advised')];
  }

  private move({ steps = '', beside, caught, gain, workers = '', undone }: Told): string[] {
    const { needs, has, first } = this.need();
    const told = /^at the peak (?:its consumer|the consumer of (?<who>\S+)) needs (?<needs>\S+) workers?(?:, and has (?<upTo>up to )?(?<has>\S+))?$/.exec(workers)?.groups;
    const keeps = /^(?:its consumer keeps up as it is|their consumers keep up as they are)$/.test(workers);
    const late = /^with what there is, (?:its|their) work is not done in time$/.test(workers);
    const isLate = this.missed(this.chosen).includes('within');
    const who = told?.who ?? first;
    return [
      ...same(items(steps), this.chosen.moved),
      ...lie((beside !== undefined) !== this.chosen.beside, 'what stays is called otherwise'),
      ...lie((caught !== undefined) !== this.chosen.caught.length > 0, 'other errors are caught'),
      ...(gain === undefined ? lie(this.gain(this.chosen) > 0, 'it saves time') : share(gain, this.gain(this.chosen))),
      ...lie(who !== first || !this.chosen.moved.includes(who), `it is ${first} that lacks most`),
      ...(keeps ? lie(isLate, 'it is late') : []),
      ...(keeps ? lie(has !== null && Math.max(...needs) > has, `it needs ${needs.join()} and has ${has}`) : []),
      ...(told ? [...number(told.needs ?? '', Math.max(...needs)), ...number(told.has ?? '', has), ...this.upToLies(told.upTo, first, has), ...lie(!(Math.max(...needs) > (has ?? Infinity)), 'it has enough')] : []),
      ...lie(told === undefined && late !== isLate, 'it is done in time, or is not'),
      ...lie(!told && !keeps && !late, `cannot be read: ${workers}`),
      ...(undone === undefined ? [] : this.undone(undone)),
    ];
  }

  /** `up to` is said where the service of the consumer, which has no workers of its own here, scales. */
  private upToLies(upTo: string | undefined, consumer: string, has: number | null): string[] {
    const name = this.document.advice.steps.find(({ step }) => step === consumer)?.service ?? consumer;
    const { scaling, workers } = this.scenario.services.find((service) => service.name === name)!;
    return lie((upTo !== undefined) !== (scaling !== undefined && workers === has), 'as many at any time, or up to so many');
  }

  private buy({ steps = '', gain = '', needs: told = '', upTo, has: there = '', first: who }: Told): string[] {
    const { needs, has, first } = this.need();
    return [
      ...same(items(steps), this.chosen.moved),
      ...share(gain, Math.max(0, this.gain(this.chosen))),
      ...number(told, Math.max(...needs)),
      ...number(there, has),
      ...this.upToLies(upTo, first, has),
      ...lie(!needs.every((count) => count === 0 || count > (has ?? Infinity)), 'there are enough at one of the loads'),
      ...lie(this.chosen.moved.length > 1 && who !== first, `whose consumer? that of ${first}`),
    ];
  }

  /** Of the consumer that lacks most, or of the step that is to be moved first: that which saves most by itself. */
  private need(): { first: string; needs: number[]; has: number | null } {
    const { steps } = this.document.advice;
    const saved = (name: string): number => mean(steps.find(({ step }) => step === name)!.loads.map(({ gain: { before, after } }) => (before && after !== null ? 1 - after / before : 0)));
    const first = this.chosen.moved.reduce((best, name) => (saved(name) > saved(best) + 1e-12 ? name : best), this.chosen.moved[0]!);
    const mine = this.chosen.workers.filter(({ consumer }) => this.chosen.moved.includes(consumer));
    const lack = (one: (typeof mine)[number]): number => Math.max(...one.needs.map((count) => count ?? 0)) / (one.has ?? Infinity);
    const most = Math.max(0, ...mine.map(lack));
    // Where none lacks any, that of the step that is to be moved first.
    const sized = most > 1 ? mine.find((one) => lack(one) === most && (one.consumer === first || lack(mine.find(({ consumer }) => consumer === first) ?? one) < most || mine.every(({ consumer }) => consumer !== first))) : mine.find(({ consumer }) => consumer === first);
    return { first: sized?.consumer ?? first, needs: sized?.needs.map((count) => count ?? 0) ?? [0], has: sized?.has ?? null };
  }

  private promise({ orders = '', before = '', after = '', failed, fails = '', least }: Told): string[] {
    const { today, chosen } = this;
    const most = Math.max(...today.loads.map(bad));
    const worst = today.loads.flatMap((one, i) => (bad(one) === most ? [i] : []));
    const latest = Math.max(...worst.map((i) => today.loads[i]!.p95 ?? Infinity));
    const [was95, is95] = [before, after].map((text) => text.replace(/^at least /, ''));
    const told = worst.filter((i) => (today.loads[i]!.p95 ?? Infinity) === latest).map((i): string[] => {
      const [was, is] = [today.loads[i]!, chosen.loads[i]!];
      return [
        ...number(orders, is.orders, 1e-9),
        ...(before === '-' ? lie(was.p95 !== null, 'it was answered') : timeLies(was95!, was.p95)),
        ...(after === '-' ? lie(is.p95 !== null, 'it is answered') : timeLies(is95!, is.p95)),
        ...lie(before.startsWith('at least') !== was.isLonger || after.startsWith('at least') !== is.isLonger, 'that is not, or is, only at least'),
        ...(failed === undefined ? lie(bad(was) + bad(is) > 0, 'some fail') : [...share(failed, bad(was)), ...share(fails, bad(is))]),
      ];
    });
    // Where it is as bad at several loads, each of them is the worst.
    const lies = told.find(({ length }) => length === 0) ?? told[0] ?? [];
    return [...lies, ...lie(least !== undefined && !this.missed(chosen).includes('failures'), 'it is not only at least')];
  }

  private bill({ needs = '', late, least, drain }: Told): string[] {
    const { workers, loads } = this.chosen;
    const highest = loads.reduce((most, one) => (one.orders > most.orders ? one : most));
    const lies = items(needs).flatMap((item) => {
      const told = /^(?<who>\S+) (?:(?<count>\S+) workers?|more than can be had) \((?:has (?<upTo>up to )?(?<has>\S+)|no limit)\)$/.exec(item)?.groups;
      const sized = workers.find(({ consumer }) => consumer === told?.who);
      if (!told || !sized) return [`cannot be read: ${item}`];
      const most = Math.max(...sized.needs.map((count) => count ?? 0));
      return [...(told.count === undefined ? lie(!sized.needs.includes(null), `${most} would do`) : [...number(told.count, most), ...lie(sized.needs.includes(null), 'at one load no number is enough')]), ...(told.has === undefined ? lie(sized.has !== null, `it has ${sized.has}`) : [...number(told.has, sized.has), ...this.upToLies(told.upTo, sized.consumer, sized.has)])];
    });
    return [
      ...lies,
      ...lie(items(needs).length !== workers.length, 'a consumer is left out'),
      ...(late === undefined ? lie(highest.staleness !== null, 'it is done later') : [...timeLies(late, highest.staleness), ...lie((least !== undefined) !== highest.unfinished, 'that is not only at least')]),
      ...(drain === undefined ? [] : timeLies(drain, (highest.drainSeconds ?? NaN) * 1000)),
    ];
  }

  private stalest(): number {
    return Math.max(...this.document.advice.steps.flatMap(({ loads }) => loads.map(({ staleness }) => staleness ?? 0)));
  }

  private sensitivity<K extends string>(kind: K): Extract<AdviceDocument['advice']['sensitivities'][number], { kind: K }> | undefined {
    return this.document.advice.sensitivities.find((one) => one.kind === kind) as Extract<AdviceDocument['advice']['sensitivities'][number], { kind: K }> | undefined;
  }

  private fits(): string[] {
    return lie(this.missed(this.chosen).length > 0, 'it does not meet them now');
  }

  private quicker({ step = '', enough = '', now = '' }: Told): string[] {
    const found = this.sensitivity('quicker-step');
    const { latency } = this.scenario.services.find(({ name }) => name === this.scenario.steps.find((one) => one.name === step)?.call)!;
    const median = latency.kind === 'constant' ? latency.ms : latency.kind === 'exponential' ? Math.LN2 * latency.mean : NaN;
    return [...timeLies(now, median), ...timeLies(enough, found?.enough), ...lie((found?.enough ?? NaN) >= median, 'it is as quick'), ...lie(this.missed(this.today).length === 0, 'it meets them already')];
  }

  private patient({ step = '', now = '', enough = '', failed = '', late }: Told): string[] {
    const found = this.sensitivity('longer-timeout');
    const timeout = this.scenario.event.consumers.find(({ name }) => name === step)?.timeout ?? this.scenario.steps.find(({ name }) => name === step)?.timeout;
    return [...timeLies(now, timeout), ...timeLies(enough, found?.enough), ...share(failed, found?.failures ?? NaN), ...lie((late !== undefined) !== found?.late, 'late, or in time')];
  }

  /** Nothing is promised that one of the runs did not keep. */
  private followed({ seed, next, rejected }: Told): string[] {
    const { followed } = this.document.advice;
    const broken = followed.loads.filter((seen, i) => {
      const promised = this.chosen.loads[i]!;
      return (seen.p95 ?? Infinity) > (promised.p95 ?? Infinity) || seen.failureRate > promised.failureRate || seen.failedLater > promised.failedLater || seen.undone > promised.undone;
    });
    return [...lie(Number(seed) !== followed.seed || Number(next) !== followed.seed + 1, 'other seeds'), ...lie(broken.length > 0, 'it promises more'), ...lie((rejected !== undefined) !== followed.rejected.length > 0, 'others were turned down')];
  }
}

function bad({ failureRate, failedLater }: Outlook): number {
  return failureRate + failedLater;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function same(told: readonly string[], names: readonly string[]): string[] {
  return lie(told.toSorted().join() !== names.toSorted().join(), `it is about ${names.join(', ')}`);
}
