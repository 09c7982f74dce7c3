import { defineConfig } from 'vitest/config'

/** Real coding agents, driven by a scripted model: `npm run test:agents`. */
export default defineConfig({
  test: {
    include: ['test/agents/**/*.test.ts'],
    globalSetup: ['test/support/shared-caches.ts'],
    testTimeout: 600_000,
    hookTimeout: 900_000,
    pool: 'forks',
    maxWorkers: 1,
  },
})
