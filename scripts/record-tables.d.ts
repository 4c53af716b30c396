export function recordTables(schema: Record<string, unknown>): string;
