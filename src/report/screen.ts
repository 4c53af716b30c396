/** What an output can show, found out once and handed to whoever writes on it. */

/** An output as a reporter sees it. */
export interface Screen {
  /** Characters in a line. */
  columns: number;
  colour: boolean;
  /** Whether it can show more than ASCII. */
  unicode: boolean;
  tty: boolean;
}

/** What is asked of an output stream. */
export interface Output {
  isTTY?: boolean;
  columns?: number;
}

/** Width taken where nobody tells it. */
const COLUMNS = 80;

/** What this output can show, by itself and by its environment (NO_COLOR, FORCE_COLOR, TERM, COLUMNS, locale). */
export function screenOf(output: Output, env: NodeJS.ProcessEnv): Screen {
  const tty = output.isTTY === true;
  return { columns: columnsOf(output, env), colour: hasColour(tty, env), unicode: hasUnicode(env), tty };
}

function columnsOf(output: Output, env: NodeJS.ProcessEnv): number {
  const told = Number(env.COLUMNS);
  if (output.columns) return output.columns;
  return Number.isInteger(told) && told > 0 ? told : COLUMNS;
}

/** FORCE_COLOR before NO_COLOR, as in Node itself; an empty NO_COLOR counts for nothing (https://no-color.org). */
function hasColour(tty: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR) return false;
  return tty && env.TERM !== 'dumb';
}

function hasUnicode(env: NodeJS.ProcessEnv): boolean {
  // The Linux console has few glyphs, a dumb terminal promises none.
  if (env.TERM === 'dumb' || env.TERM === 'linux') return false;
  if (env.OS === 'Windows_NT') return Boolean(env.WT_SESSION ?? env.TERM_PROGRAM);
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
