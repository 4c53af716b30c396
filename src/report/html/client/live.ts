/** Follows what goes on: parts of the page are replaced whenever there is a newer one. */
import type { LiveMessage } from '../live.js';

/** @param replaced what is to be done with a new page, once it stands */
export function follow(line: HTMLElement, replaced: () => void): void {
  const source = new EventSource('now');
  let shown = '';
  source.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as LiveMessage;
    if (message.page !== undefined && message.page !== shown) {
      shown = message.page;
      replaceParts(shown);
      replaced();
    }
    sayWhere(line, message);
    if (message.over) source.close();
  });
}

/** What a reader looks at stays where it is. */
function replaceParts(page: string): void {
  const next = new DOMParser().parseFromString(page, 'text/html');
  const from = scrollY;
  for (const part of ['body > header', 'main', '.record-data']) {
    const made = next.querySelector(part);
    if (made) document.querySelector(part)?.replaceWith(document.adoptNode(made));
  }
  scrollTo(scrollX, from);
}

function sayWhere(line: HTMLElement, { now, share, over }: LiveMessage): void {
  const [words, bar] = [line.querySelector('.now'), line.querySelector('progress')];
  if (words && now !== undefined) words.textContent = now;
  if (words && over) words.textContent = 'It is over. The page stays as it is while you have it open.';
  if (bar) bar.value = over ? 1 : (share ?? bar.value);
}
