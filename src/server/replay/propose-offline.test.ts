import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SCHEMA_FILE } from '../../../test/policy/samples.ts'
import { byMona, NEVER, useGate } from '../../../test/support/gate-harness.ts'
import { packWith, pastOf } from '../../../test/support/past-traffic.ts'
import { LABELS, type Label } from '../../core/labels.ts'
import type { Effect } from '../../core/decision.ts'
import { requestOf } from '../../policy/case-request.ts'
import { compilePolicySet } from '../../policy/compile-policy-set.ts'
import { loadPolicySet } from '../../policy/load-policy-set.ts'
import { generateRequests } from '../../policy/generate-requests.ts'
import { packFolder } from '../../../test/policy/samples.ts'
import { propose } from './propose-offline.ts'

const h = useGate()
const RANK: Readonly<Record<Effect, number>> = { allow: 0, consent: 1, deny: 2 }

test('R-POL-8: a proposal permits what a workflow did, is sound, and never allows what the policies in force do not', async () => {
  const parsed = packWith().parsed
  const schemaText = readFileSync(SCHEMA_FILE, 'utf8')
  const current = { parsed, schemaText, set: compilePolicySet(parsed, schemaText) }
  h().policies = current.set
  const caller = await h().callerOf()
  const run = (call: Parameters<ReturnType<typeof h>['gate']['authorize']>[1]) =>
    h().gate.authorize(caller, call, NEVER)
  for (const name of ['a', 'b', 'c']) await run(h().read(`src/${name}.ts`))
  await run(h().read('README.md'))
  await run(h().write('src/a.ts'))
  await run(h().read('.env'))
  const ci = await h().askedFor(caller, h().write('.github/workflows/ci.yml'))
  await h().administration.approve(byMona, ci.id, {})
  await run(h().write('.github/workflows/ci.yml'))
  const wish = { workflow: 'fix-tests', filter: {}, support: 3, now: () => h().now }
  const { cedar, calls, leftOut, unused, replay } = await propose(await pastOf(h()), current, wish)
  expect({ calls, ...leftOut }).toMatchObject({ calls: 5, 'high-severity': 1 })
  expect(cedar).toContain('// 4 operations on 4 resources, by read-files')
  expect(cedar).toContain('resource in Directory::"src"')
  expect(cedar).toContain('resource in File::"README.md"')
  expect(cedar).not.toContain('File::".env"')
  expect(unused.length).toBeGreaterThan(0)
  // What a gate of high severity let run once is no permission: it is what would have been blocked.
  const blocked = replay.transitions.filter(({ direction }) => direction === 'tightened')
  expect(blocked.map(({ from, to, decisions }) => `${from} ${to} ${decisions}`).toSorted()).toEqual([
    'allow deny 1',
    'consent deny 1',
  ])
  expect(replay.transitions.filter(({ direction }) => direction === 'loosened')).toEqual([])

  const narrow = await loadPolicySet({ folders: [await packFolder(cedar)], schemaFile: SCHEMA_FILE })
  const effects = new Set<string>()
  const paths = ['src/a.ts', 'src/z.ts', 'README.md', 'other/a.ts', '.env', '.github/workflows/ci.yml']
  const made = paths.flatMap((path) =>
    (Object.keys(LABELS) as Label[]).flatMap((label) =>
      (['file.read', 'file.write', 'file.delete'] as const).map((action) => ({
        server: 'filesystem',
        tool: action === 'file.read' ? 'read_text_file' : 'write_file',
        operations: [
          {
            action,
            resource: `File::${JSON.stringify(path)}`,
            in: path.startsWith('src/') ? ['Directory::"src"'] : [],
            labels: label === 'source' ? [label] : [label, 'source' as const],
          },
        ],
      })),
    ),
  )
  const all = [...made, ...generateRequests([parsed]).map(({ request }) => request)]
  for (const each of all) {
    for (const workflow of ['fix-tests', 'other']) {
      const asked = requestOf({ ...each, task: { ...('task' in each ? each.task : {}), workflow } })
      const [before, after] = [current.set.decide(asked), narrow.decide(asked)]
      expect(RANK[after.effect]).toBeGreaterThanOrEqual(RANK[before.effect])
      effects.add(`${workflow}: ${before.effect} ${after.effect}`)
      const same = workflow === 'other' || after.effect === 'allow'
      expect(same ? [after.effect, after.obligations] : []).toEqual(
        same ? [before.effect, before.obligations] : [],
      )
    }
  }
  for (const met of ['allow allow', 'allow deny', 'deny deny']) expect(effects).toContain(`fix-tests: ${met}`)
})
