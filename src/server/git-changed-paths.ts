import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { ChangedPaths } from '../classify/changed-paths.ts'
import { NODE_FILE_SYSTEM } from '../classify/file-system.ts'
import { packedRefs, readRef } from '../classify/repository/refs.ts'
import type { CommitRange } from '../core/operation.ts'

const TIMEOUT_MS = 3_000
const MAX_OUTPUT = 4 << 20
const MAX_REFS = 2_000
const MAX_CACHED = 64
const OBJECT = /^[0-9a-f]{40}$/

/**
 * Asks git which paths commits change. It runs in an empty repository of Remit's own and only borrows the objects, so
 * that no setting, hook, attribute, filter, replaced object or lazy fetch of the repository at hand has any say.
 */
export class GitChangedPaths implements ChangedPaths {
  readonly #known = new Map<string, readonly string[]>()

  async pathsOf(range: CommitRange): Promise<readonly string[] | undefined> {
    try {
      const source = sourceOf(range)
      const there = range.remote === undefined ? [] : trackedCommits(range.commonDir, range.remote)
      if (source === undefined || there === undefined) return undefined
      const key = keyOf([range.commonDir, source, ...there])
      const known = this.#known.get(key)
      if (known !== undefined) return known
      const paths = await askGit(join(range.commonDir, 'objects'), source, there)
      if (paths === undefined) return undefined
      if (this.#known.size >= MAX_CACHED) this.#known.clear()
      this.#known.set(key, paths)
      return paths
    } catch {
      return undefined
    }
  }
}

function keyOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex')
}

/** An object with its `~` and `^`. */
function sourceOf({ gitDir, commonDir, source }: CommitRange): string | undefined {
  const [, start = '', rest = ''] = /^([^~^]+)((?:[~^]\d{0,5}){0,20})$/.exec(source) ?? []
  const object = OBJECT.test(start) ? start : refObject(gitDir, commonDir, start)
  return object === undefined ? undefined : object + rest
}

function refObject(gitDir: string, commonDir: string, start: string): string | undefined {
  let name = start
  for (let step = 0; step < 5; step += 1) {
    const text =
      name === 'HEAD'
        ? NODE_FILE_SYSTEM.read?.(join(gitDir, 'HEAD'))?.trim()
        : readRef(NODE_FILE_SYSTEM, commonDir, name)
    if (text === undefined) return undefined
    const next = /^ref: (refs\/\S+)$/.exec(text)?.[1]
    if (next === undefined) return OBJECT.test(text) ? text : undefined
    name = next
  }
  return undefined
}

/** What the remote has, as of the last fetch. `undefined` = more refs than are looked at. */
function trackedCommits(commonDir: string, remote: string): readonly string[] | undefined {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(remote)) return undefined
  const prefix = `refs/remotes/${remote}/`
  const folder = join(commonDir, prefix)
  const loose = existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(commonDir.length + 1))
    : []
  if (loose.length > MAX_REFS) return undefined
  const objects = new Map(
    packedRefs(NODE_FILE_SYSTEM, commonDir)
      .filter(([, ref]) => ref.startsWith(prefix))
      .map(([object, ref]) => [ref, object] as const),
  )
  for (const ref of loose) objects.set(ref, readRef(NODE_FILE_SYSTEM, commonDir, ref) ?? '')
  const commits = [...new Set(objects.values())].filter((object) => OBJECT.test(object))
  return commits.length > MAX_REFS ? undefined : commits.toSorted()
}

async function askGit(
  objects: string,
  source: string,
  there: readonly string[],
): Promise<readonly string[] | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'remit-git-'))
  try {
    await Promise.all([
      mkdir(join(folder, 'refs')),
      writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n'),
      writeFile(join(folder, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n'),
    ])
    const revisions = [source, ...there.map((commit) => `^${commit}`)]
    const output = await runGit(folder, objects, `${revisions.join('\n')}\n`)
    // A log separates what it prints with a line, which is empty here.
    return output === undefined
      ? undefined
      : [...new Set(output.split(/[\0\n]/).filter((path) => path !== ''))]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const ARGUMENTS = [
  '--no-pager',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.commitGraph=false',
  '-c',
  'core.multiPackIndex=false',
  'log',
  '--stdin',
  '--format=',
  '--name-only',
  '-z',
  '-c',
  '--root',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--no-show-signature',
  '--no-notes',
]

function runGit(folder: string, objects: string, input: string): Promise<string | undefined> {
  const env = {
    PATH: (process.env['PATH'] ?? '').split(':').filter(isAbsolute).join(':'),
    HOME: folder,
    LC_ALL: 'C',
    GIT_DIR: folder,
    GIT_OBJECT_DIRECTORY: objects,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
  }
  const limits = { timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT, killSignal: 'SIGKILL' } as const
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const child = execFile('git', ARGUMENTS, { cwd: folder, env, ...limits }, (error, stdout) =>
    resolve(error === null ? stdout : undefined),
  )
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)
  return promise
}
