import { posix } from 'node:path'
import type { Action } from '../../core/actions.ts'
import type { Label } from '../../core/labels.ts'
import type { CommitRange, Operation } from '../../core/operation.ts'
import type { Resource } from '../../core/resource.ts'
import { extractDirectory, extractPath, unreadable } from '../extract-paths.ts'
import type { ExtractionContext } from '../extract.ts'
import { extractUrl } from '../extract-urls.ts'
import type { Argument } from './argument.ts'
import { expandGlob } from './expand-glob.ts'
import { secretsBelow, type LookBudget } from './look-below.ts'

type Surroundings = Omit<ExtractionContext, 'actions'>
export type Span = readonly [number, number]

/** More than any command that a reader could follow; the rest is not understood. */
const MAX_OPERATIONS = 400
/** Entries of folders that are looked at for one call. */
const MAX_ENTRIES = 3_000

/** The operations that a command line turns out to be, in the order in which it says them. */
export class Findings {
  readonly operations: Operation[] = []
  readonly context: Surroundings
  /** Span of the string in the command line that commands are read from now, when it is not the line itself. */
  readonly #frames: Span[] = []
  #full = false
  readonly #budget: LookBudget = { entries: MAX_ENTRIES }
  readonly #looked = new Map<string, readonly string[] | undefined>()

  constructor(context: Surroundings) {
    this.context = context
  }

  /** Runs with every operation placed at one word, since positions inside a string are not those of the line. */
  inside(span: Span, run: () => void): void {
    this.#frames.push(this.#frames[0] ?? span)
    run()
    this.#frames.pop()
  }

  add(
    action: Action,
    resource: Resource,
    more: {
      readonly span: Span
      readonly labels?: readonly Label[]
      readonly opaque?: boolean
      readonly commits?: CommitRange
    },
  ): void {
    const span = this.#frames[0] ?? more.span
    const { labels = [], opaque = false, commits } = more
    const origin = { pointer: this.context.pointer, span }
    this.#push({ action, resource, labels, opaque, origin, ...(commits === undefined ? {} : { commits }) })
  }

  /** A program that is not understood, or not with these arguments. */
  opaque(program: string, span: Span, labels: readonly Label[] = []): void {
    const id = program === '' ? '?' : program.slice(0, 256)
    this.add('shell.execute', { type: 'Program', id, ancestors: [] }, { span, labels, opaque: true })
  }

  /** A program that is understood as one that runs code which this line does not show. */
  code(resource: Resource, span: Span, opaque = false): void {
    this.add('code.execute', resource, { span, opaque })
  }

