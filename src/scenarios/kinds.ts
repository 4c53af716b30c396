/** Several kinds of request over the same services, and which of them a request is: drawn from seed and request, and nothing else. */
import { drawsOf } from './draw.js';
import { requestOf } from './request.js';
import type { BusinessEvent, RequestKind, Step } from './scenario.js';

/** One kind, and where the draws of its requests lie. Kinds divide the range from 0 to 1 by their weights. */
export interface KindRange {
  name: string;
  from: number;
  to: number;
}

/** No step or service has this name. */
const STREAM = 'kind of request';

/** The ranges of kinds, in their order; the last one ends at 1 exactly. */
export function rangesOf(kinds: readonly Pick<RequestKind, 'name' | 'weight'>[]): KindRange[] {
  let from = 0;
  return kinds.map(({ name, weight }, position) => {
    const range = { name, from, to: position === kinds.length - 1 ? 1 : from + weight };
    from = range.to;
    return range;
  });
}

/** Share of all requests that what belongs to a kind is for: the weight of that kind, and 1 where there are none. */
export function weightOf({ only }: { only?: string }, kinds: readonly Pick<RequestKind, 'name' | 'weight'>[] = []): number {
  return kinds.find(({ name }) => name === only)?.weight ?? 1;
}

/** The draw of each request, by its index, or the number of any of its attempts. */
export function kindDraws(seed: number): (request: number) => number {
  const draws = drawsOf(seed, STREAM);
  return (request) => draws(requestOf(request), 0, 'share');
}

/** Whether a draw is of that kind; of none in particular every one is. */
export function isOfKind(range: KindRange | undefined, draw: number): boolean {
  return !range || (draw >= range.from && draw < range.to);
}

/** The position of each request's kind. */
export function kindPositions(kinds: readonly Pick<RequestKind, 'name' | 'weight'>[], seed: number): (request: number) => number {
  const ranges = rangesOf(kinds);
  const draw = kindDraws(seed);
  return (request) => {
    const drawn = draw(request);
    return ranges.findIndex((range) => isOfKind(range, drawn));
  };
}

/** What requests come to, as far as it is of one kind: a transaction of its own. */
export function onlyKind<T extends { steps: readonly Step[]; event: BusinessEvent; kinds?: RequestKind[]; deadline?: number }>(whole: T, kind: RequestKind): T {
  const { kinds: _, deadline: common, ...rest } = whole;
  const { deadline = common } = kind;
  const isOwn = ({ only }: { only?: string }): boolean => only === kind.name;
  return { ...rest, ...(deadline != null && { deadline }), steps: whole.steps.filter(isOwn), event: { ...kind.event, consumers: whole.event.consumers.filter(isOwn) } } as unknown as T;
}
