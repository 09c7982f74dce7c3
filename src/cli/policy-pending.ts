import type { PendingAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command, Io } from './command.ts'
import { comparisonText } from './format-comparison.ts'
import { looseningLines } from './format-reload.ts'
import { directoryChangeLines, serverChangeLines } from './format-servers-reload.ts'
import { paint } from './paint.ts'
import { plainLine, plainText } from './plain-text.ts'

export const policyPending: Command = {
  path: 'policy pending',
  summary: 'show the change of policies that waits for a second person',
  positionals: [],
  flags: [],
  notes:
    'Where `loosening` is `second-person`, a change that may loosen waits, whole, until\nanother maintainer than the owner of the credential on disk accepts its hash.',
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.get<PendingAnswer>('/policy/pending')
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : pendingText(io, answer))
    return 0
  },
}

function pendingText(io: Io, { policies, observe, servers }: PendingAnswer): string {
  const texts = [policiesText(io, policies), observeText(io, observe), serversText(io, servers)].filter(
    (text) => text !== '',
  )
  return texts.length === 0 ? 'nothing waits\n' : texts.join('\n')
}

function policiesText(io: Io, policies: PendingAnswer['policies']): string {
  if (policies === undefined) return ''
  const { hash, inForce, loosens, comparison, text } = policies
  return [
    `${paint(io, 'bold', 'policies that wait')}\nhash      ${hash}\nin force  ${inForce}\n`,
    ...looseningLines(loosens).map((line) => `${paint(io, 'red', line)}\n`),
    comparisonText(io, comparison),
    text.before === '' ? '' : `${paint(io, 'bold', 'as it is')}\n${plainText(text.before)}\n`,
    text.after === '' ? '' : `${paint(io, 'bold', 'as it would be')}\n${plainText(text.after)}\n`,
    acceptText(hash),
  ].join('')
}

function observeText(io: Io, observe: PendingAnswer['observe']): string {
  if (observe === undefined) return ''
  const list = (rules: typeof observe.held): string =>
    rules.map((rule) => `  ${plainLine(JSON.stringify(rule))}\n`).join('') || '  nothing\n'
  return [
    `${paint(io, 'bold', 'observe setting that waits')}\nhash      ${observe.hash}\n`,
    `only observed now\n${list(observe.inForce)}only observed then\n${list(observe.held)}`,
    acceptText(observe.hash),
  ].join('')
}

function serversText(io: Io, servers: PendingAnswer['servers']): string {
  if (servers === undefined) return ''
  return [
    `${paint(io, 'bold', 'servers, people, workflows or workloads that wait')}\nhash      ${servers.hash}\n`,
    ...[...serverChangeLines(servers), ...directoryChangeLines(servers.directory)].map(
      (line) => `  ${line}\n`,
    ),
    acceptText(servers.hash),
  ].join('')
}

function acceptText(hash: string): string {
  return `to agree to exactly this: remit policy accept ${hash}\n`
}
