import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const FILES: Readonly<Record<string, string>> = {
  'README.md':
    '# sums\n\nA tiny project for the demo of Remit. Nothing here matters; change what you like.\n',
  'package.json':
    '{\n  "name": "sums",\n  "version": "1.0.0",\n  "type": "module",\n  "scripts": { "test": "node --test" }\n}\n',
  'src/add.ts':
    '/** The sum of two numbers. */\nexport function add(a: number, b: number): number {\n  return a + b\n}\n',
  'src/invoice.ts':
    "import { add } from './add.ts'\n\nexport const total = (items: readonly number[]): number => items.reduce(add, 0)\n",
  'test/add.test.ts':
    "import assert from 'node:assert/strict'\nimport { test } from 'node:test'\nimport { add } from '../src/add.ts'\n\ntest('adds', () => assert.equal(add(1, 2), 3))\n",
  'docs/guide.md': '# Guide\n\nHow the sums are made.\n',
  '.gitignore': '.env\n',
  '.env':
    '# A made-up value: this file is here to be protected.\nAPI_TOKEN=not-a-real-token-only-for-the-demo\n',
  '.github/workflows/release.yml':
    'name: release\non:\n  push:\n    tags: ["v*"]\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n',
}

/**
 * A small real project for the demo: with `git` a repository with one commit, without it the files alone. What is
 * there already stays as it is.
 */
export function makeDemoWorkspace(workspace: string): void {
  for (const [name, text] of Object.entries(FILES)) {
    const path = join(workspace, name)
    if (existsSync(path)) continue
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  if (existsSync(join(workspace, '.git'))) return
  // Neither the user's hooks and templates nor their name belong in here.
  const own = [
    '-c',
    'core.hooksPath=/dev/null',
    '-c',
    'user.name=Demo',
    '-c',
    'user.email=demo@example.invalid',
  ]
  const git = (...args: readonly string[]): void => {
    execFileSync('git', [...own, ...args], { cwd: workspace, stdio: 'ignore' })
  }
  try {
    git('init', '--quiet', '--initial-branch=main', '--template=')
    git('add', '--all')
    git('commit', '--quiet', '--no-gpg-sign', '--message=a project for the demo')
  } catch {
    // No git, or one that refuses: the demo works on plain files too.
  }
}
