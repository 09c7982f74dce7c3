import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { RemitError } from '../core/errors.ts'
import { withServer, writtenServers } from '../server/edit-servers.ts'
import type { Draft } from '../server/import/draft.ts'
import { readDrafts } from '../server/import/read-drafts.ts'
import type { ServerFile } from '../server/server-file.ts'
import { applyEdit, serverFileOf } from './change-servers.ts'
import { type ExitCode, type Invocation, listFlag, textFlag, UsageError } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

/** The command that this is, for what is said about its flags. */
const PATH = 'servers import'

/** @throws UsageError, and as `applyEdit`. */
export async function importServers(invocation: Invocation): Promise<ExitCode> {
  const file = serverFileOf(invocation)
  const drafts = wanted(invocation, file)
  if (!invocation.json) for (const draft of drafts) invocation.io.out(draftText(invocation, draft))
  const bad = drafts.filter(({ problems }) => problems.length > 0)
  if (bad.length > 0 && invocation.flags['skip-bad'] !== true) throw refusal(bad)
  const good = drafts.filter((draft) => !bad.includes(draft))
  if (good.length === 0)
    throw new RemitError('config_invalid', 'there is nothing to import; nothing was written')
  const after = good.reduce((text, draft) => written(invocation, { name: file.name, text }, draft), file.text)
  return applyEdit(invocation, { file, after, added: good.map(({ key }) => key) })
}

function wanted(invocation: Invocation, file: ServerFile): readonly Draft[] {
  const [path = ''] = invocation.positionals
  const name = path === '-' ? 'standard input' : basename(path)
  const options = {
    allowUnpinned: invocation.flags['allow-unpinned'] === true,
    given: givenValues(invocation),
  }
  const found = readDrafts(name, readSource(invocation, path), options)
  const only = listFlag(invocation, 'only')
  const missing = only?.find((each) => !found.some(({ from }) => from === each))
  if (missing !== undefined) throw new UsageError(`\`${name}\` has no server \`${missing}\``, PATH)
  const known = writtenServers(file)
  return found
    .filter(({ from }) => only === undefined || only.includes(from))
    .map((draft) => {
      const problem = known.has(draft.key) ? [`\`${file.name}\` has a server \`${draft.key}\` already`] : []
      return { ...draft, problems: [...draft.problems, ...problem] }
    })
}

function written(
  invocation: Invocation,
  text: Parameters<typeof withServer>[0],
  { from, key, server, purpose }: Draft,
): string {
  return withServer(text, key, {
    ...server,
    trust: 'review',
    owner: textFlag(invocation, 'owner'),
    purpose: textFlag(invocation, 'purpose') ?? purpose ?? `imported as ${from}`,
  })
}

/** @throws RemitError `config_invalid` when it cannot be read. */
function readSource({ io }: Invocation, path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : resolve(io.cwd, path), 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new RemitError('config_invalid', `\`${path}\` cannot be read (${code})`, { cause })
  }
}

/** @throws UsageError. */
function givenValues(invocation: Invocation): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (listFlag(invocation, 'set') ?? []).map((text) => {
      const at = text.indexOf('=')
      if (at <= 0) throw new UsageError('`--set` must be `NAME=value`', PATH)
      return [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}

function draftText({ io }: Invocation, { from, key, secrets, notes, problems }: Draft): string {
  const state =
    problems.length === 0 ? paint(io, 'green', 'can be imported') : paint(io, 'red', 'cannot be imported')
  const named = from === key ? key : `${plainLine(from)} as ${key}`
  return [
    `${named} ${state}\n`,
    ...problems.map((problem) => `  ${paint(io, 'red', plainLine(problem))}\n`),
    ...secrets.map((name) => `  its secret is not taken over: remit secrets set ${name}\n`),
    ...notes.map((note) => `  ${plainLine(note)}\n`),
  ].join('')
}

function refusal(bad: readonly Draft[]): RemitError {
  const lines = bad.flatMap(({ from, problems }) => problems.map((problem) => `\`${from}\` ${problem}`))
  return new RemitError(
    'config_invalid',
    `${lines.join('\n')}\nnothing was written; --skip-bad imports the others, --only <name> what is named`,
  )
}
