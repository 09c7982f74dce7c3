import { Agent, createServer, request as send } from 'node:http'

/**
 * Adds the task token that the suite cannot send, and nothing else. A `Host` or `Origin` that names this proxy becomes the
 * gateway's own; any other goes through as it came, so that the gateway's check is what is tested.
 */
export function startCredentialProxy(
  target: string,
  token: string,
): Promise<{ readonly url: string; close(): void }> {
  const gateway = new URL(target)
  const agent = new Agent({ keepAlive: true })
  const server = createServer((request, response) => {
    const ownOrigin = [`http://127.0.0.1:${port()}`, `http://localhost:${port()}`].includes(
      request.headers.origin ?? '',
    )
    const own =
      request.headers.host === `127.0.0.1:${port()}` || request.headers.host === `localhost:${port()}`
    const onward = send(
      {
        agent,
        host: gateway.hostname,
        port: gateway.port,
        path: gateway.pathname,
        method: request.method,
        headers: {
          ...request.headers,
          ...(own ? { host: gateway.host } : {}),
          ...(ownOrigin ? { origin: gateway.origin } : {}),
          authorization: `Bearer ${token}`,
        },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  })
  const port = (): number => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${port()}/mcp`,
        close: () => {
          server.closeAllConnections()
          server.close()
          agent.destroy()
        },
      })
    })
  })
}
