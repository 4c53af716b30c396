// Writes the type of a scenario file, as programs say it, from its JSON Schema: part of the package, and of no source file.
// Usage: node scripts/scenario-types.js, after a build.
import { writeFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';
import { jsonSchema } from '../dist/scenarios/json-schema.js';

// Which of its parts a file must have is checked when it is read: as types they would be a union that no message can explain.
const { anyOf: _either, patternProperties: _own, ...schema } = jsonSchema();
const about = '/** What may stand in a scenario file. Made from its JSON Schema. */';
const text = await compile({ ...schema, title: 'ScenarioFile' }, 'ScenarioFile', { bannerComment: about, additionalProperties: false, maxItems: -1, format: false });
writeFileSync('dist/programs/scenario-file.d.ts', text);
