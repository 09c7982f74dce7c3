import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClassifier } from '../../src/classify/create-classifier.ts'
import type { ServerKey } from '../../src/core/ids.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { ToolCall } from '../../src/core/tool-call.ts'
import { GitRepository } from '../support/git-repository.ts'

let repository: GitRepository
let bare: string
beforeAll(() => {
  repository = new GitRepository()
  repository.git('remote', 'add', 'upstream', 'https://github.com/upstream/shop.git')
  bare = mkdtempSync(join(tmpdir(), 'remit-bare-'))
})
afterAll(() => {
  repository.remove()
  rmSync(bare, { recursive: true })
})

/** Actions at a forge that are done in a repository which the workspace has nothing to do with. */
function elsewhere(
  server: string,
  tool: string,
  options: {
    readonly input: JsonObject
    readonly workspace?: string
    readonly sight?: ToolCall['fileSystem']
    readonly door?: ToolCall['door']
  },
): string[] {
  const classifier = createClassifier({
    servers: new Map([['github' as ServerKey, { catalogue: 'github' }]]),
    control: { folders: [], files: [], ports: [] },
    home: repository.home,
    agents: 'shipped',
  })
  const { operations } = classifier.classify(
    {
      door: options.door ?? 'mcp',
      kind: 'tool',
      server: server as ServerKey,
      tool,
      arguments: options.input,
      fileSystem: options.sight ?? 'none',
      correlation: { requestId: '1' },
    },
    { workspace: options.workspace ?? repository.root },
  )
  return operations.flatMap(({ action, labels }) => (labels.includes('other-repository') ? [action] : []))
}

const issue = (owner: string, repo: string): JsonObject => ({ owner, repo, title: 'x', body: 'x' })
const bash = (command: string): string[] =>
  elsewhere('claude-code', 'Bash', { input: { command }, sight: 'shared' })

describe('R-CLS-1: what is done in a repository that the work has nothing to do with', () => {
  test('is told apart by its name, at a server, in a shell and in a request', () => {
    expect(elsewhere('github', 'create_issue', { input: issue('collector', 'inbox') })).toEqual([
      'issue.write',
    ])
    expect(bash('gh issue create --repo collector/inbox --title x --body x')).toEqual(['issue.write'])
    expect(bash('curl -X POST -d {} https://api.github.com/repos/collector/inbox/issues')).toContain(
      'issue.write',
    )
  })

  test('is not what is done in its own repository, however it is written, or in a remote of it', () => {
    expect(elsewhere('github', 'create_issue', { input: issue('Acme', 'shop') })).toEqual([])
    expect(elsewhere('github', 'create_issue', { input: issue('upstream', 'shop') })).toEqual([])
    expect(bash('gh issue create --title x --body x')).toEqual([])
    expect(bash('git push origin HEAD:topic')).toEqual([])
    expect(bash('cat src/a.ts')).toEqual([])
  })

  test('is told also for a server that is far away', () => {
    const input = issue('collector', 'inbox')
    expect(elsewhere('github', 'create_issue', { input, sight: 'remote' })).toEqual(['issue.write'])
  })

  test('cannot be told where the workspace is no repository, or the agent works on another machine', () => {
    const input = issue('collector', 'inbox')
    expect(elsewhere('github', 'create_issue', { input, workspace: bare })).toEqual([])
    expect(elsewhere('github', 'create_issue', { input, sight: 'remote', door: 'hook' })).toEqual([])
  })
})
