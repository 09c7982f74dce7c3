import { defineConfig } from 'vitest/config'

/** Their tests leave nothing behind in the modules that they load, which takes longer than most of them. */
const SHARING = [
  'src/{api,approvals,audit,classify,core,gate,hooks,identity,policy,streams}/**/*.test.ts',
  'console/src/**/*.test.ts',
]

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
      { extends: true, test: { name: 'sharing', include: SHARING, isolate: false } },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...SHARING, 'test/full/**', 'test/agents/**', 'node_modules/**'],
        },
      },
    ],
  },
})
