import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EXTENSIONS } from './run-suite.ts'
import { PAIRS, runThroughGateway } from './through-gateway.ts'

/** Required scenarios that do not pass, with why. Fails when one of them passes: then it has to go. */
const BASELINE = JSON.parse(readFileSync(new URL('./baseline.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>

test.each(PAIRS)(
  'R-MCP-1 R-MCP-3: the official suite as a client of $revision, through the gateway to a $era server',
  async ({ revision, era }) => {
    const results = await runThroughGateway(revision, era)
    const skills = results.filter(({ scenario }) => EXTENSIONS.includes(scenario))
    expect(skills.map(({ scenario, failures }) => [scenario, ...failures])).toEqual(
      EXTENSIONS.toSorted().map((scenario) => [scenario]),
    )
    const required = results.filter((result) => result.required)
    const failed = required.filter((result) => !result.passed).map((result) => result.scenario)
    const passed = required.length - failed.length
    console.log(`conformance ${revision}, ${era} server: required ${passed}/${required.length}`)
    const known = Object.keys(BASELINE[`${revision} ${era}`] ?? {})
    expect(failed.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(known)
    expect(required.length).toBeGreaterThanOrEqual(30)
  },
  240_000,
)
