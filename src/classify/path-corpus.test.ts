import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Label } from '../core/labels.ts'
import { createControlMatcher } from './control-paths.ts'
import { NODE_FILE_SYSTEM } from './file-system.ts'
import { locatePath, type LocatedPath } from './locate-path.ts'

interface Case {
  readonly path: string
  readonly class: string
  readonly expect: string
  readonly setup: string | null
}

/** Public cases of path tricks, compiled from advisories; kept beside the project, not in it. */
const FILE = join(
  process.env['REMIT_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus'),
  'path_and_arg_cases.json',
)
const cases = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as { paths: Case[] }).paths : []
const ORDINARY: ReadonlySet<Label> = new Set(['source', 'lockfile', 'manifest', 'auth', 'symlink'])

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'remit-corpus-'))
  for (const path of ['app/src/a.ts', 'home/u/.netrc', 'app.bak/.env']) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), '')
  }
})
afterEach(() => rmSync(folder, { recursive: true }))

function place(text: string): string {
  return text.replaceAll('/work/app', join(folder, 'app')).replaceAll('/home/u', join(folder, 'home/u'))
}

function verdict(found: LocatedPath): string {
  if (found.opaque || !found.inside) return 'block'
  return found.labels.some((label) => !ORDINARY.has(label)) ? 'consent' : 'allow'
}

describe.skipIf(cases.length === 0)(
  'R-CLS-4: the corpus of path cases (needs ../shared/corpus or REMIT_CORPUS)',
  () => {
    test.each(cases)('$class: $path', (one) => {
      const workspace = join(folder, 'app')
      if (one.setup !== null) execFileSync('sh', ['-c', place(one.setup)], { cwd: workspace })
      const found = locatePath(place(one.path), {
        fs: NODE_FILE_SYSTEM,
        workspace,
        root: undefined,
        home: join(folder, 'home/u'),
        control: createControlMatcher({ folders: [], files: [], ports: [] }, NODE_FILE_SYSTEM),
        changes: true,
      })
      const accepted: Record<string, string[]> = {
        allow: ['allow'],
        block: ['block'],
        consent: ['consent', 'block'],
        consent_or_block_read: ['consent', 'block'],
      }
      // A manifest is ordinary to read, and something to ask about when it is changed.
      const changed = one.expect !== 'allow' && found.labels.includes('manifest')
      expect(accepted[one.expect]).toContain(changed ? 'consent' : verdict(found))
    })
  },
)
