import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Label } from '../core/labels.ts'
import { createControlMatcher } from './control-paths.ts'
import { NODE_FILE_SYSTEM } from './file-system.ts'
import { locatePath } from './locate-path.ts'

/** Labels with which a file of the workspace is ordinary work. */
const ORDINARY: ReadonlySet<Label> = new Set(['source', 'symlink', 'auth', 'generated'])
let folder = ''
let workspace = ''

const FILES = [
  'app/src/a.ts',
  'app/src/deep/er/b.ts',
  'app/.env',
  'app/.git/config',
  'app/.git/hooks/pre-push',
  'app/docs/guide.md',
  'app-secrets/key.txt',
  'app.old/.env',
  'home/u/.ssh/id_ed25519',
  'home/u/.bashrc',
  'outside/data.txt',
]
const LINKS: readonly (readonly [from: string, to: string])[] = [
  ['app/out', '../outside'],
  ['app/out-file', '../outside/data.txt'],
  ['app/dangling', '../outside/not-yet.txt'],
  ['app/dangling-home', '../home/u/.zshrc'],
  ['app/loop-a', 'loop-b'],
  ['app/loop-b', 'loop-a'],
  ['app/self', 'self'],
  ['app/chain-1', 'chain-2'],
  ['app/chain-2', 'chain-3'],
  ['app/chain-3', '../outside/data.txt'],
  ['app/inner', 'src/deep'],
  ['app/notes.txt', '.env'],
  ['app/readme', '.git/config'],
  ['app/root', '/'],
  ['app/src/up', '../..'],
]

beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'remit-paths-'))
  workspace = join(folder, 'app')
  for (const path of FILES) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), 'x')
  }
  for (const [from, to] of LINKS) symlinkSync(to, join(folder, from))
  linkSync(join(folder, 'home/u/.ssh/id_ed25519'), join(folder, 'app/picture.png'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** `block` = outside, or not understood; `labelled` = inside and more than ordinary work; `plain` = ordinary work. */
function verdict(path: string): string {
  const found = locatePath(path.replaceAll('<app>', workspace).replaceAll('<top>', folder), {
    fs: NODE_FILE_SYSTEM,
    workspace,
    root: undefined,
    home: join(folder, 'home/u'),
    control: createControlMatcher({ folders: [], files: [], ports: [] }, NODE_FILE_SYSTEM),
    changes: true,
  })
  if (found.opaque || !found.inside) return 'block'
  return found.labels.some((label) => !ORDINARY.has(label)) ? 'labelled' : 'plain'
}

const BLOCKED: Readonly<Record<string, readonly string[]>> = {
  'prefix collisions': [
    '<top>/app-secrets/key.txt',
    '<top>/app.old/.env',
    '<app>/../app-secrets/key.txt',
    '../app.old/.env',
    '<top>/APP-secrets/x',
  ],
  traversal: [
    '../outside/data.txt',
    'src/../../outside/data.txt',
    './././../outside',
    'src/deep/../../../home/u/.bashrc',
    '<app>/..',
    '..',
    '/etc/passwd',
    '//etc/passwd',
    '///etc/passwd',
    '/etc/./passwd',
    'src/up/outside/data.txt',
    'root/etc/passwd',
  ],
  'links out': [
    'out',
    'out/data.txt',
    'out-file',
    'out/new.txt',
    'out/../../outside/data.txt',
    'chain-1',
    'chain-2',
    'out/a/b/c.txt',
  ],
  'dangling links': ['dangling', 'dangling-home', 'dangling/x'],
  loops: ['loop-a', 'loop-b', 'self', 'self/x', 'loop-a/../a'],
  'hard links': ['picture.png'],
  'processes and devices': [
    '/proc/self/root/etc/passwd',
    '/proc/self/cwd/a',
    '/proc/self/fd/3',
    '/proc/1/root/x',
    '/proc/thread-self/root/x',
    '/dev/fd/4',
    '/dev/stdin',
    '/dev/tty',
    '//proc/self/environ',
    '/proc//self/maps',
  ],
  homes: [
    '~/.ssh/id_ed25519',
    '~',
    '~root/.ssh/id_rsa',
    '~nobody',
    '~+/x',
    '~-/x',
    '$HOME/.ssh/id_rsa',
    '${HOME}/x',
    '%USERPROFILE%\\x',
    '$(pwd)/x',
    '`pwd`/x',
  ],
  URIs: [
    'file:///etc/passwd',
    'file://localhost/etc/passwd',
    'file://evil.test/share/x',
    'file:/etc/passwd',
    'FILE:///etc/passwd',
    'file:///%65tc/passwd',
    'file:///<app>%2f..%2foutside',
    'file:////etc/passwd',
    'file:etc/passwd',
    'http://a.test/x',
    'vscode://file/x',
    'jar:file:///x.jar!/y',
    'smb://host/share',
  ],
  escapes: [
    '..%2foutside',
    '%2e%2e/outside',
    '..%252foutside',
    '..%c0%afoutside',
    '..%5coutside',
    'src%2fa.ts',
    '.%65nv',
    '..\\outside',
    'src\\..\\..\\outside',
  ],
  controls: [
    'src/a.ts\u0000.png',
    'src/a\nb.ts',
    'src/a\rb.ts',
    'src/a\tb.ts',
    'a\u001b[2K',
    'a\u007f',
    '\u0000',
    '',
  ],
  Unicode: [
    '\u202egnp.ts',
    'src/\u200ba.ts',
    '.e\u200bnv',
    '.\uff45nv',
    '\uff0e\uff0e/outside',
    'a\u2215b',
    'a\uff0fb',
    '.g\u200cit/config',
    '.gi\u0442/config',
    '\u2024env',
    'a\u2028b',
    '.env\ufe0f',
    '\ud800',
  ],
  Windows: [
    'C:\\Windows\\system32',
    'c:/Windows',
    'C:x',
    '\\\\host\\share\\x',
    '\\\\?\\C:\\x',
    '\\\\.\\PhysicalDrive0',
    '//host/share/x',
    '.env::$DATA',
    'a.ts:stream',
    '.env.',
    '.env ',
    '.git.',
    'GIT~1/config',
    'SECRET~1.TXT',
    'src /a.ts',
    'a.ts...',
    'git~1/hooks/x',
  ],
}

const LABELLED: readonly string[] = [
  '.env',
  '.ENV',
  '.env.local',
  '.env.production',
  'config/.env.staging',
  '.envrc',
  'notes.txt',
  'readme',
  'server.key',
  'cert.PEM',
  'id_rsa',
  'id_ed25519',
  'deploy/id_ecdsa',
  '.npmrc',
  '.netrc',
  '.pgpass',
  '.pypirc',
  '.git-credentials',
  '.aws/credentials',
  '.kube/config',
  'kubeconfig.yaml',
  'gcloud/application_default_credentials.json',
  'terraform.tfstate',
  'terraform.tfstate.backup',
  'prod.tfvars',
  '.bash_history',
  '.zsh_history',
  'Login Data',
  'key4.db',
  'secrets.yaml',
  'service-account.json',
  'x.p12',
  '.docker/config.json',
  '.vault-token',
  '.htpasswd',
  '.git/config',
  '.GIT/config',
  '.git/hooks/pre-push',
  '.Git/Hooks/post-checkout',
  '.gitmodules',
  '.gitattributes',
  '.husky/pre-commit',
  'lefthook.yml',
  '.pre-commit-config.yaml',
  '.claude/settings.json',
  '.CLAUDE/settings.json',
  'CLAUDE.md',
  'sub/CLAUDE.md',
  '.cursor/mcp.json',
  '.cursorrules',
  '.mcp.json',
  'AGENTS.md',
  'agents.MD',
  '.github/copilot-instructions.md',
  '.codex/config.toml',
  '.gemini/settings.json',
  '.windsurfrules',
  '.clinerules/x.md',
  'opencode.json',
  '.kiro/steering/x.md',
  '.vscode/tasks.json',
  '.vscode/settings.json',
  '.idea/workspace.xml',
  '.devcontainer/devcontainer.json',
  'x.code-workspace',
  '.github/workflows/ci.yml',
  '.github/actions/a/action.yml',
  '.gitlab-ci.yml',
  'Jenkinsfile',
  '.circleci/config.yml',
  'azure-pipelines.yml',
  'bitbucket-pipelines.yml',
  '.travis.yml',
  '.buildkite/pipeline.yml',
  '.drone.yml',
  'buildspec.yml',
  '.teamcity/settings.kts',
  '.github/CODEOWNERS',
  '.gitleaks.toml',
  '.eslintrc.json',
  'eslint.config.js',
  '.semgrepignore',
  '.trivyignore',
  'sonar-project.properties',
  'package-lock.json',
  'pnpm-lock.yaml',
  'Cargo.lock',
  'go.sum',
  'uv.lock',
  'package.json',
  'pyproject.toml',
  'go.mod',
  'Makefile',
  'main.tf',
  'k8s/deploy.yaml',
  'Dockerfile',
  'data/users.sqlite',
  '.bashrc',
  'conftest.py',
  'build.rs',
]

const PLAIN: readonly string[] = [
  'src/a.ts',
  './src/a.ts',
  '<app>/src/a.ts',
  'src/deep/../a.ts',
  'src//a.ts',
  'inner/er/b.ts',
  'inner/new.ts',
  'src/new/file.ts',
  'docs/guide.md',
  'docs/..notes.md',
  'docs/a..b.md',
  'src/...ts',
  'src/caf\u00e9.ts',
  'src/cafe\u0301.ts',
  'src/\u65e5\u672c\u8a9e.ts',
  'src/with space.ts',
  'src/a%20b.ts',
  'src/env.ts',
  'src/environment.ts',
  '.env.example',
  'config/.env.sample',
  'id_rsa.pub',
  'src/secrets/rotate.ts',
  'src/keys.ts',
  'src/git/config.ts',
  'src/claude.ts',
  'src/github/workflows.ts',
  'docs/terraform.md',
  'src/token.ts',
  'file://<app>/src/a.ts',
  'src/$store.ts',
  'src/[id]/page.tsx',
  'src/(group)/page.tsx',
  'src/@modal/page.tsx',
  "src/it's.ts",
  'src/~tilde.ts',
  'src/a+b.ts',
  'a/b/c/d/e/f/g.ts',
]

describe('R-CLS-4: paths on a real file system', () => {
  test.each(Object.entries(BLOCKED).flatMap(([kind, paths]) => paths.map((path) => [kind, path] as const)))(
    '%s: %j leaves the workspace or is not understood',
    (_, path) => {
      expect(verdict(path)).toBe('block')
    },
  )

  test.each(LABELLED)('R-CLS-3: %s is known for what it is', (path) => {
    expect(verdict(path)).not.toBe('plain')
  })

  test.each(PLAIN)('%s is ordinary work', (path) => {
    expect(verdict(path)).toBe('plain')
  })
})
