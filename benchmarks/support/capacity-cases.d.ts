/** A chain of one step of which arithmetic knows what it carries. */
export interface CapacityCase {
  name: string;
  /** Services and steps, in YAML. */
  chain: string;
  /** Fields of the load, in YAML. */
  load: string;
  /** Options of `capacity`. */
  options: string[];
  /** Users, or requests per second. */
  expected: number;
}

export const CASES: CapacityCase[];

/** The scenario of a case, in YAML. */
export function scenarioOf(one: CapacityCase): string;
