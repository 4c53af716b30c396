/** What a page that follows a run is told, and the line in which it says so. */
import { html, type Markup } from './markup.js';

/** One message of the stream that the page listens to. */
export interface LiveMessage {
  /** The whole page, when it is another one than before. */
  page?: string;
  /** Where the run is, in words, and how much of it is over, from 0 to 1. */
  now?: string;
  share?: number;
  /** Nothing more will come. */
  over?: boolean;
}

/** Where the stream is, beside the page. */
export const STREAM = 'now';

/** The line that says where the run is; the script fills it. */
export const LIVE_LINE: Markup = html`<aside class="live" aria-label="Where it is">
  <p class="now" role="status">starting</p>
  <progress aria-label="How much of it is over" max="1" value="0"></progress>
</aside>`;
