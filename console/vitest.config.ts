import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'happy-dom',
    // Pages wait for what they show, each for 5 s at most; beside a build of many modules a test of some of them takes longer.
    testTimeout: 30_000,
    include: ['src/test/unit/**/*.test.ts', 'src/test/unit/**/*.test.tsx'],
  },
});
