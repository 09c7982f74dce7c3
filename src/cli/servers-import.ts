import { DRY_RUN, UNCHECKED } from './change-flags.ts'
import type { Command } from './command.ts'

export const serversImport: Command = {
  path: 'servers import',
  summary: 'add the servers of another program’s file, or of the official registry',
  positionals: [{ name: 'file', summary: 'the file, or `-` for standard input', offers: 'files' }],
  flags: [
    { name: 'owner', takes: 'who', summary: 'who answers for them', required: true },
    { name: 'purpose', takes: 'text', summary: 'what they are for; default what the file says' },
    { name: 'only', takes: 'name', many: true, summary: 'import this one, by its name there' },
    { name: 'set', takes: 'NAME=value', many: true, summary: 'value that a server.json leaves open' },
    { name: 'allow-unpinned', summary: 'also packages without an exact version' },
    { name: 'skip-bad', summary: 'import the others when some cannot be imported' },
    UNCHECKED,
    DRY_RUN,
  ],
  notes:
    'Reads `mcpServers` (Claude Code, Claude Desktop, Cursor), `servers` (VS Code), Codex’s\nconfig.toml and the server.json of the registry. Secrets are not taken over: `secret:name` stands in their\nplace, and names are told. Every server gets `trust: review`. Nothing is written unless all\nthat is to be imported can be.',
  run: async (invocation) => (await import('./import-servers.ts')).importServers(invocation),
}
