import { spawn, type ChildProcess } from 'node:child_process'

/** A command at a real terminal of its own (a pty, by `script` of util-linux), with somebody who types. */
export class TypedTerminal {
  readonly #child: ChildProcess
  readonly ended: Promise<number | null>
  /** All that the terminal showed, what was typed included. */
  shown = ''

  /** @param script where the program is; @param words the command: no word may hold a quote. */
  constructor(
    script: string,
    words: readonly string[],
    options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  ) {
    const command = words.map((word) => `'${word}'`).join(' ')
    this.#child = spawn(script, ['-qec', command, '/dev/null'], {
      ...options,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.shown += chunk.toString()))
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', resolve)
    })
  }

  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`)
  }
}
