import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'happy-dom',
    include: ['src/test/unit/**/*.test.ts', 'src/test/unit/**/*.test.tsx'],
  },
});
