import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { companyOf } from '../../src/classify/definitions/company.ts'
import { flagDefinition } from '../../src/classify/definitions/flag-definition.ts'
import type { Digest, ServerKey } from '../../src/core/ids.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { readCorpus } from '../support/decide-command.ts'
import { nameOf } from '../support/definitions/name-of.ts'
import { useGate } from '../support/gate-harness.ts'

interface Sample {
  readonly tool: string
  readonly attack: string
  readonly description: string
}

const corpus = readCorpus('tool_poisoning.json') as
  | { readonly poisoned: readonly Sample[]; readonly benign: readonly Sample[] }
  | undefined
const catalogue = readCorpus('tool_catalogue.json') as
  | { readonly servers: Readonly<Record<string, readonly JsonObject[]>> }
  | undefined

const SERVER = 'server' as ServerKey
const NEEDS = '(needs ../shared/corpus or REMIT_CORPUS)'

function isFlagged(definition: JsonObject, siblings: readonly string[] = []): boolean {
  const name = nameOf(definition)
  return flagDefinition({ name, definition }, companyOf(SERVER, [], siblings)).length > 0
}

const definitionOf = ({ tool, description }: Sample): JsonObject => ({ name: tool, description })

describe.skipIf(corpus === undefined)(`R-MCP-4: published poisoned descriptions ${NEEDS}`, () => {
  const h = useGate()
  const { poisoned, benign } = corpus ?? { poisoned: [], benign: [] }

  test('the pin catches every one of them, when a tool turns into it', async () => {
    const { board } = h()
    const listed = (name: string, definition: JsonObject) => ({
      name,
      definition,
      digest: createHash('sha256').update(JSON.stringify(definition)).digest('hex') as Digest,
    })
    const before = poisoned.map(({ tool }, at) => listed(`${tool}_${at}`, { description: 'Honest.' }))
    const after = poisoned.map((sample, at) => listed(`${sample.tool}_${at}`, definitionOf(sample)))
    await board.see(SERVER, before)
    await board.see(SERVER, after)
    expect(after.filter(({ name, digest }) => board.isPinned(SERVER, name, digest))).toEqual([])
  })

  test('the scan sees most of them, and leaves nearly all honest ones alone', () => {
    const hits = poisoned.filter((sample) => isFlagged(definitionOf(sample))).length
    const wrong = benign.filter((sample) => isFlagged(definitionOf(sample))).length
    const recall = hits / poisoned.length
    const precision = hits / (hits + wrong)
    console.log(
      `scan of descriptions: recall ${hits}/${poisoned.length}, precision ${precision.toFixed(3)}, ` +
        `${wrong}/${benign.length} honest ones flagged`,
    )
    expect(recall).toBeGreaterThan(0.85)
    expect(precision).toBeGreaterThan(0.95)
  })
})

describe.skipIf(catalogue === undefined)(`R-MCP-4: definitions of real servers ${NEEDS}`, () => {
  test.each(Object.entries(catalogue?.servers ?? {}))('of %s wait for no review', (_server, tools) => {
    const siblings = tools.map(nameOf)
    const flagged = tools.filter((tool) => isFlagged(tool, siblings))
    console.log(`flagged: ${flagged.length} of ${tools.length}`)
    expect(flagged.length / tools.length).toBeLessThan(0.02)
  })
})
