import type { ProgramReader } from '../command-site.ts'
import { applySpec } from '../apply-spec.ts'
import type { ProgramSpec } from '../spec.ts'

/**
 * Ruff 0.14 runs no code of the project, yet does what its files say: `include` and `extend` have it read any file, and
 * what does not parse is printed. So it counts as running code unless `--isolated` keeps it from them; then `check` reads,
 * and writes with `--fix`, and `format` writes unless it is to `--check` or `--diff`.
 */
export const ruff =
  (usual: ProgramSpec): ProgramReader =>
  (site) => {
    const [task] = site.args
    const end = site.args.findIndex(({ text }) => text === '--')
    const options = (end === -1 ? site.args : site.args.slice(0, end)).flatMap(({ kind, text }) =>
      kind === 'literal' ? [text] : [],
    )
    const spec = task?.kind === 'literal' ? ISOLATED[task.text] : undefined
    if (spec === undefined || !options.includes('--isolated')) return applySpec(usual, site)
    const writes =
      task?.text === 'check'
        ? options.some((text) => /^--(?:unsafe-)?fix/.test(text))
        : !options.some((text) => text === '--check' || text === '--diff')
    return readsAndWrites({ ...spec, first: ['plain'] }, site, { writes, alone: true })
  }

const ISOLATED: Readonly<Record<string, ProgramSpec>> = Object.assign(Object.create(null), {
  check: {
    flags: 'qv',
    long: 'isolated fix no-fix diff quiet verbose unsafe-fixes preview show-fixes statistics no-cache',
    values: { plain: 'select ignore extend-select line-length output-format target-version' },
  },
  format: {
    flags: 'qv',
    long: 'isolated check diff quiet verbose preview no-cache',
    values: { plain: 'line-length target-version' },
  },
})

/** Go 1.25's: it knows no settings, and prints unless `-w` is among its options. */
export const gofmt: ProgramReader = (site) => {
  const writes = site.args.some(({ text, kind }) => kind !== 'literal' || /^-.*w/.test(text))
  return readsAndWrites({ flags: 'lwdse', least: 1 }, site, { writes, alone: false })
}

/** @param how `alone` = it works on this folder when no path is named. */
function readsAndWrites(
  spec: ProgramSpec,
  site: Parameters<ProgramReader>[0],
  { writes, alone }: { readonly writes: boolean; readonly alone: boolean },
): boolean {
  const withRole = (role: 'read' | 'write') => ({ ...spec, rest: role, ...(alone ? { alone: role } : {}) })
  const clear = applySpec(withRole('read'), site)
  return writes ? applySpec(withRole('write'), site) && clear : clear
}
