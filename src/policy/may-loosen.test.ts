import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parsedOf } from '../../test/policy/compiled.ts'
import { packFolder, SCHEMA_FILE } from '../../test/policy/samples.ts'
import { compilePolicySet } from './compile-policy-set.ts'
import { loadPolicyBundle, type PolicyBundle } from './load-policy-set.ts'
import { mayLoosen } from './may-loosen.ts'
import { parsedBefore } from '../../test/support/shared-caches.ts'

const PERMIT = '@id("read") @reason("r") permit (principal is Task, action == Action::"file.read", resource);'
const FORBID = '@id("no") @reason("r") forbid (principal is Task, action == Action::"git.push", resource);'
const GATE =
  '@id("ask") @reason("r") @consent("ci") @severity("high") forbid (principal is Task, action == Action::"file.write", resource);'
const BASE = [PERMIT, FORBID, GATE]

function bundleOf(policies: readonly string[]): PolicyBundle {
  const parsed = parsedOf(policies.join('\n'))
  return { parsed, schemaText: '', set: compilePolicySet(parsed, '') }
}
const before = bundleOf(BASE)

function found(policies: readonly string[]): readonly string[] {
  return mayLoosen(before, bundleOf(policies)).map(({ what, how }) => `${how}: ${what}`)
}

describe('R-POL-8: what of a change may loosen', () => {
  const forbid =
    '@id("new") @reason("r") forbid (principal is Task, action == Action::"sql.write", resource);'
  test.each([
    ['nothing', BASE],
    ['another order', BASE.toReversed()],
    [
      'a note and the words of a hard rule',
      [PERMIT, `@doc("why") ${FORBID.replace('"r"', '"no pushing"')}`, GATE],
    ],
    ['an added forbid', [...BASE, forbid]],
    ['an added gate', [...BASE, forbid.replace('@reason("r")', '@reason("r") @consent("db")')]],
    ['a removed permit', [FORBID, GATE]],
  ])('%s does not', (_, policies) => {
    expect(found(policies)).toEqual([])
  })

  test.each([
    [
      'an added permit',
      [...BASE, PERMIT.replace('read', 'list').replace('file.read', 'file.list')],
      'permit added: list',
    ],
    [
      'a permit without its condition',
      [PERMIT.replace('principal is Task', 'principal'), FORBID, GATE],
      'permit changed: read',
    ],
    ['a removed forbid', [PERMIT, GATE], 'forbid removed: no'],
    [
      'a forbid with a condition',
      [PERMIT, FORBID.replace(';', ' when { context.opaque };'), GATE],
      'forbid changed: no',
    ],
    [
      'a hard rule that became a gate',
      [PERMIT, FORBID.replace('@reason', '@consent("push") @reason'), GATE],
      'forbid changed: no',
    ],
    ['a milder gate', [PERMIT, FORBID, GATE.replace('"high"', '"low"')], 'forbid changed: ask'],
    [
      'other words for the approver',
      [PERMIT, FORBID, GATE.replace('"r"', '"routine"')],
      'forbid changed: ask',
    ],
    // Under the name of a rule that is observed, it would be observed too.
    ['a forbid under another name', [PERMIT, FORBID.replace('"no"', '"other"'), GATE], 'forbid removed: no'],
  ])('%s does', (_, policies, what) => {
    expect(found(policies)).toEqual([what])
  })

  test('a change that tightens too is one that loosens', () => {
    expect(found([PERMIT, GATE, FORBID.replace('git.push', 'sql.write').replace('"no"', '"db"')])).toEqual([
      'forbid removed: no',
    ])
  })

  test('a schema under which an action applies to more does', () => {
    const wider = {
      ...before,
      parsed: { ...before.parsed, schema: { resourceTypes: { 'file.read': ['File', 'Host'] } } },
    }
    expect(mayLoosen(before, wider)).toEqual([{ what: 'action file.read', how: 'schema widened' }])
  })

  test('a permit taken away with what it asks to be done with results does', () => {
    const obliged = bundleOf([PERMIT.replace('@reason', '@redact("secrets") @reason'), FORBID])
    expect(mayLoosen(obliged, bundleOf([FORBID]))).toEqual([{ what: 'read', how: 'obligation removed' }])
  })

  test('a link for a template is a policy like any other', async () => {
    const folder = await packFolder(
      '@id("t") @reason("r") permit (principal in ?principal, action == Action::"file.read", resource in ?resource);',
    )
    const link = (id: string) =>
      `- { newId: ${id}, template: t, values: { "?principal": 'Workflow::"${id}"', "?resource": 'Directory::"${id}"' } }\n`
    const locations = { folders: [folder], schemaFile: SCHEMA_FILE, ...parsedBefore() }
    await writeFile(join(folder, 'links.yaml'), link('a'))
    const one = await loadPolicyBundle(locations)
    await writeFile(join(folder, 'links.yaml'), link('a') + link('b'))
    const two = await loadPolicyBundle(locations)
    expect(mayLoosen(one, two)).toEqual([{ what: 'b', how: 'permit added' }])
    expect(mayLoosen(two, one)).toEqual([])
  })
})
