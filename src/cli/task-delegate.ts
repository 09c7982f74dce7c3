import type { DelegateBody, IssuedTaskAnswer } from '../api/contract.ts'
import { type Command, textFlag } from './command.ts'
import { configPlace } from './config-place.ts'
import { issuedText } from './format-task.ts'
import { wishFlags, wishOf } from './task-create.ts'

export const taskDelegate: Command = {
  path: 'task delegate',
  summary: 'make a child of the task whose token this is, for a sub-agent',
  positionals: [],
  flags: [
    { name: 'intent', takes: 'text', required: true, summary: 'what the child is for, in a sentence' },
    { name: 'url', takes: 'url', summary: 'MCP endpoint of the gateway (default: the one that runs here)' },
    { name: 'token-file', takes: 'file', offers: 'files', summary: 'file with the task’s token' },
    { name: 'key-file', takes: 'file', offers: 'files', summary: 'file of the key that holds the task' },
    ...wishFlags,
  ],
  notes: `Whatever is left out is the parent’s; nothing goes beyond it, and it ends with
it. The token comes from REMIT_TASK_TOKEN or a file, never from an argument.`,
  run: async (invocation) => {
    const { io } = invocation
    const body: DelegateBody = {
      intent: textFlag(invocation, 'intent') ?? '',
      ...wishOf(invocation, 'task delegate'),
    }
    const { delegateTask } = await import('../server/delegate-task.ts')
    const issued = await delegateTask<IssuedTaskAnswer>(
      {
        ...configPlace(invocation),
        url: textFlag(invocation, 'url'),
        tokenFile: textFlag(invocation, 'token-file'),
        keyFile: textFlag(invocation, 'key-file'),
      },
      { body, signal: io.stopped },
    )
    io.out(issuedText(invocation, issued))
    return 0
  },
}
