/** The formats that advice can be written in. */
import type { AdviceDocument } from '../../advice/document.js';
import type { Format } from '../formats.js';
import { markdownAdvice } from './markdown.js';

export const ADVICE_FORMATS: readonly Format<AdviceDocument>[] = [
  { name: 'markdown', about: 'an architecture decision record', render: markdownAdvice },
  { name: 'json', about: 'every number', render: (document) => `${JSON.stringify(document, null, 2)}\n` },
];
