// Vitest, with one place of one source changed as it is loaded: MUTANT = { file, start, end, text }.
import { defineConfig } from 'vitest/config';

const mutant = JSON.parse(process.env.MUTANT);

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: { include: ['test/**/*.test.ts'], testTimeout: 30_000 },
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre',
      transform(code, id) {
        if (id.split('?')[0] !== mutant.file) return null;
        return code.slice(0, mutant.start) + mutant.text + code.slice(mutant.end);
      },
    },
  ],
});
