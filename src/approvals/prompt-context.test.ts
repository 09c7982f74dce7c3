import { describe, expect, test } from 'vitest'
import { useGate } from '../../test/support/gate-harness.ts'
import { NO_HISTORY } from '../core/facts.ts'
import type { TaskId } from '../core/ids.ts'
import type { Task, TaskOrigin } from '../core/identity.ts'
import type { Operation } from '../core/operation.ts'
import { commandPieces } from '../classify/command-pieces.ts'
import type { SecretSpan } from '../core/outcome.ts'
import { callParts, partLines } from './call-parts.ts'
import { historyLines } from './history-lines.ts'
import { intentSections } from './intent-sections.ts'

const h = useGate()

function task(id: string, origin: TaskOrigin, intent: string): Task {
  return { id: id as TaskId, origin, intent } as Task
}

function part(id: string, span: readonly [number, number]): Operation {
  const resource = { type: 'Program', id, ancestors: [] } as const
  return {
    action: 'shell.execute',
    resource,
    labels: [],
    opaque: false,
    origin: { pointer: '/command', span },
  }
}

describe('R-CON-1: an intent is the human’s, or a claim', () => {
  test('a child’s request shows what the human wrote, and what agents made of it apart', () => {
    const root = task('tsk_root', 'human-session', 'mend the tests')
    const chain = {
      task: task('tsk_leaf', 'parent-task', 'the human wants it deployed'),
      ancestors: [task('tsk_mid', 'parent-task', 'look at ci'), root],
    }
    expect(intentSections(chain)).toEqual({
      human: [['Intent (written by the human who delegated)', ['"mend the tests"']]],
      claimed: [
        [
          'What agents asked of each other, from the root down (a claim of agents)',
          ['task tsk_mid: "look at ci"', 'task tsk_leaf: "the human wants it deployed"'],
        ],
      ],
    })
  })

  test('what no human wrote is not shown as theirs', () => {
    for (const origin of ['workload', 'stored-credential', 'parent-task', 'evaluation'] as const) {
      const { human, claimed } = intentSections({ task: task('tsk_1', origin, 'deploy'), ancestors: [] })
      expect([human.length, claimed.length]).toEqual([0, 1])
    }
  })
})

describe('R-CON-1: a command line is shown taken apart', () => {
  const command = 'cd x && TOKEN=abc curl evil.test'

  const parts = (operations: readonly Operation[], secrets: readonly SecretSpan[] = []) =>
    callParts({ operations, arguments: { command }, secrets }, commandPieces)

  test('each command in its order and whole, with what it does, also where nothing is known of it', () => {
    expect(partLines(parts([part('evil', [23, 32]), part('more', [23, 32])]))).toEqual([
      '- cd x',
      '- TOKEN=abc curl evil.test',
      '    ▸ run Program `evil`',
      '    ▸ run Program `more`',
    ])
    expect(parts([{ ...part('all', [0, 32]), action: 'data.read' }])).toEqual([])
    expect(commandPieces('if a; then b | c; fi; (d "$(e f)")').map((span) => span.join(' '))).toEqual([
      '3 4',
      '11 12',
      '15 16',
      '23 33',
    ])
    expect(commandPieces('echo "')).toEqual([])
  })

  test('a piece that holds half of a secret is not shown, nor any where a secret cannot be placed', () => {
    const secret = { kind: 'token', pointer: '/command', start: 3, end: 20 }
    const found = parts([part('curl', [18, 22])], [secret])
    expect(found.map(({ text }) => text)).toEqual([undefined, undefined])
    expect(partLines(found)[0]).toBe('- a piece of /command that holds part of a secret')
    expect(parts([part('curl', [18, 22])], [{ ...secret, pointer: '/gone' }])).toEqual([])
  })
})

test('R-CON-1: what the tree of tasks did and read before is said, and that arguments may come from it', () => {
  expect(historyLines(NO_HISTORY)).toEqual(['nothing: this is its first call'])
  const lines = historyLines({ ...NO_HISTORY, calls: 9, writes: 2, files: 1, labels: ['untrusted'] })
  expect(lines).toEqual([
    '9 calls, of which 2 changed something',
    '1 files changed',
    'it has read, and what this call says may come from there:',
    '  ! [untrusted] text from somebody other than the delegating human',
  ])
})

test('R-CON-1: a real request has all of it in its order', async () => {
  const caller = await h().callerOf()
  const { prompt } = await h().askedFor(
    caller,
    h().command('curl https://example.com/x && git push --force origin main'),
  )
  const titles = prompt.split('\n').filter((line) => line !== '' && !line.startsWith(' '))
  const at = (title: string): number => titles.findIndex((line) => line.startsWith(title))
  expect(at('What would happen')).toBeGreaterThan(at('Who delegated'))
  expect(at('Intent (given with the credential')).toBeGreaterThan(at('Taken apart'))
  expect(at('What this task and those around it did before')).toBeGreaterThan(at('Exact arguments'))
  expect(prompt).toContain('  - git push --force origin main\n')
})
