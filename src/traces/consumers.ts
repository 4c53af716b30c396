/** Work that the traces show behind a queue: consumers of what a request published. */
import { walk, type Node } from './tree.js';

/** The first consumers below a span, named by their group or service, and from their begin to the end of all that they did, ns. */
export function consumersOf(span: Node): { name: string; time: number }[] {
  return span.children.flatMap((child) => (child.kind === 'consumer' ? [{ name: nameOf(child), time: lengthOf(child) }] : consumersOf(child)));
}

function nameOf({ attributes, service, name }: Node): string {
  return attributes['messaging.consumer.group.name'] ?? (service || name);
}

function lengthOf(consumer: Node): number {
  let end = consumer.end;
  for (const node of walk(consumer)) end = Math.max(end, node.end);
  return end - consumer.start;
}
