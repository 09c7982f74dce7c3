/** One tools/call of 2026-07-28 as bytes on the wire, without a client's retries and checks. */
export interface RawAnswer {
  readonly status: number
  /** Text of the tool result, or the error's message. */
  readonly text: string
  readonly isError: boolean
}

export async function rawCall(
  url: string,
  token: string,
  call: { readonly name: string; readonly arguments: Record<string, unknown> },
  send: typeof fetch = fetch,
): Promise<RawAnswer> {
  const response = await send(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': call.name,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        ...call,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  })
  const text = await response.text()
  return { status: response.status, ...readAnswer(text) }
}

function readAnswer(text: string): { readonly text: string; readonly isError: boolean } {
  // A held call is answered as a stream of events; the answer is the last one.
  const last = text.includes('data:') ? (text.split(/^data: ?/m).at(-1) ?? '') : text
  const message = JSON.parse(last) as {
    readonly result?: { readonly content?: readonly { readonly text?: string }[]; readonly isError?: boolean }
    readonly error?: { readonly message: string }
  }
  if (message.error !== undefined) return { text: message.error.message, isError: true }
  return {
    text: (message.result?.content ?? []).map((part) => part.text ?? '').join('\n'),
    isError: message.result?.isError === true,
  }
}
