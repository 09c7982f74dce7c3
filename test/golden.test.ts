import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StoredRecord } from '../src/audit/record-reader.ts'
import { entityText } from '../src/core/resource.ts'
import { type GoldenCase, readGoldenCases } from './support/golden-case.ts'
import { GoldenGateway, type Played } from './support/golden-gateway.ts'

const files = readGoldenCases()
const packs = new Set(files.flatMap(({ cases }) => cases.map(({ pack }) => pack)))
let gateway: GoldenGateway

beforeAll(async () => {
  gateway = await GoldenGateway.start([...packs])
})
afterAll(() => gateway.close())

test('R-POL-1: the cases are there', () => {
  expect(files.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(45)
})

describe.each(files)('R-POL-2: $file', ({ cases }) => {
  test.each(cases)('through the gate: $name', async (golden) => {
    const direct = await gateway.play(golden, 'gate')
    checkDecision(golden, direct)
    expect(await decidedAgain(golden, direct), 'the policies alone, on the facts on record').toEqual({
      effect: golden.expect.effect,
      policies: golden.expect.policies,
    })
  })
})

const [early, late] = [true, false].map((atDoor) =>
  files.flatMap(({ cases }) => cases.filter(({ expect: { door } }) => (door !== undefined) === atDoor)),
)

test.each(late ?? [])('R-POL-1: over MCP: $name', async (golden) => {
  const direct = await gateway.play(golden, 'gate')
  const overMcp = await gateway.play(golden, 'mcp')
  expect(overMcp.effect).toBe(golden.expect.effect)
  expect(overMcp.forwarded, 'the server was reached').toBe(golden.expect.effect === 'allow')
  expect(withoutIds(overMcp.record, overMcp.said)).toEqual(withoutIds(direct.record, direct.said))
})

// What the door refuses at once reaches no decision, and says the same.
test.each(early ?? [])('R-ID-3: at the door: $name', async (golden) => {
  const { forwarded, said } = await gateway.play(golden, 'mcp')
  expect(forwarded).toBe(false)
  expect(said).toContain(golden.expect.door === 'task_revoked' ? 'was revoked' : 'expired')
})

/** A human's refusal stands on its own; all else follows from the record. */
async function decidedAgain(golden: GoldenCase, { record }: Played): Promise<unknown> {
  const { decision, approval } = record?.envelope ?? {}
  if (record === undefined || approval?.state === 'refused') {
    return { effect: decision?.effect, policies: decision?.policies }
  }
  const again = await gateway.decideAgain(golden, record)
  return { effect: again?.effect, policies: again?.policies }
}

/** The answer and the record say the same, and what the case expects. */
function checkDecision({ expect: expected }: GoldenCase, played: Played): void {
  const { record, effect, forwarded } = played
  const { decision } = record?.envelope ?? {}
  const operations = (record?.detail?.operations ?? [])
    .filter(({ action, labels }) => action !== 'tool.call' && !labels.includes('inferred'))
    .map(
      ({ action, resource, labels, opaque }) =>
        `${action} ${entityText(resource)} [${labels.toSorted().join(', ')}]${opaque ? ' opaque' : ''}`,
    )
  expect({
    effect,
    policies: decision?.policies,
    gates: decision?.gates.map(({ scope }) => scope).toSorted(),
    operations,
  }).toEqual({
    effect: expected.effect,
    policies: expected.policies,
    gates: expected.gates.toSorted(),
    operations: expected.operations,
  })
  expect(decision?.effect).toBe(expected.effect)
  expect(record?.envelope).toMatchObject(expected.record)
  expect(forwarded).toBe(expected.effect === 'allow')
}

/** A record, and what was said, without what differs from one call to the next. */
function withoutIds(record: StoredRecord | undefined, said: string): unknown {
  const { envelope, detail, payload } = record ?? {}
  const text = JSON.stringify({
    // Of an allowed call the server's own answer was said.
    said: envelope?.decision?.effect === 'deny' ? said : '',
    envelope: {
      ...envelope,
      correlation: null,
      call: { ...envelope?.call, definition: null },
      decision: { ...envelope?.decision, micros: 0 },
    },
    detail,
    payload,
  })
  return JSON.parse(
    text
      .replaceAll(/\b(tsk|dec|apr|grt)_[0-9a-z]{26}/g, '$1_…')
      .replaceAll(/"(prev|seq|detail|payload|writer)":("[^"]*"|\d+)/g, '"$1":null'),
  )
}
