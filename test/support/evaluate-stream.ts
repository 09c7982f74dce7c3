import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import {
  type EvaluationSummary,
  runEvaluation,
  type StreamOptions,
} from '../../src/server/eval/run-evaluation.ts'
import { parsedBefore } from './shared-caches.ts'

const policyCache = parsedBefore().cacheDir ?? mkdtempSync(join(tmpdir(), 'remit-eval-cache-'))

/** One answer, as a reader of the output sees it. */
export type Answer = Readonly<Record<string, unknown>>

/** A stream as `remit eval` takes it, on embedded defaults. Text goes in as it is, objects as JSON. */
export async function evaluateStream(
  lines: Iterable<string | object>,
  options: Partial<StreamOptions> = {},
): Promise<{ readonly answers: readonly Answer[]; readonly summary: EvaluationSummary }> {
  let text = ''
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString('utf8')
      done()
    },
  })
  const summary = await runEvaluation({
    environ: {},
    cwd: mkdtempSync(join(tmpdir(), 'remit-eval-')),
    policyCache,
    trustNew: true,
    shell: false,
    input: chunksOf(lines),
    output,
    ...options,
  })
  const answers = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answer)
  return { answers, summary }
}

async function* chunksOf(lines: Iterable<string | object>): AsyncGenerator<string> {
  for (const line of lines) yield `${typeof line === 'string' ? line : JSON.stringify(line)}\n`
}

export function read(session: string, id: string, path: string): object {
  return { session, id, call: { server: 'filesystem', tool: 'read_text_file', arguments: { path } } }
}

export function write(session: string, id: string, path: string): object {
  return {
    session,
    id,
    call: { server: 'filesystem', tool: 'write_file', arguments: { path, content: 'x' } },
  }
}

/** What was decided, in order: `id effect`. */
export function effects(answers: readonly Answer[]): readonly string[] {
  return answers.flatMap(({ id, effect }) => (typeof effect === 'string' ? [`${String(id)} ${effect}`] : []))
}
