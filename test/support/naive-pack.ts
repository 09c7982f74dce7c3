import { cpSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PACK } from '../policy/samples.ts'

/** Programs that an admin trusts by their names; `all` = whatever it is, as a list of forbidden words leaves it. */
export type Trusted = readonly string[] | 'all'

const BUILTINS = ['alias', 'declare', 'export', 'hash', 'shopt', 'trap', 'typeset', 'unset']
const LOOKUPS = ['ping', 'nslookup', 'dig', 'host']

/** What the rule of an entry of the bypass corpus trusts, read as generously as its admin would. */
export function trustedBy(rule: string): Trusted {
  if (rule.startsWith('builtins')) return BUILTINS
  const program = /^allow ([a-z]+)/.exec(rule)?.[1]
  if (program === undefined || program === 'edit') return 'all'
  return program === 'ping' ? LOOKUPS : [program]
}

/** The default pack in a folder of its own, with trusted programs running unasked wherever they are. */
export function naivePack(trusted: Trusted): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'remit-naive-'))
  cpSync(PACK, folder, { recursive: true })
  const file = join(folder, 'gates.cedar')
  const [before, rest] = readFileSync(file, 'utf8').split('@id("run-unsandboxed")')
  const scope =
    trusted === 'all'
      ? 'resource is Program'
      : `resource is Program && [${trusted.map((name) => `Program::"${name}"`).join(', ')}].contains(resource)`
  const loosened = rest?.replace(
    'unless { context.sandboxed };',
    `unless { context.sandboxed || (${scope}) };`,
  )
  if (before === undefined || loosened === undefined || loosened === rest)
    throw new Error('the default pack has no rule run-unsandboxed that could be loosened')
  writeFileSync(file, `${before}@id("run-unsandboxed")${loosened}`)
  return folder
}
