import { RemitError } from '../core/errors.ts'
import { type ExportAnswer, exportQuery } from './export-contract.ts'
import { actorOf, type Handler, parseQuery } from './route.ts'

export const exportRecords: Handler = async (ports, request) => {
  const query = parseQuery(exportQuery, request.query)
  const { kinds, from, until, format, after, before } = query
  const content = query.content === 'true'
  const filter = {
    ...(kinds === undefined ? {} : { kinds: new Set(kinds) }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  }
  if (query.offline === 'true') {
    await ports.administration.recordExport(actorOf(request), { format, content, filter })
    return { status: 200, json: { batches: [], head: '', records: 0 } satisfies ExportAnswer }
  }
  if (format === 'ledger') {
    throw new RemitError('request_invalid', 'the format `ledger` is read from the files, and never asked for')
  }
  const { version } = await ports.status()
  const page = { format, after, before, version, content, filter }
  const answer = await ports.administration.exportRecords(actorOf(request), page)
  return { status: 200, json: answer satisfies ExportAnswer }
}
