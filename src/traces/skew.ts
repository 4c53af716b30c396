/** Clocks of different hosts: Jaeger's rule, and each span that it moves is counted. */
import { walk, type Node } from './tree.js';

/**
 * Moves children of another service into their parents where their clocks part (the clock skew adjuster of Jaeger): a
 * child that is longer than its parent and begins before it begins with it; one that sticks out is put in the middle.
 * Never from a producer to its consumers, who may come later, and never below a span that only follows by a link.
 * @param tick of the clock, ns: less is no difference
 * @returns how many spans were moved by another clock
 */
export function straighten(root: Node, tick: number): number {
  let moved = 0;
  for (const parent of walk(root)) {
    for (const child of parent.children) {
      const by = skewOf(child, parent, tick);
      if (by === 0) continue;
      for (const node of walk(child)) {
        node.start += by;
        node.end += by;
      }
      moved++;
    }
    parent.children.sort((a, b) => a.start - b.start || a.end - b.end);
  }
  return moved;
}

function skewOf(child: Node, parent: Node, tick: number): number {
  if (child.service === parent.service || child.kind === 'consumer' || parent.kind === 'producer' || child.trace !== parent.trace) return 0;
  const [length, room] = [child.end - child.start, parent.end - parent.start];
  if (length > room + tick) return child.start < parent.start - tick ? parent.start - child.start : 0;
  if (child.start >= parent.start - tick && child.end <= parent.end + tick) return 0;
  return Math.round(parent.start + (room - length) / 2 - child.start);
}
