import { bashCompletion } from './completion-bash.ts'
import { fishCompletion } from './completion-fish.ts'
import { zshCompletion } from './completion-zsh.ts'
import type { Command } from './command.ts'
import { loadCommands } from './commands.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

export const completion: Command = {
  path: 'completion',
  summary: 'print a completion script for a shell',
  positionals: [{ name: 'shell', summary: 'bash, zsh or fish', choices: SHELLS }],
  flags: [],
  notes: `bash: remit completion bash > ~/.local/share/bash-completion/completions/remit
zsh:  remit completion zsh > "\${fpath[1]}/_remit"
fish: remit completion fish > ~/.config/fish/completions/remit.fish`,
  run: async ({ io, json, positionals }) => {
    const shell = positionals[0] as (typeof SHELLS)[number]
    const write = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }[shell]
    const script = write(await loadCommands())
    io.out(json ? `${JSON.stringify({ shell, script })}\n` : script)
    return 0
  },
}
