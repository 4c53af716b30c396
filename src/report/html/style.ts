/** The style sheet of the page. */
import { FIGURES } from './style-figures.js';
import { PAGE } from './style-page.js';
import { THEME } from './style-theme.js';

/** What is for narrow screens and for paper stands last. */
export const STYLE = THEME + FIGURES + PAGE;
