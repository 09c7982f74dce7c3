import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { localhostHostValidation, toNodeHandler } from '@modelcontextprotocol/node'
import { completable, createMcpHandler, McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import { z } from 'zod'

interface Ticket {
  readonly id: string
  readonly title: string
  readonly body: string
  readonly labels: readonly string[]
  state: 'open' | 'closed'
  readonly comments: string[]
}

type Tickets = Map<string, Ticket>

// `completable` marks the schema that it is given, so each use has its own.
const id = () => z.string().describe('Number of the ticket, such as `2`')

/** A ticket tracker as an MCP server over Streamable HTTP, both eras, in memory: the demo's remote upstream. */
export async function startTicketsServer(options: {
  port: number
}): Promise<{ url: string; close: () => Promise<void> }> {
  const tickets = seed()
  const handler = createMcpHandler(() => buildServer(tickets))
  const serve = toNodeHandler(handler)
  const hostIsLocal = localhostHostValidation()
  const http = createServer((request, response) => {
    if (!hostIsLocal(request, response)) return
    if (new URL(request.url ?? '/', 'http://localhost').pathname === '/mcp')
      void serve(request as Parameters<typeof serve>[0], response)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = http.address() as AddressInfo
  const close = async (): Promise<void> => {
    await handler.close()
    http.closeAllConnections()
    await new Promise((resolve) => {
      http.close(resolve)
    })
  }
  return { url: `http://127.0.0.1:${port}/mcp`, close }
}

function buildServer(tickets: Tickets): McpServer {
  const server = new McpServer(
    { name: 'tickets', title: 'Tickets', version: '1.0.0' },
    { instructions: 'The demo’s ticket tracker. List tickets, read them, comment on them, close them.' },
  )
  registerReading(server, tickets)
  registerWriting(server, tickets)
  registerResources(server, tickets)
  registerPrompts(server, tickets)
  return server
}

function registerReading(server: McpServer, tickets: Tickets): void {
  const annotations = { readOnlyHint: true, openWorldHint: false }
  server.registerTool(
    'list_tickets',
    {
      title: 'List tickets',
      description: 'Number, state and title of each ticket',
      inputSchema: { state: z.enum(['open', 'closed', 'all']).optional().describe('Default: open') },
      annotations,
    },
    ({ state = 'open' }) => {
      const shown = [...tickets.values()].filter((ticket) => state === 'all' || ticket.state === state)
      return text(shown.map((ticket) => `#${ticket.id} [${ticket.state}] ${ticket.title}`).join('\n'))
    },
  )
  server.registerTool(
    'get_ticket',
    {
      title: 'Read a ticket',
      description: 'A ticket with its comments',
      inputSchema: { id: id() },
      annotations,
    },
    ({ id }) => withTicket(tickets, id, render),
  )
}

function registerWriting(server: McpServer, tickets: Tickets): void {
  server.registerTool(
    'comment_on_ticket',
    {
      title: 'Comment on a ticket',
      description: 'Adds a comment that everybody with access to the tracker reads',
      inputSchema: { id: id(), comment: z.string().min(1).max(10_000) },
      annotations: {
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: false,
      },
    },
    ({ id, comment }) =>
      withTicket(tickets, id, (ticket) => {
        ticket.comments.push(comment)
        return `commented on #${id} (${ticket.comments.length} comments)`
      }),
  )
  server.registerTool(
    'close_ticket',
    {
      title: 'Close a ticket',
      description: 'Closes an open ticket, with a reason that is kept as its last comment',
      inputSchema: { id: id(), reason: z.string().min(1).max(1_000) },
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ id, reason }) =>
      withTicket(tickets, id, (ticket) => {
        if (ticket.state === 'closed') return `#${id} was closed already`
        ticket.state = 'closed'
        ticket.comments.push(`Closed: ${reason}`)
        return `closed #${id}`
      }),
  )
}

function registerResources(server: McpServer, tickets: Tickets): void {
  const template = new ResourceTemplate('ticket://{id}', {
    list: () => ({
      resources: [...tickets.values()].map((ticket) => ({
        uri: `ticket://${ticket.id}`,
        name: `#${ticket.id} ${ticket.title}`,
        mimeType: 'text/markdown',
      })),
    }),
    complete: { id: (start) => idsStartingWith(tickets, start) },
  })
  server.registerResource(
    'ticket',
    template,
    { title: 'Ticket', description: 'A ticket as Markdown', mimeType: 'text/markdown' },
    (uri, { id }) => {
      const ticket = tickets.get(String(id))
      if (ticket === undefined) throw new Error(`no ticket \`${String(id)}\``)
      return { contents: [{ uri: uri.href, mimeType: 'text/markdown', text: render(ticket) }] }
    },
  )
}

function registerPrompts(server: McpServer, tickets: Tickets): void {
  server.registerPrompt(
    'triage_ticket',
    {
      title: 'Triage a ticket',
      description: 'Asks for severity, owner and next step of one ticket',
      argsSchema: { id: completable(id(), (start) => idsStartingWith(tickets, start)) },
    },
    ({ id }) => {
      const ticket = tickets.get(id)
      const subject = ticket === undefined ? `ticket #${id}, which does not exist` : render(ticket)
      const ask = `Triage this ticket: name its severity, who should own it and the next step.\n\n${subject}`
      return { messages: [{ role: 'user', content: { type: 'text', text: ask } }] }
    },
  )
}

function withTicket(tickets: Tickets, id: string, act: (ticket: Ticket) => string): ReturnType<typeof text> {
  const ticket = tickets.get(id)
  if (ticket === undefined)
    return { ...text(`there is no ticket \`${id}\`; list the tickets first`), isError: true }
  return text(act(ticket))
}

function text(body: string): { content: { type: 'text'; text: string }[]; isError?: boolean } {
  return { content: [{ type: 'text', text: body }] }
}

function idsStartingWith(tickets: Tickets, start: string): string[] {
  return [...tickets.keys()].filter((id) => id.startsWith(start))
}

function render(ticket: Ticket): string {
  const comments = ticket.comments.map((comment) => `> ${comment}`).join('\n\n')
  return `# ${ticket.title}\n\n#${ticket.id}, ${ticket.state}, ${ticket.labels.join(', ')}\n\n${ticket.body}\n\n${comments}`.trimEnd()
}

function seed(): Tickets {
  const all: Ticket[] = [
    {
      id: '1',
      title: 'Rounding error in the invoice total',
      body: 'Three items at 0.10 add up to 0.30000000000000004. Expected 0.30.',
      labels: ['bug', 'billing'],
      state: 'open',
      comments: ['Seen by two customers this week.'],
    },
    {
      id: '2',
      title: 'Document how releases are made',
      body: 'New maintainers ask how `release.yml` is started. Write it down in docs/.',
      labels: ['docs'],
      state: 'open',
      comments: [],
    },
    {
      id: '12',
      title: 'Flaky test in the parser',
      body: 'Fails about once in fifty runs on CI.',
      labels: ['bug', 'ci'],
      state: 'closed',
      comments: ['Fixed by seeding the generator.'],
    },
  ]
  return new Map(all.map((ticket) => [ticket.id, ticket]))
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
  const server = await startTicketsServer({ port: Number(values.port) })
  console.log(server.url)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void server.close().then(() => process.exit(0))
    })
  }
}
