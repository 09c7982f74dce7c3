import { bashCompletion } from './completion-bash.ts'
import { fishCompletion } from './completion-fish.ts'
import { zshCompletion } from './completion-zsh.ts'
import type { Command, ExitCode, Invocation } from './command.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** Its run takes the table, since the table holds this command too. */
export const completion: Omit<Command, 'run'> & {
  runWith(commands: readonly Command[], invocation: Invocation): Promise<ExitCode>
} = {
  path: 'completion',
  summary: 'print a completion script for a shell',
  positionals: [{ name: 'shell', summary: 'bash, zsh or fish', choices: SHELLS }],
  flags: [],
  notes: `bash: remit completion bash > ~/.local/share/bash-completion/completions/remit
zsh:  remit completion zsh > "\${fpath[1]}/_remit"
fish: remit completion fish > ~/.config/fish/completions/remit.fish`,
  runWith: async (commands, { io, json, positionals }) => {
    const shell = positionals[0] as (typeof SHELLS)[number]
    const script = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }[shell](commands)
    io.out(json ? `${JSON.stringify({ shell, script })}\n` : script)
    return 0
  },
}
