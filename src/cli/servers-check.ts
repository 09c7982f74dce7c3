import type { ServerCheck, ServerChecksAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command, Io } from './command.ts'
import { nextTryText } from './format-servers.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

export const serversCheck: Command = {
  path: 'servers check',
  summary: 'reach every server, put its tools on record, and say what is to be said against it',
  positionals: [],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.post<ServerChecksAnswer>('/servers/check', {})
    const { io, json } = invocation
    if (json) io.out(`${JSON.stringify(answer)}\n`)
    else for (const check of answer.servers) io.out(checkText(io, check))
    return answer.servers.every(({ ok }) => ok) ? 0 : 1
  },
}

function checkText(io: Io, check: ServerCheck): string {
  const notes = check.notes.map((note) => `  ${plainLine(note)}\n`).join('')
  if (!check.ok) {
    const next = check.nextTry === undefined ? '' : `  ${nextTryText(check.nextTry)}\n`
    return `${check.key} ${paint(io, 'red', plainLine(check.error))}\n${next}${notes}`
  }
  const { pending, refused, key } = check
  const review =
    pending > 0 ? `  ${paint(io, 'yellow', `${pending} to review: remit servers review ${key}`)}\n` : ''
  const off = refused > 0 ? `, ${refused} refused` : ''
  const speaks = plainLine(`${check.era} (${check.protocolVersion})`)
  return `${key} ${paint(io, 'green', 'ok')}, ${speaks}, ${check.tools} tools${off}, ${check.millis} ms\n${review}${notes}`
}
