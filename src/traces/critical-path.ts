/** What of a request nothing else hid: the critical path, by the rules of CRISP (Zhang et al., USENIX ATC 2022). */
import { operationOf } from './names.js';
import type { Node } from './tree.js';

/** A span cut to the one above it. */
interface Piece {
  node: Node;
  start: number;
  end: number;
}

/** Two children in turn may overlap by so much of their parent: clocks are not exact. */
const OVERLAP_ALLOWED = 0.01;

/**
 * Time on the critical path by `[service] operation`, ns, without that of calls below: from the child that returns last
 * back to the one that was over before it began, and so on.
 */
export function criticalPath(root: Node): Map<string, number> {
  const times = new Map<string, number>();
  visit({ node: root, start: root.start, end: root.end }, times);
  return times;
}

function visit(piece: Piece, times: Map<string, number>): void {
  const name = `[${piece.node.service}] ${operationOf(piece.node)}`;
  let own = piece.end - piece.start;
  for (const child of onPath(piece)) {
    own -= child.end - child.start;
    visit(child, times);
  }
  times.set(name, (times.get(name) ?? 0) + Math.max(0, own));
}

function onPath({ node, start, end }: Piece): Piece[] {
  const children = node.children
    .filter((child) => child.kind !== 'consumer' && child.start < end && child.end > start)
    .map((child) => ({ node: child, start: Math.max(child.start, start), end: Math.min(child.end, end) }))
    .toSorted((a, b) => b.end - a.end);
  const path: Piece[] = [];
  for (const child of children) {
    const later = path.at(-1);
    if (!later || isBefore(child, later, children, OVERLAP_ALLOWED * (end - start))) path.push(child);
  }
  return path;
}

/** Over before the other begins, or by so little not that no third child begins or ends meanwhile. */
function isBefore(child: Piece, later: Piece, children: readonly Piece[], allowed: number): boolean {
  if (child.end <= later.start) return true;
  if (child.end >= later.end || child.start >= later.start || child.end - later.start >= allowed) return false;
  const within = (moment: number): boolean => moment >= later.start && moment <= child.end;
  return children.flatMap(({ start, end }) => [start, end]).filter(within).length === 2;
}
