import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createControlMatcher } from './control-paths.ts'
import { NODE_FILE_SYSTEM } from './file-system.ts'
import { locatePath, type LocatedPath, type PathContext } from './locate-path.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'remit-path-'))
  for (const path of [
    'app/src/a.ts',
    'app/.env',
    'app/.github/workflows/ci.yml',
    'app/.remit/state.db',
    'home/.netrc',
  ]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), '')
  }
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function locate(text: string, more: Partial<PathContext> = {}): LocatedPath {
  const workspace = join(folder, 'app')
  const control = { folders: [join(workspace, '.remit')], files: [join(workspace, 'remit.yaml')], ports: [] }
  return locatePath(text, {
    fs: NODE_FILE_SYSTEM,
    workspace,
    root: undefined,
    home: join(folder, 'home'),
    control: createControlMatcher(control, NODE_FILE_SYSTEM),
    changes: false,
    ...more,
  })
}

function link(target: string, at: string): void {
  symlinkSync(target, join(folder, 'app', at))
}

describe('R-CLS-1: where a path leads', () => {
  test.each([
    ['src/a.ts', 'src/a.ts'],
    ['./src//./a.ts', 'src/a.ts'],
    ['src/../src/a.ts', 'src/a.ts'],
    ['.', '.'],
    ['src/', 'src'],
    ['new/deep/file.ts', 'new/deep/file.ts'],
  ])('`%s` lies inside as `%s`', (text, id) => {
    expect(locate(text)).toMatchObject({ id, inside: true, opaque: false, symlink: false })
    expect(locate(join(folder, 'app', text))).toMatchObject({ id, inside: true, opaque: false })
  })

  test('outside is absolute and says so', () => {
    expect(locate('../home/.netrc')).toMatchObject({
      id: join(folder, 'home/.netrc'),
      inside: false,
      opaque: false,
    })
    expect(locate('~/.netrc').labels).toEqual(
      expect.arrayContaining(['secret', 'home-config', 'outside-workspace']),
    )
    expect(locate('/etc/passwd').labels).toEqual(
      expect.arrayContaining(['secret', 'system', 'outside-workspace']),
    )
    expect(locate(join(folder, 'app.bak/x'))).toMatchObject({ inside: false })
  })

  test('a link is followed: what it leads to is the target, and both names are labelled', () => {
    link('../home/.netrc', 'notes.txt')
    expect(locate('notes.txt')).toMatchObject({
      id: join(folder, 'home/.netrc'),
      inside: false,
      symlink: true,
    })
    link('.env', 'readme')
    expect(locate('readme').labels).toEqual(expect.arrayContaining(['secret', 'symlink']))
    link('src/a.ts', '.npmrc')
    expect(locate('.npmrc')).toMatchObject({ id: 'src/a.ts' })
    expect(locate('.npmrc').labels).toContain('secret')
    link('..', 'up')
    expect(locate('up/home/.netrc')).toMatchObject({ inside: false, symlink: true })
  })

  test('a dangling link leads to where writing would make a file', () => {
    link('../home/.bashrc_new', 'new.txt')
    expect(locate('new.txt')).toMatchObject({
      id: join(folder, 'home/.bashrc_new'),
      inside: false,
      symlink: true,
    })
    link('new.txt', 'newer.txt')
    expect(locate('newer.txt').id).toBe(join(folder, 'home/.bashrc_new'))
  })

  test('loops, files used as folders and folders that cannot be read are not understood', () => {
    link('loop-b', 'loop-a')
    link('loop-a', 'loop-b')
    expect(locate('loop-a').opaque).toBe(true)
    expect(locate('src/a.ts/x').opaque).toBe(true)
    mkdirSync(join(folder, 'app/closed'))
    chmodSync(join(folder, 'app/closed'), 0)
    const found = locate('closed/x')
    chmodSync(join(folder, 'app/closed'), 0o700)
    expect(found.opaque || process.getuid?.() === 0).toBe(true)
  })

  test('`..` after a link has two readings, so it has none', () => {
    mkdirSync(join(folder, 'home/deep'))
    link('../home/deep', 'out')
    expect(locate('out/../.netrc').opaque).toBe(true)
    expect(locate('src/../.env').opaque).toBe(false)
  })

  test('a file with a second name may be any file', () => {
    linkSync(join(folder, 'home/.netrc'), join(folder, 'app/hard.txt'))
    expect(locate('hard.txt').opaque).toBe(true)
  })

  test('a workspace that is itself reached through a link is no link of the call’s', () => {
    symlinkSync(join(folder, 'app'), join(folder, 'alias'))
    const workspace = join(folder, 'alias')
    for (const text of ['src/a.ts', join(folder, 'alias/src/a.ts'), join(folder, 'app/src/a.ts')]) {
      expect(locate(text, { workspace })).toMatchObject({ id: 'src/a.ts', inside: true })
    }
    expect(locate('src/a.ts', { workspace }).symlink).toBe(false)
  })

  test('without a workspace a relative path lies nowhere', () => {
    expect(locate('src/a.ts', { workspace: undefined })).toMatchObject({
      id: '?/src/a.ts',
      inside: false,
      opaque: true,
    })
  })

  test('relative paths start from the server’s own root', () => {
    expect(locate('a.ts', { root: join(folder, 'app/src') }).id).toBe('src/a.ts')
    expect(locate('x', { root: join(folder, 'home') })).toMatchObject({
      id: join(folder, 'home/x'),
      inside: false,
    })
  })

  test('a remote path is known by its text only', () => {
    const remote = { fs: undefined, workspace: '/srv/repo' }
    expect(locate('src/../.env', remote)).toMatchObject({ id: '.env', inside: true, opaque: false })
    expect(locate('.env', remote).labels).toEqual(expect.arrayContaining(['secret', 'unresolved']))
    expect(locate('~/x', remote)).toMatchObject({ inside: false, opaque: true })
  })
})

