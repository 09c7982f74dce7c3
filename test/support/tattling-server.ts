/** What one server says while it works on a call, and where: everything that could reach the wrong client. */
export interface Channels {
  /** The stream of the call itself. */
  readonly own: (message: object) => void
  /** Where it speaks unasked: to whoever it has a stream to. */
  readonly unasked: (message: object) => void
  /** Asks the client; resolves with its answer. Absent = this protocol version has no such thing. */
  readonly ask?: (method: string, params: object) => Promise<unknown>
}

export interface Rpc {
  readonly id?: number | string
  readonly method: string
  readonly params?: {
    readonly name?: string
    readonly uri?: string
    readonly arguments?: { readonly marker?: string }
    readonly _meta?: { readonly progressToken?: string | number }
    readonly inputResponses?: object
  }
}

/** How long a call takes, so that those of all principals overlap, in milliseconds. */
const WORK = 150

export const CAPABILITIES = {
  tools: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  prompts: { listChanged: true },
  logging: {},
}

/**
 * The result of a request. A `tools/call` of `echo` tells its argument in every way that MCP has: progress, logs, a
 * question, an updated resource, changed lists, and an error that names no call, which `murmur` leaves out.
 */
export async function tattle(rpc: Rpc, to: Channels): Promise<object> {
  const { method, params = {} } = rpc
  const marker = params.arguments?.marker ?? ''
  switch (method) {
    case 'tools/list':
      return { tools: ['echo', 'murmur', 'ask'].map((name) => ({ name, inputSchema: { type: 'object' } })) }
    case 'resources/list':
      return { resources: [] }
    case 'resources/read':
      return { contents: [{ uri: params.uri, text: params.uri }] }
    case 'tools/call':
      break
    default:
      return {}
  }
  if (params.name === 'ask') return ask(rpc, to)
  for (const speak of [to.own, to.unasked]) {
    speak(notification('notifications/message', { level: 'error', data: `works on ${marker}` }))
    speak(notification('notifications/tools/list_changed', { note: marker }))
  }
  const { progressToken } = params._meta ?? {}
  if (progressToken !== undefined) {
    to.own(
      notification('notifications/progress', { progressToken, progress: 1, message: `half of ${marker}` }),
    )
  }
  to.unasked(notification('notifications/resources/updated', { uri: `note://${marker}`, title: marker }))
  to.unasked({ jsonrpc: '2.0', id: 1, method: 'elicitation/create', params: question(marker) })
  await new Promise((resolve) => {
    setTimeout(resolve, WORK)
  })
  // After its own answer, while calls of others are open.
  if (params.name === 'echo') {
    setTimeout(() => {
      to.unasked({ jsonrpc: '2.0', id: null, error: { code: -32000, message: `no id, but ${marker}` } })
    }, 20)
  }
  return { content: [{ type: 'text', text: `echo of ${marker} by ${process.pid}` }] }
}

async function ask(rpc: Rpc, to: Channels): Promise<object> {
  const marker = rpc.params?.arguments?.marker ?? ''
  if (to.ask === undefined) return { content: [{ type: 'text', text: `nobody to ask for ${marker}` }] }
  const answer = await to.ask('elicitation/create', question(marker))
  return { content: [{ type: 'text', text: `${marker} was answered ${JSON.stringify(answer)}` }] }
}

function question(marker: string): object {
  const requestedSchema = { type: 'object', properties: { colour: { type: 'string' } } }
  return { mode: 'form', message: `which colour has ${marker}?`, requestedSchema }
}

function notification(method: string, params: object): object {
  return { jsonrpc: '2.0', method, params }
}
