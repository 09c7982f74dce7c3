import type { ServerChecksAnswer, ServersReloadAnswer } from '../api/contract.ts'
import { asRemitError, RemitError } from '../core/errors.ts'
import { SILENT } from '../core/log.ts'
import { type CheckedFile, openServerFile, type ServerFile } from '../server/server-file.ts'
import { tryServer, type TriedServer } from '../server/try-server.ts'
import { type AdminClient, openAdminClient } from './admin-client.ts'
import type { ExitCode, Invocation, Io } from './command.ts'
import { configPlace } from './config-place.ts'
import { needsRestartLines, serversReloadText } from './format-servers-reload.ts'
import { paint } from './paint.ts'
import { plainLine, plainText } from './plain-text.ts'

export function serverFileOf(invocation: Invocation): ServerFile {
  return openServerFile(configPlace(invocation))
}

/** An edit of the file, and the servers that it adds. */
export interface ServerEdit {
  readonly file: ServerFile
  readonly after: string
  readonly added: readonly string[]
}

/** What became of an edit, for programs. */
interface Outcome {
  readonly file: string
  readonly tried: Readonly<Record<string, TriedServer>>
  readonly gateway: ServersReloadAnswer | 'not running'
}

/**
 * Checks the whole file as a start would, reaches what is added, writes, and has a running gateway take it over.
 * Whatever fails before the writing leaves the file as it was.
 * @throws RemitError `config_invalid`, `upstream_*`, and whatever the gateway answers.
 */
export async function applyEdit(invocation: Invocation, edit: ServerEdit): Promise<ExitCode> {
  const { io, json, flags } = invocation
  const { file, after, added } = edit
  const checked = file.check(after)
  if (flags['dry-run'] === true) {
    const diff = file.difference(after)
    io.out(json ? `${JSON.stringify({ file: file.file, diff })}\n` : `${plainText(diff.join('\n'))}\n`)
    return 0
  }
  const tried = flags['unchecked'] === true ? {} : await tryAll(invocation, checked, added)
  checked.write()
  if (!json) io.out(`written: ${file.file}\n`)
  const gateway = await tellGateway(invocation, added)
  if (json) io.out(`${JSON.stringify({ file: file.file, tried, gateway } satisfies Outcome)}\n`)
  return 0
}

async function tryAll(
  { io, json }: Invocation,
  checked: CheckedFile,
  added: readonly string[],
): Promise<Readonly<Record<string, TriedServer>>> {
  const tried: Record<string, TriedServer> = {}
  for (const key of added) {
    const found = await tryOne(checked, key)
    tried[key] = found
    if (!json) io.out(triedText(io, key, found))
  }
  return tried
}

async function tryOne(checked: CheckedFile, key: string): Promise<TriedServer> {
  try {
    return await tryServer(checked.upstream(key), SILENT)
  } catch (thrown) {
    const { code, message, detail } = asRemitError(thrown)
    const why = detail === undefined ? '' : ` (${detail})`
    // The encrypted store is opened by the gateway alone.
    const more =
      code === 'credential_needed'
        ? `. What only the running gateway has, such as a secret of its store or a human's token, cannot be tried from here: set it, write with \`--unchecked\`, and run \`remit servers check ${key}\``
        : '. `--unchecked` writes it all the same'
    throw new RemitError(code, `\`${key}\` was tried: ${message}${why}; nothing was written${more}`)
  }
}

const MOST_OF_A_LINE = 100

function triedText(io: Io, key: string, { era, protocolVersion, tools }: TriedServer): string {
  const speaks = plainLine(`${era} (${protocolVersion})`)
  const lines = tools.map(({ name, description }) => {
    const [first = ''] = description.split('\n')
    return `  ${plainLine(name)}  ${paint(io, 'dim', plainLine(first.slice(0, MOST_OF_A_LINE)))}\n`
  })
  return `${key} ${paint(io, 'green', 'answers')}, ${speaks}, ${tools.length} tools\n${lines.join('')}`
}

/** A gateway that follows the file takes it by itself; asking it says whether it did. */
async function tellGateway(
  invocation: Invocation,
  added: readonly string[],
): Promise<ServersReloadAnswer | 'not running'> {
  const { io, json } = invocation
  try {
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.post<ServersReloadAnswer>('/servers/reload', {})
    if (!json) io.out(`gateway: ${takenText(io, answer)}`)
    await putOnRecord(
      invocation,
      client,
      added.filter((key) => answer.servers.includes(key)),
    )
    return answer
  } catch (thrown) {
    const error = asRemitError(thrown)
    if (error.code !== 'gateway_unreachable' && error.code !== 'credential_missing') {
      throw new RemitError(
        error.code,
        `the file is written, and the gateway did not take it: ${error.message}`,
      )
    }
    if (!json) io.out('gateway: none runs here; the next `remit start` takes it\n')
    return 'not running'
  }
}

/** It may have taken the file before it was asked. */
function takenText(io: Io, answer: ServersReloadAnswer): string {
  if (answer.status === 'held') return serversReloadText(io, answer)
  const lines = [paint(io, 'green', 'in force now'), ...needsRestartLines(io, answer.needsRestart)]
  return `${lines.join('\n')}\n`
}

/** So that its tools can be reviewed before an agent meets them. */
async function putOnRecord(
  { io, json, flags }: Invocation,
  client: AdminClient,
  taken: readonly string[],
): Promise<void> {
  if (flags['unchecked'] === true) return
  for (const server of taken) {
    const { servers } = await client.post<ServerChecksAnswer>('/servers/check', { server })
    const [check] = servers
    if (json || check === undefined) continue
    if (!check.ok) io.out(`${server} ${paint(io, 'red', plainLine(check.error))}\n`)
    else if (check.pending > 0) {
      io.out(paint(io, 'yellow', `${check.pending} tools are off: remit servers review ${server}\n`))
    }
  }
}
