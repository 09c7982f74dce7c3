import { RemitError } from '../core/errors.ts'
import { PLAIN_PAGE_POLICY } from '../net/plain-page.ts'
import { comeBackPage, connectPage, failedPage } from './connect-page.ts'
import { connectFinishBody, connectStartBody, type ConnectStartAnswer, disconnectBody } from './contract.ts'
import { actorOf, type Handler, parseBody, type Reply } from './route.ts'

const PAGE = {
  type: 'text/html; charset=utf-8',
  headers: { 'content-security-policy': PLAIN_PAGE_POLICY },
}

export const showConnectPage: Handler = async (_ports, { params }) => ({
  status: 200,
  text: connectPage(params['server'] ?? ''),
  ...PAGE,
})

export const startConnect: Handler = async ({ connectControl }, request) => ({
  status: 200,
  json: (await connectControl.start(
    actorOf(request),
    request.params['server'] ?? '',
    parseBody(connectStartBody, request.body ?? {}).scope,
  )) satisfies ConnectStartAnswer,
})

/** Where issuers send browsers back to. */
export const comeBack: Handler = async ({ connectControl }, { query }): Promise<Reply> => {
  try {
    const { server, number } = await connectControl.comeBack(query)
    return { status: 200, text: comeBackPage(server, number), ...PAGE }
  } catch (thrown) {
    if (!(thrown instanceof RemitError)) throw thrown
    return { status: thrown.status, text: failedPage(thrown.message), ...PAGE }
  }
}

export const finishConnect: Handler = async ({ connectControl }, request) => {
  const { flow, number } = parseBody(connectFinishBody, request.body)
  await connectControl.finish(actorOf(request), flow, number)
  return { status: 200, json: {} }
}

export const disconnect: Handler = async ({ connectControl }, request) => {
  const { human } = parseBody(disconnectBody, request.body)
  await connectControl.disconnect(actorOf(request), request.params['server'] ?? '', human)
  return { status: 200, json: {} }
}
