import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Revision } from './run-suite.ts'
import { runThroughGateway } from './through-gateway.ts'

/** Required scenarios that do not pass yet, with why. Fails when one of them passes: then it has to go. */
const BASELINE = JSON.parse(readFileSync(new URL('./baseline.json', import.meta.url), 'utf8')) as Record<
  Revision,
  Record<string, string>
>

test.each<Revision>(['2025-11-25', '2026-07-28'])(
  'R-MCP-1 R-MCP-3: the official conformance suite for %s, through the gateway',
  async (revision) => {
    const required = (await runThroughGateway(revision)).filter((result) => result.required)
    const failed = required.filter((result) => !result.passed).map((result) => result.scenario)
    console.log(`conformance ${revision}: required ${required.length - failed.length}/${required.length}`)
    expect(failed.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(Object.keys(BASELINE[revision]))
    expect(required.length).toBeGreaterThanOrEqual(30)
  },
  120_000,
)
