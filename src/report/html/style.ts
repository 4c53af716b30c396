/** The style sheet of the page. */
import { FIGURES } from './style-figures.js';
import { PAGE } from './style-page.js';

/** Each colour on light and on dark ground; text keeps a contrast of 4.5, graphics one of 3. */
const COLOURS: Record<string, readonly [light: string, dark: string]> = {
  bg: ['#f6f6f3', '#131518'],
  card: ['#fff', '#1b1e22'],
  ink: ['#1b1d20', '#eceef0'],
  'ink-2': ['#565c65', '#a8afb8'],
  'ink-3': ['#868d97', '#7d858f'],
  line: ['#e1e2de', '#2e3238'],
  soft: ['#f0f0ec', '#23272c'],
  good: ['#17704a', '#56c98f'],
  bad: ['#bd261c', '#ff8177'],
  warn: ['#855600', '#efb544'],
  'warn-soft': ['#fff5df', '#2d2718'],
  'bad-soft': ['#fdeceb', '#331e1d'],
  'subject-0': ['#c2570c', '#ff9f51'],
  'subject-1': ['#7a4fc9', '#b699ff'],
  'subject-2': ['#007c8a', '#40cfdb'],
  'subject-3': ['#2860d0', '#84adff'],
  'subject-4': ['#b0306f', '#ff8abf'],
  'subject-5': ['#56720f', '#b4d04f'],
  'subject-6': ['#8d5b3a', '#d5a57f'],
  'subject-7': ['#565c65', '#a8afb8'],
  'outcome-ok': ['#2a78b0', '#6cb4e4'],
  'outcome-http4xx': ['#a86a00', '#efb544'],
  'outcome-http5xx': ['#cf2c21', '#ff7b70'],
  'outcome-timeout': ['#9333b8', '#d690f5'],
  'outcome-connection': ['#3f3f46', '#d4d4d8'],
  'outcome-hangup': ['#8d4a16', '#dd9f72'],
  'outcome-cutOff': ['#868d97', '#8c949e'],
  'outcome-mismatch': ['#b0306f', '#ff8abf'],
  'outcome-stale': ['#56720f', '#b4d04f'],
};

/** Consumers have the colours of subjects that are drawn in other charts. */
const CONSUMERS = [4, 3, 5, 0, 1, 2].map((subject, i) => `--consumer-${i}: var(--subject-${subject})`);

/** `data-theme` is set while the page is printed: paper is light. */
const THEME = `
:root { color-scheme: light dark; --names: 7.5rem; ${[...variables(0), ...CONSUMERS].join('; ')} }
@media (prefers-color-scheme: dark) {
  :root:not([data-theme='light']) { ${variables(1).join('; ')} }
}
:root[data-theme='light'] { color-scheme: light }
`;

function variables(ground: 0 | 1): string[] {
  return Object.entries(COLOURS).map(([name, colours]) => `--${name}: ${colours[ground]}`);
}

/** What is for narrow screens and for paper stands last. */
export const STYLE = THEME + FIGURES + PAGE;
