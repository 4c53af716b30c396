// Writes what a record holds into docs/record.md, between its two marks, from the schema that reads records.
// Usage: npm run docs:record
import { recordJsonSchema } from '../dist/measurement/record-json-schema.js';
import { writePart } from './document-part.js';
import { recordTables } from './record-tables.js';

writePart('docs/record.md', 'fields', recordTables(recordJsonSchema()));
