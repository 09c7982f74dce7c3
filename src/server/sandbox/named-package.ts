import { basename } from 'node:path'

/** A package that a program is told to fetch and to run. */
export interface NamedPackage {
  /** As it is written: `name`, `name@1.2.3`, `name==1.2.3`, `image:tag`. */
  readonly spec: string
  /** No other code can be meant by it tomorrow, as far as its registry keeps its word. */
  readonly exact: boolean
}

interface Runner {
  /** Words before the package, as in `pnpm dlx`. */
  readonly words: readonly string[]
  /** Flags whose value is the package. */
  readonly from: readonly string[]
  readonly exact: RegExp
}

const NPM = /.@\d+\.\d+\.\d+(?:[-+][\w.+-]*)?$/
const PYPI = /(?:==|@)\d+(?:\.\d+)+(?:[\w.+-]*)?$/
const IMAGE = /@sha256:[0-9a-f]{64}$/

const npm = (...words: readonly string[]): Runner => ({ words, from: ['-p', '--package'], exact: NPM })
const pypi = (...words: readonly string[]): Runner => ({ words, from: ['--from', '--spec'], exact: PYPI })
const image: Runner = { words: ['run'], from: [], exact: IMAGE }

const RUNNERS: ReadonlyMap<string, readonly Runner[]> = new Map([
  ['npx', [npm()]],
  ['bunx', [npm()]],
  ['npm', [npm('exec'), npm('x')]],
  ['pnpm', [npm('dlx')]],
  ['yarn', [npm('dlx')]],
  ['uvx', [pypi()]],
  ['pipx', [pypi('run')]],
  ['docker', [image]],
  ['podman', [image]],
  ['nerdctl', [image]],
])

/** @returns undefined for a command that runs what is installed. */
export function namedPackage(command: string, args: readonly string[]): NamedPackage | undefined {
  const runner = RUNNERS.get(basename(command))?.find(({ words }) =>
    words.every((word, at) => args[at] === word),
  )
  if (runner === undefined) return undefined
  const rest = args.slice(runner.words.length)
  const spec = flagValue(rest, runner.from) ?? (runner === image ? imageOf(rest) : rest.find(isWord))
  return spec === undefined ? undefined : { spec, exact: runner.exact.test(spec) }
}

function flagValue(args: readonly string[], flags: readonly string[]): string | undefined {
  for (const [at, arg] of args.entries()) {
    const flag = flags.find((each) => arg === each || arg.startsWith(`${each}=`))
    if (flag !== undefined) return arg === flag ? args[at + 1] : arg.slice(flag.length + 1)
  }
  return undefined
}

const isWord = (arg: string): boolean => !arg.startsWith('-')

/** Flags of an engine that stand alone; every other one without `=` takes the next word. */
const ALONE = /^(?:-[itdPq]+|--(?:rm|init|interactive|tty|detach|privileged|read-only|quiet|publish-all))$/

function imageOf(args: readonly string[]): string | undefined {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? ''
    if (isWord(arg)) return arg
    if (!ALONE.test(arg) && !arg.includes('=')) at += 1
  }
  return undefined
}
