/** What commander says of a command line that it does not understand, with what to do about it. */

/** Complaints that do not say by themselves what to write in place. */
const ABOUT_OPTIONS = /^error: (unknown option|missing required argument|too many arguments|required option)/;
const UNKNOWN_COMMAND = /^error: unknown command '([^']*)'/;

/**
 * A complaint with a remedy.
 * @param text as commander says it, with the end of its line
 * @param program its name
 * @param command the one that was asked for; undefined: none of those there are
 */
export function withRemedy(text: string, program: string, command: string | undefined): string {
  const [, unknown] = UNKNOWN_COMMAND.exec(text) ?? [];
  if (text.includes('Did you mean')) return text;
  if (unknown !== undefined) return `${text.trimEnd()}\n(${program} --help lists the commands; a scenario is measured by ${program} bench ${unknown})\n`;
  if (!ABOUT_OPTIONS.test(text)) return text;
  return `${text.trimEnd()}\n(${program} ${command === undefined ? '--help lists the commands' : `${command} --help tells what it takes`})\n`;
}
