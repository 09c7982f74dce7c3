import type { Writable } from 'node:stream'
import { asRemitError } from '../../core/errors.ts'
import { composeEvaluation, type EvaluationOptions } from './compose-evaluation.ts'
import { Evaluator } from './evaluator.ts'
import { Histogram } from './histogram.ts'
import { type InputLine, parseInputLine } from './input-line.ts'
import { errorLine, type OutputLine } from './output-line.ts'
import { type RawLine, readLines } from './read-lines.ts'

export interface StreamOptions extends EvaluationOptions {
  readonly input: AsyncIterable<Uint8Array | string>
  readonly output: Writable
  /** Lines are bare commands of one session, not JSON. */
  readonly shell: boolean
}

/** What a stream came to. */
export interface EvaluationSummary {
  readonly lines: number
  readonly effects: { readonly allow: number; readonly consent: number; readonly deny: number }
  /** Lines that could not be read. */
  readonly errors: number
  /** Of classifying and deciding one call. */
  readonly micros: { readonly p50: number; readonly p99: number }
}

const SHELL_SESSION = 'shell'

/**
 * Answers a recorded stream line by line; what lines came together is answered together.
 * @throws RemitError `config_invalid`, `policy_invalid`, `policy_engine_failed` before the first line is read.
 */
export async function runEvaluation(options: StreamOptions): Promise<EvaluationSummary> {
  const evaluator = new Evaluator(await composeEvaluation(options))
  const parse = options.shell ? parseCommand : ({ text }: { readonly text: string }) => parseInputLine(text)
  if (options.shell) {
    const task = { agent: 'claude-code', environment: 'laptop' } as const
    await evaluator.take({ kind: 'open', line: { open: SHELL_SESSION, task } }, 0)
  }
  const tally = new Tally()
  for await (const group of readLines(options.input)) {
    let text = ''
    for (const raw of group) {
      const answer = await answerTo(evaluator, raw, parse)
      tally.add(answer)
      if (answer !== undefined) text += `${JSON.stringify(answer)}\n`
    }
    await write(options.output, text)
  }
  return tally.summary()
}

async function answerTo(
  evaluator: Evaluator,
  raw: RawLine,
  parse: (line: Extract<RawLine, { text: string }>) => InputLine,
): Promise<OutputLine | undefined> {
  try {
    if ('error' in raw) throw raw.error
    return await evaluator.take(parse(raw), raw.text.length)
  } catch (thrown) {
    return errorLine(raw.number, asRemitError(thrown))
  }
}

/** A command as the `Bash` call of Claude Code; its id is the number of its line. */
function parseCommand({ number, text }: Extract<RawLine, { text: string }>): InputLine {
  const call = { door: 'hook', server: 'claude-code', tool: 'Bash', arguments: { command: text } } as const
  return { kind: 'call', line: { session: SHELL_SESSION, id: String(number), call } }
}

async function write(output: Writable, text: string): Promise<void> {
  if (text === '' || output.write(text)) return
  await new Promise<void>((resolve) => {
    output.once('drain', resolve)
  })
}

class Tally {
  readonly #effects = { allow: 0, consent: 0, deny: 0 }
  readonly #histogram = new Histogram()
  #lines = 0
  #errors = 0

  add(answer: OutputLine | undefined): void {
    this.#lines += 1
    if (answer === undefined) return
    if ('error' in answer) this.#errors += 1
    if (!('effect' in answer)) return
    this.#effects[answer.effect] += 1
    this.#histogram.add(answer.micros)
  }

  summary(): EvaluationSummary {
    const percentile = (share: number): number => this.#histogram.percentile(share)
    return {
      lines: this.#lines,
      effects: { ...this.#effects },
      errors: this.#errors,
      micros: { p50: percentile(0.5), p99: percentile(0.99) },
    }
  }
}
