import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Decision } from '../../src/core/decision.ts'
import { casesSchema } from '../../src/policy/case-schema.ts'
import { requestOf } from '../../src/policy/case-request.ts'
import type { PolicySet } from '../../src/policy/policy-set.ts'
import { ROOT } from '../support/running-gateway.ts'

/** Where the columns are decided: as the gateway proved it. */
const COLUMNS = [
  ['laptop', { environment: 'laptop' }],
  ['sandbox', { environment: 'sandbox', sandboxed: true }],
  ['CI', { environment: 'ci' }],
  ['production', { environment: 'production' }],
] as const

/**
 * Every action of the vocabulary on a plain target (understood, described, without labels, inside the workspace), as a
 * Markdown table: what a README of a pack must hold.
 */
export async function actionTable(set: PolicySet): Promise<string> {
  const rows = (await actions()).map(({ action, type }) => {
    const cells = COLUMNS.map(([, facts]) => cellOf(decide(set, { action, type, facts })))
    return `| \`${action}\` | ${cells.join(' | ')} |`
  })
  const names = COLUMNS.map(([name]) => name)
  return [`| action | ${names.join(' | ')} |`, `| --- |${' --- |'.repeat(names.length)}`, ...rows].join('\n')
}

/** Of docs/policy.md, which a test keeps equal to the schema; `approve` is about people. */
async function actions(): Promise<readonly { readonly action: string; readonly type: string }[]> {
  const page = await readFile(join(ROOT, 'docs', 'policy.md'), 'utf8')
  return [...page.matchAll(/^\| `([a-z]+\.[a-z]+)` \|[^|]*\|[^|]*\| (\w+)/gm)].map((match) => ({
    action: match[1] ?? '',
    type: match[2] ?? '',
  }))
}

function decide(set: PolicySet, asked: { action: string; type: string; facts: object }): Decision {
  const { action, type, facts } = asked
  const [each] = casesSchema.parse([
    {
      name: action,
      facts: { ...facts, now: '2026-01-07T10:00:00Z' },
      operations: [{ action, resource: `${type}::"x"` }],
      expect: { effect: 'allow' },
    },
  ])
  if (each === undefined || 'approve' in each) throw new Error('a call was made, not an approval')
  return set.decide(requestOf(each))
}

function cellOf({ effect, gates }: Decision): string {
  if (effect === 'consent') return `asks: ${gates.map(({ scope }) => scope).join(', ')}`
  return effect === 'allow' ? 'allowed' : 'denied'
}
