import { type Command, textFlag } from './command.ts'

export const connect: Command = {
  path: 'connect',
  summary: 'let an agent that speaks MCP on stdio use the gateway',
  positionals: [],
  flags: [
    { name: 'url', takes: 'url', summary: 'MCP endpoint of the gateway (default: the one that runs here)' },
    { name: 'token-file', takes: 'file', offers: 'files', summary: 'file with the task’s token' },
  ],
  notes:
    'Speaks MCP on standard input and output, for an agent’s settings. The token\ncomes from REMIT_TASK_TOKEN or a file, never from an argument.',
  run: async (invocation) => {
    const { io } = invocation
    const { connectAgent } = await import('../server/connect-agent.ts')
    await connectAgent({
      environ: io.environ,
      cwd: io.cwd,
      file: textFlag(invocation, 'config'),
      url: textFlag(invocation, 'url'),
      tokenFile: textFlag(invocation, 'token-file'),
      input: process.stdin,
      output: process.stdout,
      writeLog: io.err,
    })
    return 0
  },
}
