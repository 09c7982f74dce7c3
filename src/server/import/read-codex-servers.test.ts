import { expect, test } from 'vitest'
import { readDrafts } from './read-drafts.ts'

const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'

const read = (text: string, name = 'config.toml') =>
  readDrafts(name, text, { given: {}, allowUnpinned: false })

test('R-MCP-3: servers of Codex are read from its config.toml; what it names of the environment becomes secrets', () => {
  const text = `# mine
model = "gpt"
approval_policy = "on-request"

[mcp_servers.docs]
command = "npx"
args = ["-y", "docs-server@1.2.0"]
env_vars = ["DOCS_TOKEN"]
startup_timeout_sec = 20
[mcp_servers.docs.env]
"CI" = "1"
GITHUB_TOKEN = "${TOKEN}"

[mcp_servers."Figma Remote"]
url = "https://mcp.figma.example/mcp"
bearer_token_env_var = "FIGMA_TOKEN"
http_headers = { X-Region = "eu" }
env_http_headers = { "X-Key" = "FIGMA_KEY" }
enabled_tools = ["look"]
enabled = true
`
  const drafts = read(text)
  expect(drafts).toMatchObject([
    {
      from: 'docs',
      server: {
        command: 'npx',
        args: ['-y', 'docs-server@1.2.0'],
        env: { DOCS_TOKEN: 'secret:docs-token', CI: '1', GITHUB_TOKEN: 'secret:docs-github-token' },
      },
      secrets: ['docs-token', 'docs-github-token'],
      notes: [expect.stringContaining('`startup_timeout_sec` is left out')],
      problems: [],
    },
    {
      key: 'figma-remote',
      server: {
        url: 'https://mcp.figma.example/mcp',
        headers: {
          'X-Region': 'eu',
          'X-Key': 'secret:figma-key',
          Authorization: 'Bearer secret:figma-token',
        },
      },
      notes: [expect.stringContaining('`enabled_tools` is left out')],
      problems: [],
    },
  ])
  expect(JSON.stringify(drafts)).not.toContain(TOKEN)
  expect(read(text, 'standard input')).toEqual(drafts)
  const json = '// mine = 1\n{ "mcpServers": {} }'
  expect(read(json, 'standard input')).toEqual([])
})

test('R-MCP-3: what cannot be imported is told with its place, and nothing is left out in silence', () => {
  const drafts = read(`[mcp_servers.a]
command = "npx"
args = ["-y", "docs-server"]
  sandbox_magic = true

[ mcp_servers . "b" ]
url = "https://b.example/mcp"
bearer_token_env_var = "not a name"
enabled = false
http_headers = 7
`)
  expect(drafts.map(({ problems }) => problems)).toEqual([
    [
      'config.toml:4:3: `sandbox_magic` is not understood',
      expect.stringMatching(/^config\.toml:1:1: `docs-server` names no exact version/),
    ],
    [
      'config.toml:8:1: `bearer_token_env_var` must name variables of the environment',
      'config.toml:10:1: `http_headers` must be a table of texts',
      'config.toml:6:1: is switched off there',
    ],
  ])
})

test.each([
  ['[mcp_servers.a]\ncommand = "npx\n', 2, 15],
  ['[mcp_servers.a]\nurl = "x"\nurl = "y"\n', 3, 1],
  [`[mcp_servers.a]\nenv = { TOKEN = "${TOKEN}", = 1 }\n`, 2, undefined],
])(
  'R-MCP-3: what is no TOML is told with line and column, and shows nothing of the file: %j',
  (text, line, column) => {
    const thrown = (() => {
      try {
        return read(text)
      } catch (error) {
        return error as Error
      }
    })() as Error
    expect(thrown.message).toMatch(/^`config\.toml:\d+:\d+` is not valid TOML: .+/)
    expect(thrown.message).toContain(`:${String(line)}:${column === undefined ? '' : String(column)}`)
    expect(thrown.message).not.toContain(TOKEN)
  },
)
