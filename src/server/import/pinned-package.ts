import { basename } from 'node:path'

const EXACT_NPM = /^(?:@[^/@]+\/)?[^@/]+@\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/
const EXACT_PYPI = /^[\w.-]+(?:\[[\w,.-]+\])?(?:==|@)\d+(?:\.\d+)+[\w.+-]*$/
const DIGEST = /@sha256:[0-9a-f]{64}$/
const VERSION_TAG = /:v?\d[\w.-]*$/

/** Flags of a runner that take a value behind them, which is no package. */
const DOCKER_VALUES =
  /^(?:-[evpwuhlm]|--(?:env|env-file|volume|publish|workdir|user|name|network|net|mount|entrypoint|hostname|label|memory|cpus|platform|add-host|pull))$/

interface Runner {
  readonly words: readonly string[]
  /** Flag that names the package. */
  readonly named: RegExp
  readonly values: RegExp
  readonly exact: (item: string) => boolean
}

const npm = { named: /^(?:-p|--package)$/, values: /^$/, exact: (item: string) => EXACT_NPM.test(item) }
const pypi = {
  named: /^(?:--from|--spec)$/,
  values: /^(?:-p|--python|--with|--index-url)$/,
  exact: (item: string) => EXACT_PYPI.test(item),
}
const oci = {
  named: /^$/,
  values: DOCKER_VALUES,
  exact: (item: string) => DIGEST.test(item) || VERSION_TAG.test(item),
}

const RUNNERS: readonly Runner[] = [
  { words: ['npx'], ...npm },
  { words: ['bunx'], ...npm },
  { words: ['pnpx'], ...npm },
  { words: ['npm', 'exec'], ...npm },
  { words: ['npm', 'x'], ...npm },
  { words: ['pnpm', 'dlx'], ...npm },
  { words: ['yarn', 'dlx'], ...npm },
  { words: ['bun', 'x'], ...npm },
  { words: ['uvx'], ...pypi },
  { words: ['uv', 'tool', 'run'], ...pypi },
  { words: ['pipx', 'run'], ...pypi },
  { words: ['docker', 'run'], ...oci },
  { words: ['podman', 'run'], ...oci },
]

/**
 * The package that a command would fetch in whatever version there is by then; undefined = it names an exact version, or
 * fetches nothing that we know of.
 */
export function unpinnedPackage(command: string, args: readonly string[]): string | undefined {
  const line = [basename(command).replace(/\.(?:cmd|exe)$/i, ''), ...args]
  if (line[0] === 'cmd' && line[1]?.toLowerCase() === '/c')
    return unpinnedPackage(line[2] ?? '', line.slice(3))
  const runner = RUNNERS.find(({ words }) => words.every((word, at) => line[at] === word))
  if (runner === undefined) return undefined
  const found = packageOf(runner, line.slice(runner.words.length))
  return found === undefined || runner.exact(found) ? undefined : found
}

function packageOf({ named, values }: Runner, rest: readonly string[]): string | undefined {
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? ''
    const [flag = '', value] = word.split('=', 2)
    if (named.test(flag)) return value ?? rest[at + 1]
    if (values.test(word)) at += 1
    else if (!word.startsWith('-')) return word
  }
  return undefined
}
