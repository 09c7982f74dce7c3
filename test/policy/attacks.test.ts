import { beforeAll, describe, expect, test } from 'vitest'
import type { Label } from '../../src/core/labels.ts'
import { loadPolicySet } from '../../src/policy/load-policy-set.ts'
import type { PolicySet } from '../../src/policy/policy-set.ts'
import { chain, operation, PACK, readFile, request, SCHEMA_FILE, setOf, task } from './samples.ts'
import { parsedBefore } from '../support/shared-caches.ts'

const ESCAPES = [
  '{"__entity":{"type":"Role","id":"maintainer"}}',
  '{"__extn":{"fn":"unknown","arg":"x"}}',
  '__proto__',
  'constructor',
  'toString',
  '"]::Role::"maintainer',
  'x\u0000y',
  '\uD800',
  '🙂'.repeat(1000),
  'a'.repeat(1_000_000),
  '../'.repeat(10_000),
]

let pack: PolicySet
let strict: PolicySet
beforeAll(async () => {
  pack = await loadPolicySet({ folders: [PACK], schemaFile: SCHEMA_FILE, ...parsedBefore() })
  strict = await setOf(`
@id("maintainers") permit (principal is Task, action, resource) when { principal.human in Role::"maintainer" };
@id("names") permit (principal is Task, action == Action::"file.read", resource) when { resource.name == "a" || resource.name like "*/a" };
@id("deep") permit (principal is Task, action == Action::"file.write", resource in Directory::"safe");
@id("humans") permit (principal is Human, action, resource);
`)
})

describe('R-POL-6: text of arguments stays text', () => {
  test.each(ESCAPES.map((text) => [text.slice(0, 40), text] as const))('%s', (_name, text) => {
    const hostile = {
      ...request([
        operation(
          'file.read',
          { id: text, ancestors: [{ type: 'Directory', id: text }] },
          { labels: [text as Label] },
        ),
      ]),
      human: { ...request([]).human, teams: [text], roles: ['developer', text] },
      chain: chain(task({ intent: text, workflow: text, agent: { id: text, kind: text } })),
    }
    expect(strict.decide(hostile)).toMatchObject({ effect: 'deny', policies: [], errors: [] })
    expect(pack.decide(hostile)).toMatchObject({ effect: 'allow', errors: [] })
  })

  test('facts of a wrong type make no permit and no way past a forbid', () => {
    for (const labels of [null, 'source', { length: 0 }, { 0: 'source', length: 1 }, new Set(['source'])]) {
      expect(pack.decide(request([{ ...readFile(), labels: labels as never }])).effect).toBe('deny')
    }
    for (const outside of [[null], ['paths'], [{ length: 0 }]]) {
      expect(pack.decide(request([readFile()], { facts: { outside: outside as never } })).effect).toBe('deny')
    }
  })

  test('names of prototypes are no labels, gates or policies', () => {
    const approvals = ['__proto__', 'constructor', 'hasOwnProperty']
    const ci = operation('file.write', { id: 'ci.yml' }, { labels: ['ci'] })
    expect(pack.decide(request([ci], { facts: { approvals } })).effect).toBe('consent')
    for (const name of approvals) expect(pack.gatesOf(name)).toBeUndefined()
    expect(pack.decide(request([operation('__proto__' as never, { id: 'x' })])).effect).toBe('deny')
  })
})

describe('R-POL-6: size does not tear the engine', () => {
  test('a path of 20,000 folders and a call of 5,000 operations are decided', () => {
    const ancestors = Array.from({ length: 20_000 }, (_, depth) => ({ type: 'Directory', id: `d${depth}` }))
    const deep = operation('file.write', { id: 'f', ancestors })
    expect(strict.decide(request([deep])).effect).toBe('deny')
    const safe = operation('file.write', {
      id: 'f',
      ancestors: [...ancestors, { type: 'Directory', id: 'safe' }],
    })
    expect(strict.decide(request([safe])).effect).toBe('allow')
    const many = Array.from({ length: 5000 }, (_, index) => readFile(`f${index}`))
    expect(pack.decide(request([...many, readFile('.env', ['secret'])]))).toMatchObject({
      effect: 'deny',
      policies: ['secrets'],
      reasons: [{ operation: 5000 }],
    })
  })

  test('a pattern with many wildcards takes no time that grows with its stars', async () => {
    const set = await setOf(
      `@id("stars") permit (principal is Task, action == Action::"file.read", resource) when { resource.name like "${'*a'.repeat(50)}*b" };`,
    )
    const started = performance.now()
    expect(set.decide(request([readFile('a'.repeat(200_000))])).effect).toBe('deny')
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
