/** What an agent needs of its user's home and environment; paths are relative to the home. */
export interface AgentHome {
  /** As tasks and hooks name it. */
  readonly kind: string
  /** Its settings: the box has copies, and what is changed there ends with it, since it would run outside the next time. */
  readonly settings: readonly string[]
  /** Its own login to its model: a copy, which goes back when the agent renewed it. JSON files. */
  readonly logins: readonly string[]
  /** What it remembers, and nothing runs: the same inside and outside. */
  readonly data: readonly string[]
  /** Variables for its model. */
  readonly env: readonly string[]
}

const HOMES: Readonly<Record<string, AgentHome>> = {
  claude: {
    kind: 'claude-code',
    settings: [
      '.claude.json',
      ...['settings.json', 'settings.local.json', 'CLAUDE.md', 'agents', 'commands', 'hooks', 'skills'].map(
        (name) => `.claude/${name}`,
      ),
    ],
    logins: ['.claude/.credentials.json'],
    data: ['.claude/projects', '.claude/todos'],
    env: [
      'ANTHROPIC_API_KEY',
      'ANTHROPIC_AUTH_TOKEN',
      'ANTHROPIC_BASE_URL',
      'ANTHROPIC_MODEL',
      'CLAUDE_CODE_OAUTH_TOKEN',
    ],
  },
  codex: {
    kind: 'codex',
    settings: ['config.toml', 'hooks.json', 'AGENTS.md', 'prompts', 'rules', 'skills'].map(
      (name) => `.codex/${name}`,
    ),
    logins: ['.codex/auth.json'],
    data: ['.codex/sessions'],
    env: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'CODEX_API_KEY'],
  },
  gemini: {
    kind: 'gemini-cli',
    settings: ['settings.json', 'GEMINI.md', 'commands', 'policies', 'trustedFolders.json'].map(
      (name) => `.gemini/${name}`,
    ),
    logins: ['.gemini/oauth_creds.json', '.gemini/google_accounts.json'],
    data: [],
    env: ['GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'GEMINI_MODEL'],
  },
  opencode: {
    kind: 'opencode',
    settings: ['.config/opencode'],
    logins: ['.local/share/opencode/auth.json'],
    data: ['.local/share/opencode/storage'],
    env: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'],
  },
  copilot: {
    kind: 'copilot-cli',
    settings: ['.copilot/mcp-config.json', '.copilot/hooks'],
    logins: ['.copilot/config.json'],
    data: [],
    env: ['COPILOT_PROVIDER_BASE_URL', 'COPILOT_PROVIDER_API_KEY', 'COPILOT_MODEL'],
  },
  cline: {
    kind: 'cline',
    settings: ['.cline/data/settings', '.cline/hooks'],
    logins: [],
    data: [],
    env: [],
  },
}

const NOTHING: Omit<AgentHome, 'kind'> = { settings: [], logins: [], data: [], env: [] }

/** By the name of its program; one that is not known has nothing of the home. */
export function agentHome(program: string): AgentHome {
  return Object.hasOwn(HOMES, program) && HOMES[program] !== undefined
    ? HOMES[program]
    : { kind: program, ...NOTHING }
}
