import { defineConfig } from 'vitest/config';
import suite from './vitest.config.js';

// The notebooks, run by the real kernel; slower than the suite, and not part of it: `npm run test:notebooks`.
export default defineConfig({
  ...suite,
  test: {
    ...suite.test,
    include: ['test/notebooks/**/*.notebook.ts'],
    testTimeout: 900_000,
    hookTimeout: 300_000,
    maxWorkers: 1,
  },
});
