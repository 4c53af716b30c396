/** The JSON Schema of records, and what it finds in one. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { recordJsonSchema } from '../../src/measurement/record-json-schema.js';

export type Node = { [key: string]: unknown; properties?: Record<string, Node>; additionalProperties?: unknown };

export const schema = recordJsonSchema() as Node;

export function ajv(): Ajv2020 {
  return new Ajv2020({ strict: true, strictTypes: false });
}

export function everyNode(node: Node, visit: (node: Node) => void): Node {
  visit(node);
  for (const child of Object.values(node)) if (typeof child === 'object' && child !== null) everyNode(child as Node, visit);
  return node;
}

/** Nothing may be in it that the schema does not tell of. */
const closed = ajv().compile(everyNode(structuredClone(schema), (node) => {
  if (node.properties) node.additionalProperties = false;
}));

/** What is wrong with a record as it is saved; also fields that its schema does not tell of. */
export function findings(record: unknown, validate: ValidateFunction = closed): unknown[] {
  validate(JSON.parse(JSON.stringify(record)));
  return validate.errors ?? [];
}
