import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const dist = fileURLToPath(new URL('./dist', import.meta.url));

// Tests name modules by their source path and run what ships: the compiled files, worker threads included.
// `npm test` builds first; with `vitest` alone, build after each change of the source.
export default defineConfig({
  resolve: {
    alias: [{ find: /^(?:\.\.\/)+(lib|cli|scripts|bench)\/(.*\.js)$/, replacement: `${dist}/$1/$2` }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
