/** The calls that a span makes: which of the spans below it they are, and what they reach. */
import { baseName, operationOf, shortService } from './names.js';
import type { Forest, Node } from './tree.js';

/** One call of a span. */
export interface Call {
  span: Node;
  /** The work at the other end, when it left a span. */
  callee: Node | null;
  /** What is called. Empty service: the file does not say. */
  service: string;
  operation: string;
}

/** How a file tells its calls. */
export type Told = Pick<Forest, 'hasKinds' | 'hasServices'>;

/**
 * The calls of a span: client and producer spans, and spans of another service. Internal spans are seen through. In a
 * file without kinds, a leaf, or a span all of whose children are in another service, is a call; without services, every
 * child.
 */
export function callsOf(span: Node, told: Told): Call[] {
  const calls: Call[] = [];
  collect(span, span.service, told, calls);
  return calls.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

function collect(span: Node, service: string, told: Told, calls: Call[]): void {
  for (const child of span.children) {
    if (isCall(child, service, told)) calls.push(callOf(child, service));
    else if (child.kind !== 'consumer') collect(child, service, told, calls);
  }
}

function isCall(span: Node, service: string, { hasKinds, hasServices }: Told): boolean {
  if (span.kind === 'consumer') return false;
  if (span.kind === 'client' || span.kind === 'producer') return true;
  if (span.service !== service || !hasServices) return true;
  return !hasKinds && span.children.every((child) => child.service !== service);
}

function callOf(span: Node, service: string): Call {
  const callee = span.service === service ? calleeOf(span) : span;
  const { attributes } = span;
  const database = attributes['db.system'] ?? attributes['db.system.name'];
  const queue = attributes['messaging.destination.name'] ?? attributes['messaging.destination'] ?? attributes['kafka.topic'];
  // A message is not the work of those who hear it.
  if (span.kind === 'producer') return { span, callee: null, service: queue ?? attributes['peer.service'] ?? '', operation: operationOf(span) };
  if (callee) return { span, callee, service: callee.service === service ? '' : callee.service, operation: operationOf(callee) };
  if (database !== undefined) return { span, callee, service: database, operation: databaseOperation(span) };
  const peer = attributes['peer.service'] ?? rpcService(attributes) ?? hostOf(attributes) ?? '';
  return { span, callee, service: peer, operation: attributes['rpc.method'] ?? operationOf(span) };
}

/** The span of the other service, below one or more of the caller's own. */
function calleeOf(span: Node): Node | null {
  for (let at: Node | undefined = span; at; at = at.children.length === 1 ? at.children[0] : undefined) {
    const other = at.children.find((child) => child.kind !== 'consumer' && (child.service !== span.service || child.kind === 'server'));
    if (other) return other;
  }
  return null;
}

function databaseOperation({ attributes, name }: Node): string {
  return attributes['db.operation.name'] ?? attributes['db.operation'] ?? /^\s*(\w+)/.exec(attributes['db.statement'] ?? '')?.[1]?.toUpperCase() ?? name;
}

function rpcService(attributes: Readonly<Record<string, string>>): string | undefined {
  return attributes['rpc.service']?.replace(/^.*\./, '');
}

function hostOf(attributes: Readonly<Record<string, string>>): string | undefined {
  const url = attributes['url.full'] ?? attributes['http.url'] ?? '';
  return attributes['server.address'] ?? attributes['net.peer.name'] ?? /^https?:\/\/(?:[^/?#]*@)?([^/:?#]+)/.exec(url)?.[1];
}

/** Spans of this tool say by it which step a call is of. */
export const STEP_ATTRIBUTE = 'sync_vs_events.step';

/** What calls of one step have in common. */
export function stepKey({ span, service, operation }: Call): string {
  return span.attributes[STEP_ATTRIBUTE] ?? `${service}\n${operation}`;
}

/** How a step is called for people: `cart GetCart`. */
export function stepLabel({ span, service, operation }: Call): string {
  const given = span.attributes[STEP_ATTRIBUTE];
  if (given !== undefined) return given;
  return [shortService(service), baseName(operation).replace(/^HTTP (\w+):? ?/, '$1 ')].join(' ').trim();
}
