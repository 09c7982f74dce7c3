import { type ExportAnswer, exportQuery } from './export-contract.ts'
import { actorOf, type Handler, parseQuery } from './route.ts'

export const exportRecords: Handler = async (ports, request) => {
  const { kinds, from, until, content, ...page } = parseQuery(exportQuery, request.query)
  const { version } = await ports.status()
  const answer = await ports.administration.exportRecords(actorOf(request), {
    ...page,
    version,
    content: content === 'true',
    filter: {
      ...(kinds === undefined ? {} : { kinds: new Set(kinds) }),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    },
  })
  return { status: 200, json: answer satisfies ExportAnswer }
}
