import type { Label } from '../../core/labels.ts'

/**
 * Rows of a table of labels: globs over the last components of a path, in lower case. `name`, `*.ext`, `pre*fix`,
 * `folder/name`; `folder/**` = the folder and all below it.
 */
export interface LabelRow {
  readonly label: Label
  readonly globs: readonly string[]
}

interface Rule {
  readonly label: Label
  /** Matchers of the components before the last one, nearest first. */
  readonly before: readonly Matcher[]
  readonly last: Matcher
}

type Matcher = (name: string) => boolean

/** For each component of a path, the folded names under which it may be known. */
type FoldedPath = readonly (readonly string[])[]

/** Finds the labels of a path. Exact names and suffixes are looked up; only globs with a star inside are tried. */
export interface LabelTable {
  collect(names: FoldedPath, found: Set<Label>): void
  /** Labels of what would lie below a folder of this name, by the table alone: `.github` holds pipelines. */
  collectBelow(names: FoldedPath, found: Set<Label>): void
}

export function compileLabels(rows: readonly LabelRow[], exceptions: readonly string[]): LabelTable {
  const files = new Index()
  const folders = new Index()
  const above = new Index()
  for (const { label, globs } of rows) {
    for (const glob of globs) {
      const components = glob.split('/')
      const isFolder = components.at(-1) === '**'
      if (isFolder) components.pop()
      ;(isFolder ? folders : files).add(label, components)
      for (let length = 1; length < components.length; length += 1)
        above.add(label, components.slice(0, length))
    }
  }
  const excepted = new Index()
  for (const glob of exceptions) excepted.add('source', glob.split('/'))
  return {
    collect(names, found) {
      const end = names.length - 1
      // Each name under which the file may be known is excepted, or not, by itself.
      const kept =
        names.at(end)?.filter((name) => !excepted.matches([...names.slice(0, end), [name]], end)) ?? []
      if (kept.length === 0) return
      files.collect([...names.slice(0, end), kept], end, found)
      for (let at = 0; at <= end; at += 1) folders.collect(names, at, found)
    },
    collectBelow: (names, found) => above.collect(names, names.length - 1, found),
  }
}

class Index {
  readonly #exact = new Map<string, Rule[]>()
  readonly #suffixes = new Map<string, Rule[]>()
  readonly #others: Rule[] = []

  add(label: Label, components: readonly string[]): void {
    const [last = '', ...before] = components.toReversed()
    const rule: Rule = { label, before: before.map(matcherOf), last: matcherOf(last) }
    if (!last.includes('*')) push(this.#exact, last, rule)
    else if (/^\*\.[^*]+$/.test(last)) push(this.#suffixes, last.slice(1), rule)
    else this.#others.push(rule)
  }

  matches(names: FoldedPath, at: number): boolean {
    const found = new Set<Label>()
    this.collect(names, at, found)
    return found.size > 0
  }

  collect(names: FoldedPath, at: number, found: Set<Label>): void {
    const take = (rules: readonly Rule[] | undefined, name?: string): void => {
      for (const rule of rules ?? []) {
        if (name !== undefined && !rule.last(name)) continue
        if (rule.before.every((matches, back) => names[at - 1 - back]?.some(matches) ?? false))
          found.add(rule.label)
      }
    }
    for (const name of names[at] ?? []) {
      take(this.#exact.get(name))
      if (this.#suffixes.size > 0) {
        for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
          take(this.#suffixes.get(name.slice(dot)))
        }
      }
      take(this.#others, name)
    }
  }
}

function push(map: Map<string, Rule[]>, key: string, rule: Rule): void {
  const rules = map.get(key)
  if (rules === undefined) map.set(key, [rule])
  else rules.push(rule)
}

/** `*` is any run within a name. The globs are ours, each with few stars: no pattern of a stranger comes here. */
function matcherOf(glob: string): Matcher {
  if (!glob.includes('*')) return (name) => name === glob
  const source = glob
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  const pattern = new RegExp(`^${source}$`, 's')
  return (name) => pattern.test(name)
}
