/** Looks into described parts: what each says of itself, what it is made of, and its JSON Schema. */
import * as v from 'valibot';
import type { Details } from './described.js';

export type JsonSchema = Record<string, unknown>;

/** What a part is made of; which of these it has depends on its type. */
interface Made {
  type: string;
  wrapped?: Node;
  entries?: Record<string, Node>;
  item?: Node;
  value?: Node;
  key?: string;
  options?: readonly unknown[];
  literal?: unknown;
  pipe?: readonly unknown[];
}
type Node = v.GenericSchema & Made;

/** The JSON Schema of a described part, draft 2020-12. Fields that it does not tell of are allowed. */
export function jsonSchemaOf(part: v.GenericSchema): JsonSchema {
  const sections: Record<string, JsonSchema> = {};
  const root = part as Node;
  const shape = shapeOf(root, sections);
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title: v.getTitle(root), description: v.getDescription(root), ...shape, $defs: sections };
}

/** What is expected at a path of a value, in words: `a number or null`. */
export function expectedAt(part: v.GenericSchema, path: readonly (string | number)[], value: unknown): string {
  let nodes = [part as Node];
  let within = value;
  for (const key of path) {
    nodes = nodes.flatMap((node) => inside(node, within)).flatMap((node) => childrenOf(node, key));
    within = (within as Record<string | number, unknown> | null)?.[key];
  }
  const words = [...new Set(nodes.flatMap(wordsOf))];
  const named = words.filter((word) => !/^(an? |null$)/.test(word));
  const kinds = words.filter((word) => /^(an? |null$)/.test(word));
  if (named.length > 1 && kinds.length === 0) return `one of ${named.join(', ')}`;
  return [...kinds.filter((word) => word !== 'null'), ...named, ...kinds.filter((word) => word === 'null')].join(' or ') || 'something else';
}

/** The parts that a value may be, without what only wraps them; of variants the one that it is. */
function inside(node: Node, value: unknown): Node[] {
  if (node.wrapped) return inside(node.wrapped, value);
  const options = node.type === 'variant' || node.type === 'union' ? (node.options as Node[]) : null;
  if (!options) return [node];
  const own = node.key === undefined ? [] : options.filter((option) => v.is(option.entries![node.key!]!, (value as Record<string, unknown> | null)?.[node.key!]));
  return (own.length > 0 ? own : options).flatMap((option) => inside(option, value));
}

function childrenOf({ entries, item, value }: Node, key: string | number): Node[] {
  const child = entries ? entries[key] : (item ?? value);
  return child ? [child] : [];
}

const WORDS: Record<string, string> = { string: 'a string', number: 'a number', boolean: 'a boolean', array: 'an array', object: 'an object', record: 'an object' };

function wordsOf(node: Node): string[] {
  if (node.wrapped) return [...wordsOf(node.wrapped), ...(node.type === 'nullable' ? ['null'] : [])];
  if (node.type === 'picklist') return node.options as string[];
  if (node.type === 'literal') return [String(node.literal)];
  if (node.type === 'variant' || node.type === 'union') return (node.options as Node[]).flatMap(wordsOf);
  return [WORDS[node.type] ?? node.type];
}

/** The part with a name of its own that a field refers to. */
function sectionIn(node: Node): { name: string; section: Node } | null {
  const steps = (node.pipe ?? []) as { type?: string; title?: string }[];
  const name = steps.find(({ type }) => type === 'title')?.title;
  if (name !== undefined) return { name, section: node };
  const inner = (steps[0] ?? node.wrapped) as Node | undefined;
  return inner && inner !== node ? sectionIn(inner) : null;
}

function jsonOf(node: Node, sections: Record<string, JsonSchema>): JsonSchema {
  const found = sectionIn(node);
  const plain = found ? referTo(found.name, found.section, sections) : shapeOf(node, sections);
  const shape = isNullable(node) ? orNull(plain) : plain;
  const { unit, example } = detailsOf(node);
  const about = descriptionOf(node);
  const description = unit === undefined ? about : `${about} Unit: ${unit}.`;
  return { ...shape, ...(about === undefined ? {} : { description }), ...(example === undefined ? {} : { examples: [example] }) };
}

function referTo(name: string, section: Node, sections: Record<string, JsonSchema>): JsonSchema {
  if (!sections[name]) {
    sections[name] = {};
    sections[name] = { title: name, description: v.getDescription(section), ...shapeOf(section, sections) };
  }
  return { $ref: `#/$defs/${encodeURIComponent(name)}` };
}

function isNullable(node: Node): boolean {
  return node.type === 'nullable' || (node.wrapped !== undefined && isNullable(node.wrapped));
}

function orNull(shape: JsonSchema): JsonSchema {
  if (Array.isArray(shape.enum)) return { enum: [...(shape.enum as unknown[]), null] };
  const { type, ...rest } = shape;
  return typeof type === 'string' ? { type: [type, 'null'], ...rest } : { anyOf: [shape, { type: 'null' }] };
}

/** What stands nearest to the field. */
function descriptionOf(node: Node): string | undefined {
  return v.getDescription(node) ?? (node.wrapped && descriptionOf(node.wrapped));
}

function detailsOf(node: Node): Details {
  const { details } = v.getMetadata(node) as { details?: Details };
  return details ?? (node.wrapped ? detailsOf(node.wrapped) : {});
}

function shapeOf(node: Node, sections: Record<string, JsonSchema>): JsonSchema {
  const { type, wrapped, entries, item, value, options, literal } = node;
  if (wrapped) return shapeOf(wrapped, sections);
  if (entries) {
    const properties = Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, jsonOf(entry, sections)]));
    const required = Object.keys(entries).filter((key) => entries[key]!.type !== 'exact_optional');
    return { type: 'object', properties, required };
  }
  if (type === 'array') return { type: 'array', items: jsonOf(item!, sections) };
  if (type === 'record') return { type: 'object', additionalProperties: jsonOf(value!, sections) };
  if (type === 'picklist') return { enum: options };
  if (type === 'literal') return { const: literal };
  if (options) return { anyOf: (options as Node[]).map((option) => jsonOf(option, sections)) };
  return { type };
}
