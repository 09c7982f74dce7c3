import { DRY_RUN, UNCHECKED } from './change-flags.ts'
import type { Command } from './command.ts'

export const serversAdd: Command = {
  path: 'servers add',
  summary: 'add a server to remit.yaml; a running gateway takes it over',
  positionals: [
    { name: 'key', summary: 'what its tools are listed under: `key__tool`' },
    { name: 'command', summary: 'program to run and its arguments, behind `--`', optional: true, rest: true },
  ],
  flags: [
    { name: 'url', takes: 'url', summary: 'endpoint of a server that speaks MCP over HTTP' },
    { name: 'owner', takes: 'who', summary: 'who answers for it', required: true },
    { name: 'purpose', takes: 'text', summary: 'what it is for', required: true },
    {
      name: 'env',
      takes: 'NAME=value',
      many: true,
      summary: 'its environment; NAME=secret:name for a secret',
    },
    {
      name: 'header',
      takes: 'Name: value',
      many: true,
      summary: 'sent with every request; `secret:name` too',
    },
    {
      name: 'era',
      takes: 'era',
      choices: ['auto', 'legacy', 'modern'],
      summary: 'revision of MCP it speaks',
    },
    {
      name: 'session',
      takes: 'how',
      choices: ['task', 'human', 'shared'],
      summary: 'whose its sessions are',
    },
    {
      name: 'trust',
      takes: 'what',
      choices: ['review', 'first-use', 'updates'],
      summary: 'which tools count unseen; default review, that is none',
    },
    UNCHECKED,
    DRY_RUN,
  ],
  notes:
    'Comments and the way of the file stay. The server is reached first and its tools are\nshown; what does not answer is not written. Its tools are off until `remit servers review`\nswitches them on, unless --trust says otherwise.',
  run: async (invocation) => (await import('./add-server.ts')).addServer(invocation),
}
