import { NOTIFICATIONS, REQUESTS } from '../../src/mcp/message-table.ts'
import { SERVER_NOTIFICATIONS, SERVER_REQUESTS } from '../../src/mcp/server-message-table.ts'
import type { Era } from '../../src/mcp/upstream.ts'

const HEAD = `# Every message of MCP, and what Remit does with it

Made from \`src/mcp/message-table.ts\` and \`src/mcp/server-message-table.ts\`; a test keeps the two equal, and proves that
every method of the specifications has a row. What has none is refused (−32601; from a server: refused or dropped).

The columns are what a peer speaks. A column is the same at each door that speaks it: clients by HTTP and by
\`remit connect\`, servers by HTTP and stdio. \`src/mcp/DESIGN.md\` says how each is bridged to the other era.

- **terminate**: answered by the gateway itself, never forwarded.
- **decide**: asked of the gate, recorded, then forwarded under the server's own name, and settled.
  A \`tools/call\` of \`remit_authorize\` is the gateway's own, and asked by agents' runtimes: \`docs/hooks.md\`.
- **list**: gathered from all servers, filtered for the task.
- **subscribe**: decided, then bridged between subscriptions and \`subscriptions/listen\`.
- **follow**: of a call that was decided when it was made; bound to its task and endpoint.
- **relay**: handed on, screened, to whose request or subscription it belongs.
- **elicitation**, **sampling**, **roots**: decided as a call of that kind, then answered by configuration or the client.
`

/** The text of `docs/mcp.md`. */
export function messagePage(): string {
  const request = ([method, { does, eras }]: [string, { does: string; eras: readonly Era[] }]): string =>
    row(method, cell(does, eras, 'modern'), cell(does, eras, 'legacy'))
  const both = ([method, does]: [string, string]): string => row(method, does)
  return [
    HEAD,
    table('Requests of clients', ['2026-07-28', 'initialize era'], Object.entries(REQUESTS).map(request)),
    table(
      'Notifications of clients',
      ['2026-07-28', 'initialize era'],
      Object.entries(NOTIFICATIONS).map(request),
    ),
    table(
      'Requests of servers (initialize era by themselves, 2026-07-28 inside `input_required` and tasks)',
      ['either era'],
      Object.entries(SERVER_REQUESTS).map(both),
    ),
    table('Notifications of servers', ['either era'], Object.entries(SERVER_NOTIFICATIONS).map(both)),
  ].join('\n')
}

function table(title: string, columns: readonly string[], rows: readonly string[]): string {
  const heads = ['message', ...columns]
  return `## ${title}\n\n${line(heads)}\n${line(heads.map(() => '---'))}\n${rows.join('\n')}\n`
}

function cell(does: string, eras: readonly Era[], era: Era): string {
  return eras.includes(era) ? does : 'refuse'
}

function row(method: string, ...cells: readonly string[]): string {
  return line([`\`${method}\``, ...cells])
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
