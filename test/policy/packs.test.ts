import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadPolicySet } from '../../src/policy/load-policy-set.ts'
import { readCases } from '../../src/policy/read-cases.ts'
import { runCases } from '../../src/policy/run-cases.ts'
import { ROOT } from '../support/running-gateway.ts'
import { actionTable } from './action-table.ts'
import { gateTable } from './gate-table.ts'
import { parsedBefore } from '../support/shared-caches.ts'

const POLICIES = join(ROOT, 'policies')
const schemaFile = join(POLICIES, 'remit.cedarschema')
const packs = readdirSync(POLICIES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** Rules about people: `approve` cases name no policies, and the ceiling decides only beside an actor of its own. */
const ABOUT_PEOPLE = ['human-ceiling', 'approvers', 'maintainers', 'four-eyes']

async function loadPack(folder: string) {
  const set = await loadPolicySet({ folders: [folder], schemaFile, ...parsedBefore() })
  const cases = readCases(await readFile(join(folder, 'cases.yaml'), 'utf8'), `${folder}/cases.yaml`)
  return { set, results: runCases(set, cases) }
}

test('R-POL-9: packs ship for coding agents, CI, documentation, reading and releases', () => {
  expect(packs.toSorted()).toEqual(['ci', 'coding-agent', 'docs-only', 'read-only', 'release'])
})

describe.each(packs)('R-POL-9: %s', async (pack) => {
  const folder = join(POLICIES, pack)
  const { set, results } = await loadPack(folder)

  test.each(results)('$name', ({ differences }) => {
    expect(differences).toEqual([])
  })

  test('every rule about calls has a case in which it decides', () => {
    const decided = new Set(results.flatMap(({ policies }) => policies))
    const unmet = set.policies
      .filter(({ source, id }) => source === 'pack' && !decided.has(id))
      .map(({ id }) => id)
    expect(unmet).toEqual(ABOUT_PEOPLE)
  })

  test('every rule says why, and every permit about work is for tasks', async () => {
    expect(set.policies.filter(({ reason }) => (reason ?? '') === '')).toEqual([])
    const names = readdirSync(folder).filter((name) => name.endsWith('.cedar'))
    const text = (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n')
    const scopes = [...text.matchAll(/^permit \(\s*(principal[^,]*),/gm)].map((match) => match[1])
    expect(new Set(scopes)).toEqual(
      new Set([
        'principal is Task',
        'principal is Human',
        'principal in Role::"approver"',
        'principal in Role::"maintainer"',
      ]),
    )
  })

  test('R-POL-10: its README says for every action what comes of it, environment by environment', async () => {
    const readme = await readFile(join(folder, 'README.md'), 'utf8')
    expect(readme).toContain(await actionTable(set))
  })

  test('R-CON-2: every gate says whether the delegator may close it, and the README repeats it', async () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.cedar'))
    const text = (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n')
    const silent = text
      .split(/(?=@id\()/)
      .filter((policy) => policy.includes('@consent(') && !policy.includes('@delegator('))
    expect(silent).toEqual([])
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain(gateTable(set))
  })
})

test('R-POL-10: an exception that carries its end date ends by itself', async () => {
  const { results } = await loadPack(join(ROOT, 'test', 'policy', 'expiring'))
  expect(results.flatMap(({ name, differences }) => differences.map((each) => `${name}: ${each}`))).toEqual(
    [],
  )
  expect(results).toHaveLength(3)
})
