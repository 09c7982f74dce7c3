import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A real repository with a remote that it has pushed `main` to, and that its settings place at a forge. */
export class GitRepository {
  readonly home: string
  readonly root: string

  constructor(url = 'git@github.com:Acme/Shop.git') {
    this.home = mkdtempSync(join(realpathSync(tmpdir()), 'remit-repository-'))
    this.root = join(this.home, 'shop')
    mkdirSync(this.root)
    const upstream = join(this.home, 'upstream.git')
    this.git('init', '-q', '--bare', '-b', 'main', upstream)
    this.git('init', '-q', '-b', 'main')
    this.commit({ 'src/a.ts': 'export {}', 'README.md': '# shop' })
    this.git('remote', 'add', 'origin', upstream)
    this.git('push', '-q', '-u', 'origin', 'main')
    this.git('remote', 'set-url', 'origin', url)
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', args, {
      cwd: this.root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: this.home,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'a@a.example',
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'a@a.example',
      },
    })
  }

  commit(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(this.root, dirname(path)), { recursive: true })
      writeFileSync(join(this.root, path), text)
      this.git('add', '-f', path)
    }
    this.git('commit', '-q', '--allow-empty', '-m', 'change')
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true })
  }
}
