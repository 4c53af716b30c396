/** HTML whose every value is text, unless it is markup itself. */

/** Markup that may stand in a page as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What can stand in a template: text is escaped, nothing is left out, lists are joined. */
export type Value = Markup | string | number | null | undefined | false | readonly Value[];

/** A piece of a page: html`<p>${text}</p>`. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(
    strings.reduce((page, string, i) => page + string + (i < values.length ? show(values[i]) : ''), ''),
  );
}

function show(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  return typeof value === 'object' ? value.map(show).join('') : escape(String(value));
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for an element or a quoted attribute. Characters that would hide or turn round other text become visible. */
export function escape(text: string): string {
  return text
    .replace(/[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Data for a script of the page, in an element that is no script: nothing in it can end the element. */
export function dataElement(className: string, data: unknown): Markup {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return html`<script type="application/json" class="${className}">
    ${new Markup(json)}
  </script>`;
}
