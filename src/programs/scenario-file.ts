/**
 * What may stand in a scenario file. Here it is any mapping; `scripts/scenario-types.js` makes the type that the package has in
 * its place from the schema that reads the file, so that the two cannot part.
 */
export type ScenarioFile = object;
