import { defineConfig } from 'vitest/config'

/** The quick tests of what `npm run test:mutation` mutates. */
export default defineConfig({
  test: {
    include: ['src/core/**/*.test.ts', 'src/policy/**/*.test.ts', 'test/policy/{properties,attacks}.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
