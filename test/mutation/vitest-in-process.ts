import { format } from 'node:util'

/**
 * As much of vitest as the tests of `src/core` and `src/policy` use, for `in-process-runner.ts`: it only collects
 * them. `expect` is vitest's own.
 */
export interface CollectedTest {
  readonly id: string
  readonly name: string
  readonly file: string
  readonly run: () => Promise<void>
}

type Body = () => unknown
interface Suite {
  readonly path: readonly string[]
  readonly before: readonly Body[]
}

// What vitest's `expect` looks for around it.
Object.assign(globalThis, { __vitest_worker__: { config: { expect: {} }, ctx: {} } })
const vitest = await import('vitest')
export const expect = vitest.expect

let file = ''
let suite: Suite & { readonly before: Body[] } = { path: [], before: [] }
let collected = new Map<string, CollectedTest>()

/** The tests that a file registers while `load` imports it. */
export async function collectFrom(
  path: string,
  load: () => Promise<unknown>,
): Promise<readonly CollectedTest[]> {
  file = path
  suite = { path: [], before: [] }
  collected = new Map()
  await load()
  return [...collected.values()]
}

export function test(name: string, body: Body): void {
  const { path, before } = suite
  const whole = [...path, name].join(' > ')
  let id = `${file}#${whole}`
  while (collected.has(id)) id += '+'
  const run = async (): Promise<void> => {
    for (const hook of before) await hook()
    await body()
  }
  collected.set(id, { id, name: whole, file, run })
}

test.each =
  (rows: readonly unknown[]) =>
  (name: string, body: (...row: never[]) => unknown): void => {
    for (const [index, row] of rows.entries()) {
      const values = (Array.isArray(row) ? row : [row]) as never[]
      test(format(name.replaceAll('%#', String(index)), ...values), () => body(...values))
    }
  }

export function describe(name: string, body: () => void): void {
  const outer = suite
  suite = { path: [...outer.path, name], before: [...outer.before] }
  body()
  suite = outer
}

export function beforeEach(hook: Body): void {
  suite.before.push(hook)
}

/** What a hook makes for several tests is made without the mutant, which would then pass for tested. */
export function beforeAll(): never {
  throw new Error('`beforeAll` hides mutants; make what a test needs in the test or in `beforeEach`')
}
