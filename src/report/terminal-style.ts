/** How things look on a screen: colours by meaning, and signs that it can show. */
import { Chalk, type ChalkInstance } from 'chalk';
import type { Check } from '../measurement/record.js';
import type { Meaning } from './columns.js';
import { oneLine } from './format.js';
import type { Screen } from './screen.js';

export interface Style {
  screen: Screen;
  /** Text in the colour of its meaning. */
  paint: Record<Meaning | 'bold' | 'quiet' | 'bar', (text: string) => string>;
  sign: { pass: string; fail: string; unknown: string; problem: string; rule: string };
  /** Fillings of a bar's last character, thinnest first; the last one is a full character. */
  bars: readonly string[];
  /** Heights of a small chart, lowest first. */
  heights: readonly string[];
}

const SIGNS = { pass: '✓', fail: '✗', unknown: '?', problem: '!', rule: '─' };
const ASCII_SIGNS = { pass: '+', fail: 'x', unknown: '?', problem: '!', rule: '-' };

/** The style of a screen. Only the terminal's own sixteen colours are used: its theme decides how they look. */
export function styleOf(screen: Screen): Style {
  const chalk: ChalkInstance = new Chalk({ level: screen.colour ? 1 : 0 });
  return {
    screen,
    paint: {
      good: chalk.green,
      bad: chalk.red,
      warn: chalk.yellow,
      plain: (text) => text,
      bold: chalk.bold,
      quiet: chalk.dim,
      bar: chalk.cyan,
    },
    sign: screen.unicode ? SIGNS : ASCII_SIGNS,
    bars: screen.unicode ? Array.from('▏▎▍▌▋▊▉█') : ['#'],
    heights: screen.unicode ? Array.from('▁▂▃▄▅▆▇█') : Array.from('_.-=+*#@'),
  };
}

/** The meaning of a check's state; a warning is never bad. */
export function meaningOf(check: Pick<Check, 'state' | 'level'>): Meaning {
  if (check.state === 'pass') return 'good';
  return check.state === 'fail' && check.level === 'error' ? 'bad' : 'warn';
}

/**
 * Words in lines of at most `columns` characters, every line but the first indented; a longer word has a line of its
 * own. Characters that an ASCII screen cannot show become question marks.
 */
export function wrap(text: string, screen: Screen, indent = '', first = indent): string {
  const lines: string[] = [];
  let line = first;
  // A number stays with its unit.
  for (const word of showable(text, screen).split(/ (?!(?:ms|s|min|h)\b)/)) {
    const glue = line === first || line === indent ? '' : ' ';
    if (glue && line.length + glue.length + word.length > screen.columns) {
      lines.push(line);
      line = indent + word;
    } else line += glue + word;
  }
  return [...lines, line].join('\n');
}

/** Text on one line as this screen can show it. */
export function showable(text: string, screen: Screen): string {
  return screen.unicode ? oneLine(text) : oneLine(text).replace(/[^\x20-\x7e]/gu, '?');
}

/** A title over items; empty when there are none. */
export function list(title: string, items: readonly string[], { paint, screen }: Style, colour = paint.plain): string {
  if (items.length === 0) return '';
  return [paint.bold(title), ...items.map((item) => colour(wrap(item, screen, '    ', '  - ')))].join('\n');
}
