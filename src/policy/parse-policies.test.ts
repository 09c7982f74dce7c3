import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RemitError } from '../core/errors.ts'
import type { ParsedPolicy, PolicySource } from './parse-job.ts'
import { parsePolicies } from './parse-policies.ts'
import { PolicyCache } from './policy-cache.ts'

const SCHEMA = {
  file: 'small.cedarschema',
  text: `entity Team; entity Task in [Team]; entity File;
action "file.read" appliesTo { principal: Task, resource: File };`,
}
const permit = (id: string) => `@id("${id}") permit (principal is Task, action, resource is File);`
const TEMPLATE = '@id("t") permit (principal in ?principal, action, resource is File);'
const link = (id: string) => `- {newId: ${id}, template: t, values: {"?principal": 'Team::"a"'}}\n`

const file = (name: string, text: string): PolicySource => ({ file: name, text })
function linksOf(text: string, ...templates: readonly PolicySource[]): PolicySource {
  return { ...file('links.yaml', text), templates }
}
async function idsOf(sources: readonly PolicySource[], cache = new PolicyCache(undefined)) {
  return (await parsePolicies(sources, SCHEMA, cache)).policies.map(({ id }) => id)
}
async function refusal(sources: readonly PolicySource[], cache?: PolicyCache): Promise<readonly string[]> {
  const error = await idsOf(sources, cache).catch((thrown: unknown) => thrown as RemitError)
  return 'code' in error ? [error.code, ...error.message.split('\n')] : error
}
/** What the cache would answer that had kept these. */
async function remembering(
  schema: unknown,
  kept: readonly (readonly [PolicySource, readonly ParsedPolicy[]])[],
): Promise<PolicyCache> {
  const cache = new PolicyCache(await mkdtemp(join(tmpdir(), 'remit-cache-')))
  if (schema !== undefined) await cache.write(cache.keyOf(['schema', SCHEMA.text]), schema)
  for (const [{ file: name, text, templates = [] }, policies] of kept) {
    const beside = templates.map((template) => template.text)
    await cache.write(cache.keyOf(['policies', SCHEMA.text, name, text, ...beside]), policies)
  }
  return cache
}
function known(id: string, over: Partial<ParsedPolicy> = {}): ParsedPolicy {
  return { id, file: 'k.cedar', line: 1, column: 1, est: {}, ...over }
}

describe('R-POL-3: one set of all files', () => {
  test('in their order, with the schema, without the templates that links were made of', async () => {
    const pack = file('b.cedar', `${permit('z')} ${TEMPLATE} ${permit('a')}`)
    const { schema, policies } = await parsePolicies(
      [pack, file('a.cedar', permit('m')), linksOf(link('one'), pack)],
      SCHEMA,
      new PolicyCache(undefined),
    )
    expect(policies.map(({ id }) => id)).toEqual(['z', 'a', 'm', 'one'])
    expect(schema).toEqual({ resourceTypes: { 'file.read': ['File'] } })
  })

  test('problems of all files come in one error, and nothing of them is kept', async () => {
    const cache = await remembering(undefined, [])
    expect(await refusal([file('b.cedar', 'nonsense'), file('a.cedar', permit('A'))], cache)).toEqual([
      'policy_invalid',
      expect.stringMatching(/^a\.cedar:1:1: `A` is no policy id/),
      expect.stringMatching(/^b\.cedar:1:\d+: /),
    ])
    expect(await cache.read(cache.keyOf(['schema', SCHEMA.text]))).toBeUndefined()
  })

  // What follows is asked of what the cache knows too, so these sets need no parsing.
  const [one, two] = [file('a.cedar', '1'), file('b.cedar', '2')]
  const kept = (first: readonly ParsedPolicy[], second: readonly ParsedPolicy[]) =>
    remembering({ resourceTypes: {} }, [
      [one, first],
      [two, second],
    ])

  test('two with one id are refused, whichever files they stand in, and told of each other', async () => {
    const at = { file: 'b.cedar', line: 3, column: 2 }
    const across = await kept([known('x')], [known('y'), known('x', at)])
    expect(await refusal([one, two], across)).toEqual([
      'policy_invalid',
      'b.cedar:3:2: two policies have the id `x` (the other is at k.cedar:1:1)',
    ])
    const template = await kept([known('x', { template: true })], [known('x', { ...at, linkOf: 'x' })])
    expect(await refusal([one, two], template)).toContain(
      'b.cedar:3:2: two policies have the id `x` (the other is at k.cedar:1:1)',
    )
  })

  test('a template that nothing links is refused: nobody would notice that it does nothing', async () => {
    const help = '(add one to the links.yaml beside it, or write the policy without slots)'
    const template = known('t', { template: true, line: 2 })
    expect(
      await refusal([one, two], await kept([template, known('x')], [known('y', { linkOf: 'u' })])),
    ).toEqual(['policy_invalid', `k.cedar:2:1: the template \`t\` has no link ${help}`])
    expect(await idsOf([one, two], await kept([template], [known('y', { linkOf: 't' })]))).toEqual(['y'])
  })
})

describe('R-POL-3: what the cache knows is not parsed again', () => {
  const [a, b] = [file('a.cedar', permit('a')), file('b.cedar', permit('b'))]
  const schema = { resourceTypes: { kept: ['Kept'] } }

  test('where it knows all, the answer is its own', async () => {
    const cache = await remembering(schema, [
      [a, [known('kept-a')]],
      [b, [known('kept-b')]],
    ])
    expect(await parsePolicies([a, b], SCHEMA, cache)).toEqual({
      schema,
      policies: [known('kept-a'), known('kept-b')],
    })
  })

  test('what it does not know is parsed, put in its place and kept', async () => {
    const cache = await remembering(schema, [[b, [known('kept-b')]]])
    const first = await parsePolicies([a, b], SCHEMA, cache)
    expect(first.policies.map(({ id }) => id)).toEqual(['a', 'kept-b'])
    // The schema is known as well, so it is its own here too, as where every file is known.
    expect(first.schema).toEqual(schema)
    expect(await cache.read(cache.keyOf(['policies', SCHEMA.text, a.file, a.text]))).toEqual([
      expect.objectContaining({ id: 'a' }),
    ])
    expect(await cache.read(cache.keyOf(['schema', SCHEMA.text]))).toEqual(first.schema)
  })

  test('a schema that it does not know is read, though every file is known', async () => {
    const cache = await remembering(undefined, [[a, [known('kept-a')]]])
    const { schema: read, policies } = await parsePolicies([a], SCHEMA, cache)
    expect(read).toEqual({ resourceTypes: { 'file.read': ['File'] } })
    expect(policies).toEqual([known('kept-a')])
  })

  test('another name, text or template, or another schema, is not what it knows', async () => {
    const pack = file('t.cedar', TEMPLATE)
    const cache = await remembering(schema, [
      [a, [known('kept-a')]],
      [pack, [known('t', { template: true })]],
      [linksOf(link('one'), { ...pack, text: 'before' }), [known('kept-one', { linkOf: 't' })]],
    ])
    const sources = [
      { ...a, file: 'renamed.cedar' },
      { ...a, text: permit('b') },
      pack,
      linksOf(link('one'), pack),
    ]
    expect(await idsOf(sources, cache)).toEqual(['a', 'b', 'one'])
    const other = { ...SCHEMA, text: `${SCHEMA.text}\n` }
    expect((await parsePolicies([a], other, cache)).policies.map(({ id }) => id)).toEqual(['a'])
  })
})
