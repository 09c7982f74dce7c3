import type { ViewAnswer, ViewsAnswer } from '../api/audit-contract.ts'
import type { SavedView } from '../core/audit-query/saved-view.ts'
import { RemitError } from '../core/errors.ts'
import { type AdminClient, openAdminClient } from './admin-client.ts'
import { type Command, textFlag } from './command.ts'
import { table } from './paint.ts'
import { plainLine } from './plain-text.ts'

const HUMAN = { name: 'human', takes: 'human', summary: 'whose view it is, when you are an admin' } as const

export const auditViewSave: Command = {
  path: 'audit view save',
  summary: 'keep a query under a name, for yourself or for everybody of the tenant',
  positionals: [
    { name: 'name', summary: 'up to 64 letters, digits, spaces and . _ -' },
    { name: 'query', summary: 'such as `decision = deny and at > -7d`; docs/audit.md' },
  ],
  flags: [{ name: 'shared', summary: 'everybody of the tenant may use it, each within their own reach' }],
  notes: 'In place of what you keep under that name. Needs your approver code.',
  run: async (invocation) => {
    const [name = '', query = ''] = invocation.positionals
    const client = await openAdminClient(invocation, 'decide')
    const shared = invocation.flags['shared'] === true
    const answer = await client.post<ViewAnswer>('/records/views', { name, query, shared })
    const { io, json } = invocation
    const how = `remit audit query --view ${JSON.stringify(plainLine(answer.view.name))}`
    io.out(json ? `${JSON.stringify(answer)}\n` : `saved${shared ? ' and shared' : ''}; ask it with ${how}\n`)
    return 0
  },
}

export const auditViewList: Command = {
  path: 'audit view list',
  summary: 'queries that you keep, and those that others share',
  positionals: [],
  flags: [],
  run: async (invocation) => {
    const { io, json } = invocation
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.get<ViewsAnswer>('/records/views')
    if (json) io.out(`${JSON.stringify(answer)}\n`)
    else if (answer.views.length === 0) io.out('no views; keep one with `remit audit view save`\n')
    else io.out(table([['HUMAN', 'NAME', 'SHARED', 'QUERY'], ...answer.views.map(row)]))
    return 0
  },
}

export const auditViewRemove: Command = {
  path: 'audit view remove',
  summary: 'remove a query that you keep',
  positionals: [{ name: 'name', summary: 'of the view' }],
  flags: [HUMAN],
  run: async (invocation) => {
    const [name = ''] = invocation.positionals
    const human = textFlag(invocation, 'human')
    const client = await openAdminClient(invocation, 'decide')
    const asked = { name, ...(human === undefined ? {} : { human }) }
    const answer = await client.post<ViewAnswer>('/records/views/remove', asked)
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : `removed ${plainLine(answer.view.name)}\n`)
    return 0
  },
}

/**
 * The query of a view: `name` is one’s own, or the only one that is shared under it; `human/name` is somebody’s.
 * @throws RemitError `not_found`, `input_invalid` where several people share one.
 */
export async function queryOfView(client: AdminClient, asked: string): Promise<string> {
  const { views, human } = await client.get<ViewsAnswer>('/records/views')
  const slash = asked.indexOf('/')
  const named = views.filter((view) =>
    slash < 0
      ? view.name === asked
      : view.name === asked.slice(slash + 1) && view.human === asked.slice(0, slash),
  )
  const own = named.find((view) => view.human === human)
  const [view, another] = own === undefined ? named : [own]
  if (view === undefined)
    throw new RemitError('not_found', `there is no view \`${asked}\`; see \`remit audit view list\``)
  if (another !== undefined)
    throw new RemitError(
      'input_invalid',
      `several people share a view \`${asked}\`; say whose, as \`${view.human}/${view.name}\``,
    )
  return view.query
}

function row({ human, name, shared, query }: SavedView): readonly string[] {
  return [human, name, shared ? 'yes' : '', query].map(plainLine)
}
