import { describe, expect, test } from 'vitest'
import type { Digest, HumanId, ServerKey, TaskId, TenantId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'
import type { JsonObject } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import { lineDiff } from './line-diff.ts'
import { renderPrompt, type PromptInput } from './prompt.ts'
import { visibleText } from '../core/visible-text.ts'

const task: Task = {
  tenant: 'default' as TenantId,
  id: 'tsk_leaf' as TaskId,
  human: 'maria' as HumanId,
  agent: { id: 'claude-code', kind: 'claude-code' },
  workflow: 'release',
  intent: 'publish 1.2.0',
  scope: {},
  environment: 'sandbox',
  environmentProved: false,
  budget: {},
  origin: 'human-session',
  created: 0,
  expires: 10,
}

const write: Operation = {
  action: 'file.write',
  resource: { type: 'File', id: '.github/workflows/release.yml', ancestors: [] },
  labels: ['ci'],
  opaque: false,
  origin: { pointer: '/path' },
}

function render(args: JsonObject = { path: 'x' }, more: Partial<PromptInput> = {}): string {
  const call = { action: 'tool.call', resource: { type: 'Tool', id: 'fs/w', ancestors: [] } } as const
  return renderPrompt({
    chain: {
      task,
      ancestors: [{ ...task, id: 'tsk_root' as TaskId, agent: { id: 'planner', kind: 'codex' } }],
    },
    human: { tenant: task.tenant, id: task.human, teams: ['web'], roles: ['maintainer'] },
    call: {
      door: 'mcp',
      kind: 'tool',
      server: 'fs' as ServerKey,
      tool: 'write_file',
      arguments: args,
      fileSystem: 'shared',
      correlation: { requestId: '1' },
    },
    operations: [{ ...call, labels: [], opaque: false, origin: { pointer: '' } }, write],
    gates: [
      {
        scope: 'ci',
        by: 'maintainer',
        quorum: 2,
        severity: 'high',
        timeout: 60,
        policy: 'ci-1',
        reason: 'ci runs it',
      },
    ],
    expires: Date.UTC(2026, 10, 22),
    digest: 'abc123' as Digest,
    ...more,
  })
}

test('R-POL-8: a prompt says which rules are only observed, and what they would have done', () => {
  expect(render()).not.toContain('observed')
  expect(render({ path: 'x' }, { observed: { effect: 'deny', policies: ['secrets'] } })).toContain(
    'Only observed for now (Remit)\n  rules that are not enforced would have denied it: `secrets`',
  )
  expect(render({ path: 'x' }, { observed: { effect: 'deny', policies: [] } })).toContain(
    'nothing permits it',
  )
})

describe('R-CON-1: what an approver sees', () => {
  test('who, why, what, chain, rule, arguments, expiry and digest, each with its author', () => {
    const text = render({ path: '.github/workflows/release.yml', content: 'on: push\n' })
    for (const part of [
      'Why you are asked (Remit, from its policies)\n  - ci runs it',
      'policy `ci-1`',
      '2 different people: somebody of `maintainer`; the human who delegated may not approve it',
      'maria (teams: web; roles: maintainer)',
      'sandbox (claimed, not proved)',
      'Intent (written by the human who delegated)\n  "publish 1.2.0"',
      '▸ codex `planner`, task tsk_root',
      '  ▸ claude-code `claude-code`, task tsk_leaf',
      'write to File `.github/workflows/release.yml` (file.write, from argument /path)',
      '[ci] defines a CI/CD pipeline',
      'Exact arguments (the agent’s own claim)',
      '"content": "on: push\\n"',
      'no answer by 2026-11-22T00:00:00.000Z: it does not run',
      'call abc123',
    ]) {
      expect(text).toContain(part)
    }
  })

  test('an intent that an agent wrote is said to be its claim', () => {
    const chain = { task: { ...task, origin: 'parent-task' as const }, ancestors: [] }
    expect(render({}, { chain })).toContain('Intent (the delegating agent’s own claim)')
  })

  test('strangers’ text can neither forge a section nor hide: no raw control, bidi or invisible character', () => {
    const nasty =
      'ok\nWhat your answer does\n  nothing\u001b[2K\u202egnp.exe\u200b\u00ad\u2066x\u{e0041}\u0085\u2028'
    const text = render(
      { path: nasty, [nasty]: [nasty] },
      { chain: { task: { ...task, intent: nasty }, ancestors: [] } },
    )
    expect(text).not.toMatch(/[^\n\P{C}]/u)
    expect(text.split('\n').filter((line) => line === 'What your answer does')).toHaveLength(1)
    expect(text).toContain('\\u{202e}gnp.exe\\u{200b}')
  })

  test('a long value keeps its end', () => {
    const text = render({ command: `${'a'.repeat(50_000)}; rm -rf ~` })
    expect(text.length).toBeLessThan(8_000)
    expect(text).toContain('; rm -rf ~"')
    expect(text).toContain('characters folded')
    const many = render({ list: Array.from({ length: 5000 }, (_, at) => `item ${at}`) })
    expect(many).toContain('item 4999')
  })

  test('hostile nesting and keys are survived', () => {
    let deep: JsonObject = {}
    for (let at = 0; at < 5_000; at += 1) deep = { a: deep }
    expect(render(deep)).toContain('nested too deeply')
    expect(render(JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}') as JsonObject)).toContain(
      '"__proto__"',
    )
  })

  test('a file edit is shown as a diff', () => {
    const text = render({}, { before: 'a\nb\nc\n', after: 'a\nB\u202e\nc\n' })
    expect(text).toContain(
      'Change (− now, + the agent’s text)\n  @@ line 1 ▸ line 1 @@\n   a\n  -b\n  +B\\u{202e}\n   c\n',
    )
    expect(render({}, { after: 'x\n' })).toContain(
      'New file (the agent’s text)\n  @@ line 1 ▸ line 1 @@\n  +x',
    )
  })

  test('an operation that is not understood says so', () => {
    expect(render({}, { operations: [{ ...write, opaque: true }] })).toContain('does not fully understand')
  })
})

describe('the line diff', () => {
  test('applied to the old text it gives the new one', () => {
    const words = ['a', 'b', 'c']
    for (let seed = 0; seed < 300; seed += 1) {
      const pick = (n: number) => words[(seed * 7 + n * n * 3 + (seed >> n)) % 3]!
      const before = Array.from({ length: seed % 8 }, (_, n) => pick(n))
      const after = Array.from({ length: (seed * 3) % 9 }, (_, n) => pick(n + 2))
      const text = (lines: string[]) => lines.map((line) => `${line}\n`).join('')
      const diff = lineDiff(text(before), text(after))
      const removed = diff.filter((line) => line.startsWith('-')).map((line) => line.slice(1))
      const added = diff.filter((line) => line.startsWith('+')).map((line) => line.slice(1))
      const count = (lines: string[]) => words.map((word) => lines.filter((line) => line === word).length)
      const expected = count(before).map((n, at) => n - count(removed)[at]! + count(added)[at]!)
      expect(count(after)).toEqual(expected)
    }
  })

  test('shows a lost line feed, keeps far changes apart, and bounds its work', () => {
    expect(lineDiff('a\n', 'a')).toEqual(['@@ line 1 ▸ line 1 @@', '-a', '+a ⟨no line feed at the end⟩'])
    expect(lineDiff('a', 'a')).toEqual([])
    const lines = Array.from({ length: 40 }, (_, at) => `${at}`)
    const changed = lines.with(2, 'x').with(35, 'y')
    const diff = lineDiff(`${lines.join('\n')}\n`, `${changed.join('\n')}\n`)
    expect(diff.filter((line) => line.startsWith('@@'))).toEqual([
      '@@ line 1 ▸ line 1 @@',
      '@@ line 33 ▸ line 33 @@',
    ])
    const many = (prefix: string) => Array.from({ length: 30_000 }, (_, at) => `${prefix}${at}`).join('\n')
    expect(lineDiff(many('a'), many('b'))).toHaveLength(60_001)
  })
})

test('ordinary text of any language stays as it is', () => {
  for (const text of ['naïve café — “quoted”', '日本語 한국어', 'हिन्दी ไทย', 'émile', '👍 ok']) {
    expect(visibleText(text)).toBe(text)
  }
  expect(visibleText('a\u00a0b')).toBe('a\\u{a0}b')
  expect(visibleText(`e${'\u0301'.repeat(30)}`)).toContain('\\u{301}')
})
