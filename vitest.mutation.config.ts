import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The tests of `npm run test:mutation`, for vitest itself: `npm run test:mutation -- --testRunner vitest`. */
export default defineConfig({
  resolve: {
    alias: [
      {
        find: /^\.\/run-policy-worker\.ts$/,
        replacement: fileURLToPath(new URL('test/mutation/policy-work-in-process.ts', import.meta.url)),
      },
    ],
  },
  test: {
    include: ['src/core/**/*.test.ts', 'src/policy/**/*.test.ts'],
    exclude: ['src/**/*.fuzz.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
