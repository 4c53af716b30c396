/** Where the files of this package lie that are loaded by their path: processes, threads, the page's script. */

/** The build. The same from `src/base` and `dist/base`, and from the bundle, as that has no deeper folders (`scripts/bundle.js`). */
export const BUILD = new URL('../../dist/', import.meta.url);
