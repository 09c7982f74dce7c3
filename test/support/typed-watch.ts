import { PassThrough } from 'node:stream'
import { watchAtTerminal } from '../../src/cli/watch-terminal.ts'
import type { ExitCode } from '../../src/cli/command.ts'

/** `remit approvals watch` in this process, with somebody who reads what it says and types lines. */
export class TypedWatch {
  readonly #input = new PassThrough()
  readonly #ended: Promise<ExitCode>
  /** All that was said since the last line was typed. */
  said = ''

  constructor(options: { readonly adminUrl: string; readonly cwd: string; readonly code: string }) {
    const say = (text: string): void => {
      this.said += text
    }
    const io = {
      environ: { REMIT_APPROVER: options.code },
      cwd: options.cwd,
      out: say,
      err: say,
      colour: false,
      stopped: new AbortController().signal,
    }
    const flags = { 'admin-url': options.adminUrl }
    const output = new PassThrough().on('data', (chunk: Buffer) => say(chunk.toString()))
    const invocation = { flags, positionals: [], json: false, io }
    this.#ended = watchAtTerminal(invocation, () => {}, { input: this.#input, output })
  }

  type(line: string): void {
    this.said = ''
    this.#input.write(`${line}\n`)
  }

  /** What it ends with. */
  end(): Promise<ExitCode> {
    return this.#ended
  }
}
