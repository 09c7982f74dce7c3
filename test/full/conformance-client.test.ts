import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { requiredOfClients, runAsClient } from '../conformance/run-client-suite.ts'

/** What the suite finds, and why it stays. Fails when it is gone: then it has to go here too. */
const BASELINE = JSON.parse(
  readFileSync(new URL('../conformance/client-baseline.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, string>>>>

test.each(['2025-11-25', '2026-07-28'] as const)(
  'R-CRED-1 R-MCP-3: every scenario of authorization that %s requires of clients, with the gateway as the client',
  async (revision) => {
    const required = await requiredOfClients(revision)
    const results = (await runAsClient(['--requirements', revision])).filter(({ scenario }) =>
      required.includes(scenario),
    )
    expect(results.map(({ scenario }) => scenario)).toEqual(required)
    const found = results.flatMap(({ scenario, findings }) => findings.map((each) => `${scenario}: ${each}`))
    console.log(`client ${revision}: ${results.length} scenarios, ${found.length} findings`, found)
    expect(found).toEqual(Object.keys(BASELINE[revision] ?? {}))
    expect(required.length).toBeGreaterThanOrEqual(14)
  },
  240_000,
)
