import { RemitError } from '../core/errors.ts'
import { looksSecret } from '../server/clear-secrets.ts'
import { createScanner } from '../server/create-scanner.ts'
import { type WrittenServer, withServer, writtenServers } from '../server/edit-servers.ts'
import { applyEdit, serverFileOf } from './change-servers.ts'
import { type ExitCode, type Invocation, listFlag, textFlag, UsageError } from './command.ts'

/** The command that this is, for what is said about its flags. */
const PATH = 'servers add'

/** @throws UsageError, and as `applyEdit`. */
export async function addServer(invocation: Invocation): Promise<ExitCode> {
  const [key = '', ...words] = invocation.positionals
  const file = serverFileOf(invocation)
  if (writtenServers(file).has(key)) {
    throw new RemitError('config_invalid', `\`${file.name}\` has a server \`${key}\` already`)
  }
  const after = withServer(file, key, serverOf(invocation, words))
  return applyEdit(invocation, { file, after, added: [key] })
}

/** @throws UsageError. */
function serverOf(invocation: Invocation, [command, ...args]: readonly string[]): WrittenServer {
  const url = textFlag(invocation, 'url')
  if ((url === undefined) === (command === undefined)) {
    throw new UsageError('say `--url <url>`, or `-- <command> [arguments]`, and not both', PATH)
  }
  const env = pairs(invocation, 'env', '=')
  const headers = pairs(invocation, 'header', ':')
  return {
    ...(url === undefined ? { command, ...(args.length === 0 ? {} : { args }) } : { url }),
    ...(env === undefined ? {} : { env }),
    ...(headers === undefined ? {} : { headers }),
    ...chosen(invocation, 'era'),
    ...chosen(invocation, 'session'),
    trust: textFlag(invocation, 'trust') ?? 'review',
    owner: textFlag(invocation, 'owner'),
    purpose: textFlag(invocation, 'purpose'),
  }
}

function chosen(invocation: Invocation, name: string): WrittenServer {
  const value = textFlag(invocation, name)
  return value === undefined ? {} : { [name]: value }
}

/** @throws UsageError for what is no pair, and for a secret in clear. */
function pairs(
  invocation: Invocation,
  flag: string,
  separator: string,
): Readonly<Record<string, string>> | undefined {
  const given = listFlag(invocation, flag)
  if (given === undefined) return undefined
  const scanner = createScanner()
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf(separator)
      const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
      if (at <= 0) throw new UsageError(`\`--${flag}\` must be \`NAME${separator}value\``, PATH)
      if (looksSecret(scanner, name, value)) {
        throw new UsageError(
          `\`--${flag} ${name}\` looks like a secret, and the file is no place for one; write \`${name}${separator}secret:<name>\``,
          PATH,
        )
      }
      return [name, value]
    }),
  )
}
