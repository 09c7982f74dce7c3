import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Found by its form. */
export const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'
/** Found by the name beside it. */
export const PASSWORD = 'correct-horse-battery'

const SERVER = '/opt/tools/server.js'

/** Files as the agents’ own programs and people write them, below the home; `@P` is the project. */
export const FILES: Readonly<Record<string, string>> = {
  '.claude.json': `{
  "numStartups": 41,
  "oauthAccount": { "emailAddress": "mona@example.com" },
  "mcpServers": {
    "forge": {
      "type": "stdio",
      "command": "node",
      "args": ["${SERVER}"],
      "env": { "GITHUB_TOKEN": "${TOKEN}" }
    }
  },
  "projects": {
    "@P": {
      "allowedTools": [],
      "mcpServers": {
        "Local Notes": { "type": "stdio", "command": "node", "args": ["notes.js"], "env": {} }
      },
      "hasTrustDialogAccepted": true
    }
  },
  "tipsHistory": { "new-user-warmup": 3 }
}
`,
  '.claude/settings.json': `{
  "$schema": "https://json.schemastore.org/claude-code-settings.json",
  "permissions": { "allow": ["Bash(npm test:*)"], "deny": ["Read(./.env)"] },
  "hooks": {
    "PreToolUse": [
      { "matcher": "Bash", "hooks": [{ "type": "command", "command": "~/bin/log-command" }] }
    ]
  },
  "statusLine": { "type": "command", "command": "~/bin/status" }
}
`,
  '.codex/config.toml': `# mine
model = "gpt-5.4" # the big one

[mcp_servers.docs]
command = "npx"
args = ["-y", "docs-server@1.2.0"]
startup_timeout_sec = 20
[mcp_servers.docs.env]
DOCS_PASSWORD = "${PASSWORD}"

# remote
[mcp_servers.figma]
url = "https://mcp.figma.example/mcp"
bearer_token_env_var = "FIGMA_TOKEN"

[projects."@P"]
trust_level = "trusted"
`,
  '.gemini/settings.json': `{
\t// which look
\t"ui": {"theme": "GitHub"},
\t"mcpServers": {
\t\t"search": {
\t\t\t"httpUrl": "https://search.example/mcp",
\t\t\t"headers": {"X-Api-Key": "${PASSWORD}-2"},
\t\t\t"trust": true
\t\t} // the fast one
\t}
}
`,
  '.copilot/mcp-config.json': `{
  "mcpServers": {
    "play": { "type": "local", "command": "npx", "args": ["@playwright/mcp@0.0.83"], "tools": ["*"] }
  }
}`,
  '.config/opencode/opencode.jsonc': `{
  "$schema": "https://opencode.ai/config.json",
  // servers
  "mcp": {
    "weather": {
      "type": "local",
      "command": ["bun", "x", "weather@2.0.1"],
      "environment": { "WEATHER_KEY": "{env:WEATHER_KEY}" },
      "enabled": true,
    },
    "jira": { "type": "remote", "url": "https://jira.example/mcp", "oauth": false },
  },
}
`,
  '.cline/data/settings/cline_mcp_settings.json': `{
  "mcpServers": {
    "memory": {
      "autoApprove": ["read_graph"],
      "disabled": false,
      "timeout": 60,
      "type": "stdio",
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-memory@2026.8.31"]
    }
  }
}`,
  '.cursor/mcp.json': `{"mcpServers":{"linear":{"url":"https://mcp.linear.example/mcp"}}}`,
  '.cursor/hooks.json': `{
  "version": 1,
  "hooks": { "afterFileEdit": [{ "command": "./format.sh" }] }
}
`,
  '.codeium/windsurf/mcp_config.json': `{
  "mcpServers": {
    "sentry": { "serverUrl": "https://mcp.sentry.example/mcp", "headers": { "Authorization": "Bearer ${TOKEN}9" } }
  }
}
`,
  '.config/devin/config.json': `{
  "theme": "dark",
  "mcpServers": { "wiki": { "url": "https://wiki.example/mcp", "transport": "http" } }
}
`,
  '.kiro/settings/mcp.json': `{
  "mcpServers": {
    "aws-docs": { "command": "uvx", "args": ["awslabs.aws-docs@1.1.0"], "disabled": false, "autoApprove": [] }
  }
}
`,
  '.config/Code/User/mcp.json': `{
\t"inputs": [{ "type": "promptString", "id": "unused" }],
\t"servers": {
\t\t"azure": { "type": "http", "url": "https://azure.example/mcp" }
\t}
}`,
  '@P/.mcp.json': `{
  "mcpServers": {
    "team": { "command": "node", "args": ["tools/team.js"], "env": { "TEAM_TOKEN": "\${TEAM_TOKEN:-}" } }
  }
}
`,
}

export interface AgentHome {
  readonly home: string
  readonly project: string
  readonly environ: Readonly<Record<string, string>>
  /** Every file below the home, by its path in it. */
  all(): Readonly<Record<string, string>>
}

/** @param as what becomes of each text on its way. */
export function makeAgentHome(as: (text: string) => string = (text) => text, files = FILES): AgentHome {
  const home = mkdtempSync(join(tmpdir(), 'remit-home-'))
  const project = join(home, 'project')
  mkdirSync(project)
  for (const [name, text] of Object.entries(files)) {
    const path = name.startsWith('@P') ? join(project, name.slice(3)) : join(home, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, as(text.replaceAll('@P', project)))
  }
  writeFileSync(join(home, 'remit.yaml'), '# the gateway\nservers: {}\n', { mode: 0o600 })
  return {
    home,
    project,
    environ: {
      HOME: home,
      PATH: '',
      FIGMA_TOKEN: 'figma-token-0001',
      WEATHER_KEY: 'weather-key-01',
      TEAM_TOKEN: 'team-token-0001',
    },
    all: () => allBelow(home),
  }
}

function allBelow(home: string): Readonly<Record<string, string>> {
  const names = readdirSync(home, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    names
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        return [path.slice(home.length + 1), readFileSync(path, 'utf8')]
      }),
  )
}
