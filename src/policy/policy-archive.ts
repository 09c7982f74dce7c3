import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compilePolicySet } from './compile-policy-set.ts'
import type { PolicyBundle } from './load-policy-set.ts'
import type { ParsedPolicies } from './parse-policies.ts'

/** More sets than this are not kept; the oldest go first. */
const MOST_KEPT = 200
const NAME = /^[0-9a-f]{64}\.json$/

interface Kept {
  readonly parsed: ParsedPolicies
  readonly schemaText: string
}

/**
 * The sets that were in force, by hash, so that a past decision can be explained by the rules that made it. A set
 * is named by what it says: a file that was changed is not the set whose name it bears, and is not found.
 */
export class PolicyArchive {
  readonly #folder: string | undefined

  /** @param folder absent = nothing is kept. */
  constructor(folder: string | undefined) {
    this.#folder = folder
  }

  /** @throws whatever the file system does: who relies on the archive must know that it has no copy. */
  async keep({ set, parsed, schemaText }: PolicyBundle): Promise<void> {
    const folder = this.#folder
    if (folder === undefined) return
    const path = join(folder, `${set.hash}.json`)
    const draft = `${path}.${process.pid}.tmp`
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(draft, JSON.stringify({ parsed, schemaText } satisfies Kept), { mode: 0o600 })
    await rename(draft, path)
    await prune(folder)
  }

  /** Undefined for a set that was never kept, is kept no more, or is not what its name says. */
  async find(hash: string): Promise<PolicyBundle | undefined> {
    const name = `${hash}.json`
    if (this.#folder === undefined || !NAME.test(name)) return undefined
    try {
      const { parsed, schemaText } = JSON.parse(await readFile(join(this.#folder, name), 'utf8')) as Kept
      const set = compilePolicySet(parsed, schemaText)
      return set.hash === hash ? { set, parsed, schemaText } : undefined
    } catch {
      return undefined
    }
  }
}

async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => NAME.test(name))
  if (names.length <= MOST_KEPT) return
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  )
  const oldest = dated.toSorted((a, b) => a.at - b.at).slice(0, names.length - MOST_KEPT)
  await Promise.all(oldest.map(({ name }) => rm(join(folder, name), { force: true })))
}
