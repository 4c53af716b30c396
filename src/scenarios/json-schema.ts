import { jsonOf, type JsonSchema } from './format/field.js';
import { scenarioFile } from './format/file.js';

/** The JSON Schema of scenario files (draft 2020-12), made of the same parts that read them. */
export function jsonSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'sync-vs-events scenario',
    ...jsonOf(scenarioFile),
    // The writer's own, for anchors.
    patternProperties: { '^x-': {} },
    // A transaction, several kinds of them, or servers of one's own, or both.
    required: [],
    anyOf: [
      { required: ['services', 'steps'], properties: { steps: { minItems: 1, description: 'What is done' } } },
      { required: ['services', 'transactions'], properties: { transactions: { minProperties: 1, description: 'What is done for each kind of request' } } },
      { required: ['targets'] },
    ],
  };
}
