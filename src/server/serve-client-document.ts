import type { IncomingMessage, ServerResponse } from 'node:http'
import { CLIENT_DOCUMENT_PATH, clientDocument } from '../credentials/oauth/client-document.ts'

/** Answers the request for the gateway's own client metadata. @returns false = it is another request, or there are none. */
export function serveClientDocument(
  urls: Parameters<typeof clientDocument>[0],
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const document = clientDocument(urls)
  const text = JSON.stringify(document)
  return (request, response) => {
    if (document === undefined || request.method !== 'GET' || request.url !== CLIENT_DOCUMENT_PATH)
      return false
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
      'cache-control': 'public, max-age=3600',
      'x-content-type-options': 'nosniff',
    })
    response.end(text)
    return true
  }
}
