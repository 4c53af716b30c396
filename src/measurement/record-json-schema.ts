/** The JSON Schema of the records that this program writes. */
import { jsonSchemaOf, type JsonSchema } from '../base/described-parts.js';
import { runRecord } from './schema/record.js';

/** Draft 2020-12, made of the same parts that read records. */
export function recordJsonSchema(): JsonSchema {
  return jsonSchemaOf(runRecord);
}
