import { DRY_RUN } from './change-flags.ts'
import type { Command } from './command.ts'

export const init: Command = {
  path: 'init',
  summary: 'put the coding agents of this machine behind the gateway: their MCP servers, and their hooks',
  positionals: [],
  flags: [
    { name: 'agent', takes: 'agent', many: true, summary: 'only this one (default: all that are found)' },
    { name: 'user', summary: 'write into the user’s settings, for every project (default)' },
    { name: 'project', summary: 'write into settings of this project, and move only its servers' },
    { name: 'owner', takes: 'who', summary: 'who answers for the servers (default: you)' },
    {
      name: 'trust',
      takes: 'how',
      choices: ['review', 'first-use'],
      summary: 'whether tools count before somebody looked at them (default: review)',
    },
    { name: 'allow-unpinned', summary: 'also servers of packages without an exact version' },
    { name: 'skip-bad', summary: 'leave servers where they are that cannot be moved' },
    {
      name: 'managed',
      summary: 'write the files of administrators, for everybody on this machine, which users cannot lift',
    },
    {
      name: 'out',
      takes: 'folder',
      offers: 'folders',
      summary: 'with --managed: write them below this folder',
    },
    {
      name: 'url',
      takes: 'url',
      summary: 'with --managed: MCP endpoint of the gateway (default: of this configuration)',
    },
    DRY_RUN,
    { name: 'yes', summary: 'do not ask' },
    { name: 'undo', summary: 'make what the last run changed as it was before' },
    {
      name: 'later',
      takes: 'what',
      choices: ['keep', 'discard'],
      summary: 'with --undo: what becomes of changes that others made since',
    },
  ],
  notes: `Shows what it would change and asks. Servers move into remit.yaml, and what is
secret in their \`env\` and \`headers\` into the encrypted store of the running
gateway, with the approver code (REMIT_APPROVER or a hidden prompt). Each agent
gets one server, \`remit connect\`, and hooks that call \`remit-hook\`. All of it is
done, or nothing. What was there before is kept in the state folder, sealed.
A second run changes nothing. docs/agents.md
With --managed (root, or --out) nothing moves: it locks what every user’s agents
do, in /etc and where else a vendor reads it, and takes --undo, too.`,
  run: async (invocation) => {
    if (invocation.flags['undo'] === true) return (await import('./undo-init.ts')).undoInit(invocation)
    if (invocation.flags['managed'] === true)
      return (await import('./run-managed-init.ts')).runManagedInit(invocation)
    return (await import('./run-init.ts')).runInit(invocation)
  },
}
