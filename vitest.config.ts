import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['test/support/shared-caches.ts'],
    // Generous: what hangs is found anyway, and a busy machine must not turn a test red.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'units',
          include: ['src/**/*.test.ts', 'console/src/**/*.test.ts'],
          // They leave nothing behind in the modules that they load, which takes longer than most of them.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: ['test/full/**', 'test/agents/**', 'node_modules/**'],
        },
      },
    ],
  },
})
