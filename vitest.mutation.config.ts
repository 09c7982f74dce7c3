import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The quick tests of what `npm run test:mutation` mutates. */
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
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