describe('R-CLS-4: tricks are not understood', () => {
  test.each([
    '',
    'a\0b',
    'a\nb',
    ' .env',
    '.env.',
    '.env::$DATA',
    '.ENV',
    '.GIT/config',
    '.еnv',
    '.env\u200b',
    'src/\u202ea',
    'GIT~1/config',
    'C:\\Windows\\x',
    'C:/x',
    '\\\\srv\\share',
    '\\\\?\\C:\\x',
    '..\\x',
    '//srv/x',
    '~other/.ssh/id_rsa',
    '..%2fx',
    '%2e%2e/x',
    '$HOME/x',
    '${HOME}/x',
    '$(id)',
    'http://x/y',
    'file://srv/x',
    'file:///a%2fb',
    '/proc/self/environ',
    '/proc/self/root/etc/hosts',
    '/proc/1/cwd/x',
    '/dev/fd/3',
    '/dev/stdin',
    '\u2025/x',
    'a\u2215b',
    'x'.repeat(5_000),
    'x'.repeat(256),
    'a/'.repeat(200),
    '\ud800',
  ])('%j', (text) => {
    expect(locate(text).opaque).toBe(true)
  })

  test.each([
    'docs/..hidden.md',
    'docs/a..b.md',
    'src/env.ts',
    'src/café.ts',
    'docs/日本語.md',
    'src/routes/$id.tsx',
    '$lib/x.ts',
    'app/[...slug]/page.tsx',
    'app/(group)/page.tsx',
    'my file.txt',
    'a%20b.md',
    '100%.md',
    'README.md',
    'src/тест.py',
    'src/secrets/rotation.ts',
    '.env.example',
    'id_rsa.pub',
  ])('%j is an ordinary file', (text) => {
    expect(locate(text)).toMatchObject({ opaque: false, inside: true, labels: ['source'] })
  })
})

describe('R-SEC-1: Remit’s own files', () => {
  test.each([
    '.remit',
    '.remit/state.db',
    '.remit/new',
    'remit.yaml',
    '.REMIT/x',
    'REMIT.yaml',
    '.remit./x',
    'src/../.remit/x',
  ])('`%s` is remit-control', (text) => {
    expect(locate(text).labels).toContain('remit-control')
  })

  test('also through links, and by moving a folder that holds them', () => {
    link('.remit', 'harmless')
    expect(locate('harmless/state.db').labels).toContain('remit-control')
    expect(locate('.', { changes: true }).labels).toContain('remit-control')
    expect(locate('.', { changes: false }).labels).not.toContain('remit-control')
    expect(locate(folder, { changes: true }).labels).toContain('remit-control')
    expect(locate('/', { changes: true }).labels).toContain('remit-control')
    expect(locate('.remitted/x').labels).not.toContain('remit-control')
  })

  test('changing a folder counts as changing the pipelines that it is for', () => {
    expect(locate('.github', { changes: true }).labels).toContain('ci')
    expect(locate('.github', { changes: false }).labels).not.toContain('ci')
  })
})

describe('R-CLS-4: what is no text, or starts from what is none', () => {
  test('a lone surrogate is no character, so nobody knows which file is meant', () => {
    const { id, opaque, labels } = locate('src/\ud800.ts')
    expect(opaque).toBe(true)
    expect(id.isWellFormed()).toBe(true)
    expect(labels).toContain('outside-workspace')
  })

  test.each(['/srv/\ud800', '/srv/%2e%2e/app', '/srv/a\u200bb', 'C:/srv'])(
    'the folder that a path starts from is read as strictly as the path: %j',
    (root) => {
      expect(locate('a.ts', { root }).opaque).toBe(true)
      expect(locate(join(folder, 'app/src/a.ts'), { root }).opaque).toBe(false)
    },
  )
})
