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
  const { task, kind, id, after, before, limit } = parseQuery(recordsQuery, request.query)
  const found = await administration.queryRecords(actorOf(request), {
    limit,
    ...(task === undefined ? {} : { task }),
    ...(kind === undefined ? {} : { kind }),
    ...(id === undefined ? {} : { id }),
    ...(after === undefined ? {} : { after }),
    ...(before === undefined ? {} : { before }),
  })
  return { status: 200, json: { records: found } satisfies RecordsAnswer }
}

export const explain: Handler = async (ports, request) => ({
  status: 200,
  json: (await ports.explain(actorOf(request), request.params['id'] ?? '')) satisfies ExplainAnswer,
})

export const head: Handler = async ({ administration }, request) => ({
  status: 200,
  json: (await administration.head(actorOf(request))) satisfies HeadAnswer,
})
