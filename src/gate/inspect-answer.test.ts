import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { useGate } from '../../test/support/gate-harness.ts'
import { NEVER } from '../../test/support/gate-harness.ts'
import type { DecisionId } from '../core/ids.ts'
import { DEFAULT_TENANT } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { loadPolicySet } from '../policy/load-policy-set.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import { ROOT } from '../../test/support/running-gateway.ts'
import { parsedBefore } from '../../test/support/shared-caches.ts'

/** Joined here, so that no scanner takes this file for a leak. */
const TOKEN = ['ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('')
const gated = useGate()

async function allowed(path = 'src/a.ts'): Promise<DecisionId> {
  const harness = gated()
  const caller = await harness.callerOf()
  const verdict = await harness.gate.authorize(caller, harness.read(path), NEVER)
  if (verdict.effect !== 'allow') throw new Error(`expected allow, got ${verdict.effect}`)
  return verdict.decisionId
}

async function packOf(text: string): Promise<PolicySet> {
  const folder = mkdtempSync(join(tmpdir(), 'remit-pack-'))
  try {
    writeFileSync(join(folder, 'a.cedar'), text)
    return await loadPolicySet({
      folders: [folder],
      schemaFile: join(ROOT, 'policies', 'remit.cedarschema'),
      ...parsedBefore(),
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function everythingRecorded(): Promise<string> {
  return JSON.stringify(await gated().store.records.query({ tenant: DEFAULT_TENANT, limit: 100 }))
}

describe('R-IFC-3: secrets in results do not leave the gate', () => {
  test.each<[string, JsonObject]>([
    ['text', { content: [{ type: 'text', text: `token: ${TOKEN}` }] }],
    ['structured content', { content: [], structuredContent: { rows: [{ key: TOKEN }] } }],
    ['an embedded resource', { content: [{ type: 'resource', resource: { uri: 'a:b', text: TOKEN } }] }],
    [
      'JSON in a text',
      { content: [{ type: 'text', text: JSON.stringify({ a: JSON.stringify({ b: TOKEN }) }) }] },
    ],
    ['a name of a member', { content: [], structuredContent: { [TOKEN]: 1 } }],
    [
      'base64 in a text',
      { content: [{ type: 'text', text: `x ${Buffer.from(`my key is ${TOKEN}`).toString('base64')} y` }] },
    ],
    ['percent escapes', { content: [{ type: 'text', text: `https://a.test/?q=%67${TOKEN.slice(1)}` }] }],
    [
      'a blob',
      {
        contents: [
          { uri: 'a:b', mimeType: 'text/plain', blob: Buffer.from(`key ${TOKEN}`).toString('base64') },
        ],
      },
    ],
  ])('in %s', async (_, result) => {
    const id = await allowed()
    const answer = JSON.stringify(await gated().gate.inspect(id, result))
    await gated().gate.settle(id, { status: 'ok', micros: 1, bytes: 1, result })
    const told = answer + Buffer.from(/"blob":"([^"]*)"/.exec(answer)?.[1] ?? '', 'base64').toString()
    expect(told).toContain('[redacted: github-pat]')
    expect(told).not.toContain(TOKEN.slice(8))
    const records = await everythingRecorded()
    expect(records).not.toContain(TOKEN.slice(8))
    expect(records).not.toContain(Buffer.from(TOKEN).toString('base64').slice(8, 40))
    expect(records).toContain('"kind":"github-pat"')
  })

  test('R-IFC-1: what a result showed counts for the next call, and is known by its value from then on', async () => {
    const harness = gated()
    const caller = await harness.callerOf()
    const first = await harness.gate.authorize(caller, harness.read('src/a.ts'), NEVER)
    const password = ['k3J9', 'xQ2mVt8Z'].join('')
    await harness.gate.inspect(first.decisionId, {
      content: [{ type: 'text', text: `password: "${password}"` }],
    })
    const asked = harness.write('notes.txt', `remember ${password}`)
    const second = await harness.gate.authorize(caller, asked, NEVER)
    expect(await harness.deps.tasks.facts(DEFAULT_TENANT, caller.chain.task.id)).toMatchObject({
      labels: expect.arrayContaining(['secret']) as unknown,
    })
    expect(second.effect).toBe('allow')
    expect(await everythingRecorded()).not.toContain(password)
  })

  test('a result that was never inspected is recorded without its secrets all the same', async () => {
    const id = await allowed()
    const result = { content: [{ type: 'text', text: TOKEN }] }
    await gated().gate.settle(id, { status: 'ok', micros: 1, bytes: 1, result })
    expect(await everythingRecorded()).not.toContain(TOKEN)
  })

  test('a result too large to be searched is withheld, and the call stays on record', async () => {
    const id = await allowed()
    const result = { content: [{ type: 'text', text: 'x'.repeat(9_000_000) }] }
    await expect(gated().gate.inspect(id, result)).rejects.toMatchObject({ code: 'result_withheld' })
    await gated().gate.settle(id, { status: 'ok', micros: 1, bytes: 1, result })
    expect(await gated().kinds()).toContain('outcome')
  })

  test('a permit may have whole results kept back; one without an annotation only labels', async () => {
    const harness = gated()
    const result = { content: [{ type: 'text', text: `key ${TOKEN}` }] }
    harness.policies = await packOf(`@id("all") @withhold("secrets") permit (principal, action, resource);`)
    const kept = await allowed()
    await expect(harness.gate.inspect(kept, result)).rejects.toThrow(/the call ran.*it holds secrets/)
    expect(await harness.gate.inspect(await allowed(), { content: [] })).toEqual({ content: [] })
    harness.policies = await packOf(`@id("all") permit (principal, action, resource);`)
    expect(await harness.gate.inspect(await allowed(), result)).toEqual(result)
    await expect(
      packOf(
        `@id("all") permit (principal, action, resource);\n@id("no") @redact("secrets") forbid (principal, action, resource);`,
      ),
    ).rejects.toThrow(/only a permit can have it/)
  })

  test('what a server says while it works is screened too', async () => {
    const id = await allowed()
    expect(JSON.stringify(gated().gate.screen(id, { message: `using ${TOKEN}` }))).toContain('[redacted')
    expect(JSON.stringify(gated().gate.screen(undefined, { data: { key: TOKEN } }))).toContain('[redacted')
    expect(gated().gate.screen('dec_unknown' as DecisionId, { message: 'x' })).toBeUndefined()
  })

  test('arguments stand in records and prompts without their secrets', async () => {
    const harness = gated()
    const caller = await harness.callerOf()
    const approval = await harness.askedFor(
      caller,
      harness.write('.github/workflows/ci.yml', `token: ${TOKEN}`),
    )
    expect(approval.prompt).toContain('[redacted: github-pat]')
    expect(approval.prompt).not.toContain(TOKEN.slice(8))
    expect(await everythingRecorded()).not.toContain(TOKEN.slice(8))
  })
})
