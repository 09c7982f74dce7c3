import {
  checkServersBody,
  type ExplainAnswer,
  type HeadAnswer,
  type RecordsAnswer,
  recordsQuery,
  type ServerChecksAnswer,
  type ServersAnswer,
  type ServersReloadAnswer,
} from './contract.ts'
import type { RecordSearch } from '../gate/search-records.ts'
import { RemitError } from '../core/errors.ts'
import { actorOf, type Handler, parseBody, parseQuery } from './route.ts'

export const healthz: Handler = async () => ({ status: 200, text: 'ok\n', type: 'text/plain; charset=utf-8' })

export const readyz: Handler = async (ports) => {
  const answer = await ports.readiness()
  return { status: answer.ready ? 200 : 503, json: answer }
}

export const metrics: Handler = async (ports) => ({
  status: 200,
  text: await ports.metrics(),
  type: 'text/plain; version=0.0.4; charset=utf-8',
})

export const status: Handler = async (ports) => ({ status: 200, json: await ports.status() })

export const servers: Handler = async (ports) => ({
  status: 200,
  json: { servers: ports.servers() } satisfies ServersAnswer,
})

export const checkServers: Handler = async (ports, request) => {
  const { server } = parseBody(checkServersBody, request.body)
  return { status: 200, json: { servers: await ports.checkServers(server) } satisfies ServerChecksAnswer }
}

export const reloadServers: Handler = async ({ serverControl }, request) => ({
  status: 200,
  json: (await serverControl.reload(actorOf(request))) satisfies ServersReloadAnswer,
})

export const records: Handler = async ({ administration }, request) => {
  const { limit, after, ...asked } = parseQuery(recordsQuery, request.query)
  const given = Object.entries(asked).filter(([, value]) => value !== undefined)
  const { who, tool, effect, policy, from, until, ...indexed } = Object.fromEntries(given) as Omit<
    RecordSearch,
    'limit'
  >
  const more = [who, tool, effect, policy, from, until]
  if (more.every((value) => value === undefined)) {
    const query = { ...indexed, limit, ...(after === undefined ? {} : { after }) }
    const found = await administration.queryRecords(actorOf(request), query)
    return { status: 200, json: { records: found } satisfies RecordsAnswer }
  }
  if (after !== undefined)
    throw new RemitError('input_invalid', '`after` goes with `task`, `kind` and `id` alone; use `before`')
  const search = { ...(Object.fromEntries(given) as Omit<RecordSearch, 'limit'>), limit }
  const found = await administration.searchRecords(actorOf(request), search)
  return { status: 200, json: found satisfies RecordsAnswer }
}

export const explain: Handler = async (ports, request) => ({
  status: 200,
  json: (await ports.explain(actorOf(request), request.params['id'] ?? '')) satisfies ExplainAnswer,
})

export const head: Handler = async ({ administration }, request) => ({
  status: 200,
  json: (await administration.head(actorOf(request))) satisfies HeadAnswer,
})
