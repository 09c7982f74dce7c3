import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Part of every key: another version of the engine may parse otherwise. A test compares it with the package. */
export const CEDAR_WASM_VERSION = '4.13.0'

/** Raised when what is kept, or what lint asks of it, changes. */
const FORMAT = 3

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** Keeps what the official engine made of a text, so that a warm start needs no wasm. */
export class PolicyCache {
  readonly #folder: string | undefined

  /** @param folder absent = nothing is kept. Whoever can write to it can change policy. */
  constructor(folder: string | undefined) {
    this.#folder = folder
  }

  keyOf(parts: readonly string[]): string {
    return sha256(JSON.stringify([FORMAT, CEDAR_WASM_VERSION, ...parts]))
  }

  /** Undefined for whatever is missing, unreadable or not what was written. */
  async read(key: string): Promise<unknown> {
    if (this.#folder === undefined) return undefined
    try {
      const content = await readFile(join(this.#folder, `${key}.json`), 'utf8')
      const [seal, body] = [content.slice(0, 64), content.slice(65)]
      return seal === sha256(key + body) ? (JSON.parse(body) as unknown) : undefined
    } catch {
      return undefined
    }
  }

  /** A cache that cannot be written costs time, not correctness, so failure is silent. */
  async write(key: string, value: unknown): Promise<void> {
    if (this.#folder === undefined) return
    const body = JSON.stringify(value)
    const path = join(this.#folder, `${key}.json`)
    const draft = `${path}.${process.pid}.tmp`
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      await writeFile(draft, `${sha256(key + body)}\n${body}`, { mode: 0o600 })
      await rename(draft, path)
    } catch {
      return
    }
  }
}
