import { RemitError } from '../core/errors.ts'
import { looksSecret } from '../server/clear-secrets.ts'
import { createScanner } from '../server/create-scanner.ts'
import { type WrittenServer, withServer, writtenServers } from '../server/edit-servers.ts'
import { applyEdit, DRY_RUN, serverFileOf, UNCHECKED } from './change-servers.ts'
import { type Command, type Invocation, listFlag, textFlag, UsageError } from './command.ts'

const PATH = 'servers add'

export const serversAdd: Command = {
  path: PATH,
  summary: 'add a server to remit.yaml; a running gateway takes it over',
  positionals: [
    { name: 'key', summary: 'what its tools are listed under: `key__tool`' },
    { name: 'command', summary: 'program to run and its arguments, behind `--`', optional: true, rest: true },
  ],
  flags: [
    { name: 'url', takes: 'url', summary: 'endpoint of a server that speaks MCP over HTTP' },
    { name: 'owner', takes: 'who', summary: 'who answers for it', required: true },
    { name: 'purpose', takes: 'text', summary: 'what it is for', required: true },
    {
      name: 'env',
      takes: 'NAME=value',
      many: true,
      summary: 'its environment; NAME=secret:name for a secret',
    },
    {
      name: 'header',
      takes: 'Name: value',
      many: true,
      summary: 'sent with every request; `secret:name` too',
    },
    {
      name: 'era',
      takes: 'era',
      choices: ['auto', 'legacy', 'modern'],
      summary: 'revision of MCP it speaks',
    },
    {
      name: 'session',
      takes: 'how',
      choices: ['task', 'human', 'shared'],
      summary: 'whose its sessions are',
    },
    {
      name: 'trust',
      takes: 'what',
      choices: ['review', 'first-use', 'updates'],
      summary: 'which tools count unseen; default review, that is none',
    },
    UNCHECKED,
    DRY_RUN,
  ],
  notes:
    'Comments and the way of the file stay. The server is reached first and its tools are\nshown; what does not answer is not written. Its tools are off until `remit servers review`\nswitches them on, unless --trust says otherwise.',
  run: async (invocation) => {
    const [key = '', ...words] = invocation.positionals
    const file = serverFileOf(invocation)
    if (writtenServers(file).has(key)) {
      throw new RemitError('config_invalid', `\`${file.name}\` has a server \`${key}\` already`)
    }
    const after = withServer(file, key, serverOf(invocation, words))
    return applyEdit(invocation, { file, after, added: [key] })
  },
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
