import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'console/src/**/*.test.ts'],
    globalSetup: ['test/support/shared-caches.ts'],
    exclude: ['test/full/**', 'test/agents/**', 'node_modules/**'],
    // Generous: what hangs is found anyway, and a busy machine must not turn a test red.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    maxWorkers: 3,
  },
})
