/** One tree per trace: what calls what. */
import { SERVER_HALF } from './formats/zipkin.js';
import type { Span } from './span.js';

/** A span in its tree. */
export interface Node extends Span {
  children: Node[];
}

/** All spans of a set, as trees. */
export interface Forest {
  /** Roots: spans without a parent in the set. */
  roots: Node[];
  /** What had to be done to get them, by what it was. */
  notes: Map<string, number>;
  hasKinds: boolean;
  hasServices: boolean;
}

/**
 * Builds the trees out of the spans themselves, which a large file has no room for twice. The same span twice is one; a trace that goes on behind a link goes on in the same tree; a root
 * whose parent is not in the set says so in the notes.
 */
export function plant(spans: readonly Span[]): Forest {
  const notes = new Map<string, number>();
  const note = (what: string): void => void notes.set(what, (notes.get(what) ?? 0) + 1);
  const index = new NodeIndex();
  const all: Node[] = [];
  for (const span of spans) {
    const node = index.add(span);
    if (node) all.push(node);
    else note('spans that stand twice');
  }
  const roots: Node[] = [];
  for (const node of all) {
    const parent = parentOf(node, index, note);
    if (parent && isNextOfSession(node, parent)) {
      note('requests of a session, each one of its own');
      roots.push(node);
    } else if (parent) adopt(parent, node);
    else roots.push(node);
  }
  const lost = all.length - reached(roots);
  if (lost > 0) notes.set(`spans in a circle, or deeper than ${DEEPEST} calls`, lost);
  for (const { children } of all) if (children.length > 1) children.sort((a, b) => a.start - b.start || a.end - b.end);
  return { roots, notes, hasKinds: all.some(({ kind }) => kind !== null && kind !== 'internal'), hasServices: all.some(({ service }) => service !== '') };
}

/** The children of most spans: a list of its own for each leaf would be half of them. */
const NONE = Object.freeze([]) as unknown as Node[];

function adopt(parent: Node, child: Node): void {
  if (parent.children === NONE) parent.children = [child];
  else parent.children.push(child);
}

/** Nodes by trace and id: no key is put together for each, which would be most of the work. */
class NodeIndex {
  /** Whether any span is the server's half of an id. */
  hasHalves = false;
  private readonly traces = new Map<string, Map<string, Node>>();
  private last = { name: '', nodes: new Map<string, Node>() };

  /** The span as a node; null when it stands there already. */
  add(span: Span): Node | null {
    const trace = this.traceOf(span.trace);
    const same = trace.get(span.id);
    if (same && !this.setApart(same, span, trace)) return null;
    const node = span as Node;
    node.children = NONE;
    trace.set(span.id, node);
    this.hasHalves ||= span.id.endsWith(SERVER_HALF);
    return node;
  }

  /** Gives the server's half of a call whose ends share an id, and do not say so, an id of its own. @returns whether the two are such halves */
  private setApart(same: Node, span: Span, trace: Map<string, Node>): boolean {
    if (!sharesId(same, span) || trace.has(span.id + SERVER_HALF)) return false;
    const server = same.kind === 'server' ? same : span;
    server.parent = server.id;
    server.id += SERVER_HALF;
    if (server === same) trace.set(server.id, same);
    return true;
  }

  find(trace: string, id: string): Node | undefined {
    return this.traceOf(trace).get(id);
  }

  /** Spans of one trace stand together: the last one is mostly the one that is meant. */
  private traceOf(name: string): Map<string, Node> {
    if (name === this.last.name) return this.last.nodes;
    let nodes = this.traces.get(name);
    if (!nodes) this.traces.set(name, (nodes = new Map()));
    this.last = { name, nodes };
    return nodes;
  }
}

function sharesId(one: Span, other: Span): boolean {
  return (one.kind === 'client' && other.kind === 'server') || (one.kind === 'server' && other.kind === 'client');
}

function parentOf(node: Node, index: NodeIndex, note: (what: string) => void): Node | null {
  if (node.parent === '') return linked(node, index);
  const client = index.find(node.trace, node.parent);
  const server = index.hasHalves ? index.find(node.trace, node.parent + SERVER_HALF) : undefined;
  // Children of a shared id were made by the server, unless they say that they were not.
  if (server && server !== node && (!client || client.service !== node.service)) return server;
  if (client && client !== node) return client;
  const follows = linked(node, index);
  if (!follows) note('spans whose parent is missing');
  return follows;
}

function linked({ links }: Node, index: NodeIndex): Node | null {
  for (const { trace, span } of links) {
    const found = index.find(trace, span);
    if (found) return found;
  }
  return null;
}

/** A page of a browser stays the parent of what is asked for long after it was loaded: that is another request. */
function isNextOfSession(node: Node, parent: Node): boolean {
  return node.kind === 'server' && parent.kind === 'internal' && node.start >= parent.end;
}

/** No request goes deeper; a damaged file may, or run in a circle, which no root leads to. */
const DEEPEST = 500;

/** How many spans the roots lead to; what lies too deep is cut off. */
function reached(roots: readonly Node[]): number {
  let [level, count] = [[...roots], 0];
  for (let depth = 1; level.length > 0; depth++) {
    count += level.length;
    if (depth === DEEPEST) for (const node of level) node.children = [];
    level = level.flatMap(({ children }) => children);
  }
  return count;
}

/** Every span of a tree, from the root down. */
export function* walk(root: Node): Generator<Node> {
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    yield node;
    for (let at = node.children.length - 1; at >= 0; at--) open.push(node.children[at]!);
  }
}
