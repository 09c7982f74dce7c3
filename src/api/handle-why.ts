import { actorOf, type Handler, parseBody } from './route.ts'
import { type BlockReportAnswer, reportBlockBody, type WhyAnswer } from './why-contract.ts'

export const why: Handler = async (ports, request) => ({
  status: 200,
  json: (await ports.why.answer(actorOf(request), request.params['id'] ?? '')) satisfies WhyAnswer,
})

export const reportBlock: Handler = async (ports, request) => {
  const { text } = parseBody(reportBlockBody, request.body)
  const id = request.params['id'] ?? ''
  return {
    status: 201,
    json: (await ports.why.report(actorOf(request), { id, text })) satisfies BlockReportAnswer,
  }
}