  /** A file or folder. `undefined` for the folder that relative paths start from = nobody knows it. */
  path(argument: Argument, actions: readonly Action[], place: PathPlace): void {
    const { cwd, directory = false, below } = place
    if (this.#full) return
    if (argument.kind === 'glob') return this.#glob(argument, actions, place)
    const text = argument.kind === 'literal' ? absolute(argument.text, cwd) : undefined
    const here = { ...this.context, actions }
    if (text === undefined) {
      this.#place(unreadable(here), argument.span)
      return
    }
    const found = (directory ? extractDirectory : extractPath)(text, here)
    this.#place(found, argument.span)
    if (below !== undefined) this.#below(found, argument.span, place)
  }

  /** `host`, `host:port`, `user@host`, `host/path` or a URL. */
  host({ text, kind, span }: Argument, action: Action): void {
    if (this.#full) return
    const url =
      /^[a-z][a-z0-9+.-]*:/i.test(text) && /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
    const here = { ...this.context, actions: [action] }
    // User information is dropped: it only ever makes a host look like another.
    const plain = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#\\]*@/i, '$1')
    this.#place(extractUrl(kind === 'literal' ? plain : null, here), span)
  }

  /** Whether a file is written earlier in this very line, after something was fetched: what it will hold nobody knows. */
  isFetched(argument: Argument, cwd: string | undefined): boolean {
    const fetched = this.operations.findIndex(({ action }) => action === 'net.fetch')
    if (fetched === -1 || argument.kind !== 'literal') return false
    const text = absolute(argument.text, cwd)
    const [file] = text === undefined ? [] : extractPath(text, { ...this.context, actions: ['file.read'] })
    return this.operations.some(
      ({ action, resource }) => action === 'file.write' && resource.id === file?.resource.id,
    )
  }

  /** What another extractor says of a word. */
  adopt(operations: readonly Operation[], span: Span): void {
    this.#place(operations, span)
  }

  /** The names that a pattern stands for; `undefined` = not known. */
  expand(argument: Argument, cwd: string | undefined): readonly string[] | undefined {
    const pattern = absolute(argument.text, cwd)
    return pattern === undefined ? undefined : expandGlob(pattern, this.#budget, this.context)
  }

  /** Whether a pattern stands for a file that a program would take for an option: `*` finds `-rf`. */
  findsOption(argument: Argument, cwd: string | undefined): boolean {
    if (argument.kind !== 'glob' || !/^[*?[-]/.test(argument.text) || argument.text.includes('/'))
      return false
    const names = this.expand(argument, cwd)
    return names === undefined || names.some((name) => posix.basename(name).startsWith('-'))
  }

  #glob(argument: Argument, actions: readonly Action[], place: PathPlace): void {
    if (this.findsOption(argument, place.cwd)) this.opaque('?', argument.span)
    const pattern = absolute(argument.text, place.cwd)
    const names = this.expand(argument, place.cwd)
    if (names === undefined) {
      this.#place(unreadable({ ...this.context, actions }), argument.span)
      return
    }
    // A pattern without a match is passed on as it is written.
    for (const name of names.length === 0 ? [pattern ?? ''] : names) {
      this.path({ ...argument, kind: 'literal', text: name }, actions, { ...place, cwd: '.' })
    }
  }

  #below(found: readonly Operation[], span: Span, { below = 'all', matching }: PathPlace): void {
    const folder = found[0]?.resource
    // What lies outside is asked about as a whole, and can be large.
    if (folder?.type !== 'Directory' || /^[?/]/.test(folder.id)) return
    const key = `${below} ${folder.id}`
    const known = this.#looked.has(key)
    const secrets = known ? this.#looked.get(key) : secretsBelow(folder.id, below, this.#budget, this.context)
    this.#looked.set(key, secrets)
    if (secrets === undefined) return this.opaque('?', span)
    for (const secret of secrets) {
      if (matching?.test(posix.basename(secret)) === false) continue
      this.#place(extractPath(secret, { ...this.context, actions: ['file.read'] }), span)
    }
  }

  #place(operations: readonly Operation[], span: Span): void {
    const at = this.#frames[0] ?? span
    for (const operation of operations) {
      this.#push({ ...operation, origin: { pointer: this.context.pointer, span: at } })
    }
  }

  #push(operation: Operation): void {
    if (this.#full) return
    if (this.operations.length < MAX_OPERATIONS) {
      this.operations.push(operation)
      return
    }
    this.#full = true
    this.operations.push({
      ...operation,
      action: 'shell.execute',
      resource: { type: 'Program', id: '?', ancestors: [] },
      labels: [],
      opaque: true,
    })
  }
}

export interface PathPlace {
  /** Folder that relative paths start from, itself relative to the call's; `undefined` = unknown. */
  readonly cwd: string | undefined
  readonly directory?: boolean
  /** Everything below a folder is read too, or all but names that begin with a dot. */
  readonly below?: 'all' | 'visible' | undefined
  /** Only files of these names are read there. */
  readonly matching?: RegExp | undefined
}

function absolute(text: string, cwd: string | undefined): string | undefined {
  if (/^(\/|~)/.test(text)) return text
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return text
  if (cwd === undefined) return undefined
  return cwd === '.' ? text : `${cwd}/${text}`
}

export function programNamed(id: string): Resource {
  return { type: 'Program', id, ancestors: [] }
}
