import { defineConfig } from 'vitest/config'

/** The long runs: fuzz, crash, corpora. `npm run test:full`. */
export default defineConfig({
  test: {
    include: ['test/full/**/*.test.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    maxWorkers: 1,
  },
})
