import type { SecureAnswer, SecureClient } from './client-certificates.ts'

export interface McpAnswer extends SecureAnswer {
  /** `200`, or the status with the gateway's code, as `401 certificate_missing`. */
  readonly told: string
}

/** One request of the revision without sessions. @param authorization with its scheme. */
export async function askModern(
  by: SecureClient,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<McpAnswer> {
  const params = {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  }
  const sent = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list', ...headers }
  return askMcp(by, url, { headers: sent, body: { jsonrpc: '2.0', id: 1, method: 'tools/list', params } })
}

/** @param of the body; undefined = GET. */
export async function askMcp(
  by: SecureClient,
  url: string,
  of: { readonly headers: Readonly<Record<string, string>>; readonly body?: object },
): Promise<McpAnswer> {
  const type = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const body = of.body === undefined ? undefined : JSON.stringify(of.body)
  const answer = await by.send(url, { ...type, ...of.headers }, body)
  const code = /"code":"([a-z_]+)"/.exec(answer.text)?.[1]
  return { ...answer, told: [String(answer.status), code].filter((part) => part !== undefined).join(' ') }
}
