import { expect, test } from 'vitest'
import { runAsClient } from './run-client-suite.ts'

/** All of them, at every revision: test/full/conformance-client.test.ts. */
test('R-CRED-1 R-MCP-3: the official suite finds nothing wrong with the gateway as a client of authorization servers', async () => {
  const results = await runAsClient(['--suite', 'sep-835', '--spec-version', '2026-07-28'])
  expect(results.map(({ scenario, findings }) => [scenario, ...findings])).toEqual([
    ['auth/scope-from-scopes-supported'],
    ['auth/scope-from-www-authenticate'],
    ['auth/scope-omitted-when-undefined'],
    ['auth/scope-retry-limit'],
    ['auth/scope-step-up'],
  ])
  for (const { successes } of results) expect(successes).toBeGreaterThan(10)
})
