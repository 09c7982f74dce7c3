import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { JsonObject } from '../../core/json.ts'
import { namedPackage } from './named-package.ts'
import { scriptOf } from './program-paths.ts'

export interface ProgramRun {
  /** Absolute. */
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
}

/** Words on a command line that say that what follows is a credential. */
const SECRET_FLAG = /auth|key|token|secret|passw|cookie|credential/i

/**
 * What a pin of a program covers: its path and arguments, and what can be told of its code. Of a package that is
 * fetched that is its name and version as written; of anything else the SHA-256 of the file, and its package's version.
 */
export async function describeProgram({ program, args, cwd }: ProgramRun): Promise<JsonObject> {
  const base = { command: program, args: withoutSecrets(args) }
  const fetched = namedPackage(program, args)
  if (fetched !== undefined) return { ...base, package: fetched.spec }
  const script = scriptOf(program, args, cwd)
  // An interpreter is the machine's own and changes with it; what it is given is the server.
  const file = realpathSync(script ?? program)
  const version = packageOf(file)
  return {
    ...base,
    sha256: await digestOf(file),
    ...(script === undefined ? {} : { script }),
    ...(version === undefined ? {} : { package: version }),
  }
}

function withoutSecrets(args: readonly string[]): readonly string[] {
  return args.map((arg, at) => {
    const [flag = '', value] = arg.split('=', 2)
    if (arg.startsWith('-') && value !== undefined && SECRET_FLAG.test(flag)) return `${flag}=[hidden]`
    const before = args[at - 1] ?? ''
    const follows = before.startsWith('-') && !before.includes('=') && SECRET_FLAG.test(before)
    return follows && !arg.startsWith('-') ? '[hidden]' : arg
  })
}

/** `name@version` of the installed package that a file belongs to. */
function packageOf(file: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (!existsSync(manifest)) continue
    try {
      const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as {
        readonly [member: string]: unknown
      }
      // One without a name only says how its folder is read.
      if (typeof name === 'string' && typeof version === 'string') return `${name}@${version}`
    } catch {
      return undefined
    }
  }
  return undefined
}

const known = new Map<string, { readonly stamp: string; readonly digest: string }>()

/** Read once for each content: the time of the last change of a file's entry cannot be set at will. */
async function digestOf(file: string): Promise<string> {
  const { ino, size, mtimeMs, ctimeMs } = statSync(file)
  const stamp = `${ino} ${size} ${mtimeMs} ${ctimeMs}`
  const before = known.get(file)
  if (before?.stamp === stamp) return before.digest
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  const digest = hash.digest('hex')
  known.set(file, { stamp, digest })
  return digest
}
