import { type Command, textFlag } from './command.ts'
import { configPlace } from './config-place.ts'

export const connect: Command = {
  path: 'connect',
  summary: 'let an agent that speaks MCP on stdio use the gateway',
  positionals: [],
  flags: [
    { name: 'url', takes: 'url', summary: 'MCP endpoint of the gateway (default: the one that runs here)' },
    { name: 'token-file', takes: 'file', offers: 'files', summary: 'file with the task’s token' },
    { name: 'key-file', takes: 'file', offers: 'files', summary: 'file of the key that holds the task' },
    {
      name: 'agent',
      takes: 'agent',
      summary: 'which agent starts it (docs/hooks.md): its hooks ask over this connection',
    },
    {
      name: 'login',
      summary: 'no token yet: show a code that you type in a browser, where you delegate a task',
    },
    {
      name: 'login-file',
      takes: 'file',
      offers: 'files',
      summary: 'keep the login there (0600) for the next time; `~/` is your home',
    },
  ],
  notes:
    'Speaks MCP on standard input and output, for an agent’s settings. The token\ncomes from REMIT_TASK_TOKEN or a file, never from an argument. It is bound to a\nkey, made at the first start and kept where only you can read it (--key-file or\nREMIT_TASK_KEY; default: in the state folder): nobody else can use it then. With\n--login the token comes from you: the code is on standard error. Kept in memory,\nthe task ends with this process; with --login-file it is kept outside of\nrepositories, one file an agent. Where an agent hides standard error, run it\nonce in a terminal. With --agent\nthe hooks of that agent (`remit-hook`) speak for the same task, without a token.',
  run: async (invocation) => {
    const { io } = invocation
    const { connectAgent } = await import('../server/connect-agent.ts')
    const loginFile = textFlag(invocation, 'login-file')
    const wanted = invocation.flags['login'] === true || loginFile !== undefined
    await connectAgent({
      ...(wanted ? { login: { file: loginFile } } : {}),
      ...configPlace(invocation),
      url: textFlag(invocation, 'url'),
      agent: textFlag(invocation, 'agent'),
      tokenFile: textFlag(invocation, 'token-file'),
      keyFile: textFlag(invocation, 'key-file'),
      input: process.stdin,
      output: process.stdout,
      writeLog: io.err,
      stopped: io.stopped,
    })
    return 0
  },
}
