import { globSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import { collectFrom, type CollectedTest } from './vitest-in-process.ts'

/**
 * A test runner for Stryker that keeps the tests loaded: a mutant then costs what its tests cost, some milliseconds,
 * where a new vitest for each costs a second. https://stryker-mutator.io/docs/stryker-js/guides/create-a-plugin/
 */
interface MutantRun {
  readonly activeMutant: { readonly id: string; readonly fileName: string }
  readonly testFilter?: readonly string[]
  readonly hitLimit?: number
  readonly mutantActivation: 'static' | 'runtime'
}

/** What the instrumented code reads and writes. */
interface Instruments {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
  mutantCoverage?: { readonly static: object; readonly perTest: object }
}

const INCLUDED = ['src/core/**/*.test.ts', 'src/policy/**/*.test.ts']
const EXCLUDED = ['src/**/*.fuzz.test.ts']
/** Their tests load whole packs, and are asked only about what no quick test covers. */
const SLOW =
  /^src\/policy\/(?:compare-bundles|explain-decision|link-templates|load-policy-set|may-loosen|plain-cedar|policy-engine|print-policies)\.test\.ts#/
/** Modules that keep what they worked out, and so would keep what a mutant in them worked out. */
const REMEMBERING = /[/\\]src[/\\]core[/\\](?:actions|memoised|narrow|pattern)\.ts$/

class InProcessRunner {
  static readonly inject = [] as const
  readonly #files = INCLUDED.flatMap((pattern) => globSync(pattern, { exclude: EXCLUDED })).toSorted()
  readonly #millis = new Map<string, number>()
  readonly #instruments: Instruments = { mutantCoverage: { static: {}, perTest: {} } }
  /** Stryker's copy of the project, with instruments. */
  readonly #root = pathToFileURL(`${process.cwd()}/`).href
  #tests: readonly CollectedTest[] = []
  #generation = 0

  capabilities() {
    return { reloadEnvironment: true }
  }

  async init(): Promise<void> {
    Object.assign(globalThis, { __stryker__: this.#instruments })
    process.on('unhandledRejection', () => {})
    this.#redirectImports()
    this.#tests = await this.#load(this.#files)
  }

  async dryRun({ testFiles }: { readonly testFiles?: readonly string[] } = {}) {
    const asked = testFiles?.map((file) => relative(process.cwd(), file))
    this.#tests = this.#tests.filter(({ file }) => asked?.includes(file) ?? true)
    const tests = []
    for (const test of this.#tests) {
      this.#instruments.currentTestId = test.id
      const started = performance.now()
      const failureMessage = await failureOf(test)
      const timeSpentMs = performance.now() - started
      this.#instruments.currentTestId = undefined
      this.#millis.set(test.id, timeSpentMs)
      const { id, name, file } = test
      const fileName = resolve(file)
      const about = { id, name, fileName, timeSpentMs }
      tests.push(
        failureMessage === undefined ? { ...about, status: 0 } : { ...about, status: 1, failureMessage },
      )
    }
    return { status: 'complete', tests, mutantCoverage: this.#instruments.mutantCoverage }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }: MutantRun) {
    // A mutant may have let the wasm engine crash, which answers wrongly from then on: Stryker starts another process.
    if (!isSound()) process.exit(1)
    const { id, fileName } = activeMutant
    Object.assign(this.#instruments, { hitCount: hitLimit === undefined ? undefined : 0, hitLimit })
    try {
      const tests = await this.#testsFor(mutantActivation === 'static', id, { testFilter, fileName })
      this.#instruments.activeMutant = id
      return await this.#runUntilKilled(tests)
    } finally {
      this.#instruments.activeMutant = undefined
    }
  }

  /** A static mutant is active while its module is loaded, and any test may notice. */
  async #testsFor(
    isStatic: boolean,
    mutant: string,
    { testFilter, fileName }: { testFilter: readonly string[] | undefined; fileName: string },
  ): Promise<readonly CollectedTest[]> {
    if (isStatic) {
      this.#instruments.activeMutant = mutant
      return this.#load(this.#files)
    }
    const covering = testFilter ?? []
    const quick = covering.filter((id) => !SLOW.test(id))
    const wanted = new Set(quick.length > 0 ? quick : covering)
    const files = this.#files.filter((file) => [...wanted].some((id) => id.startsWith(`${file}#`)))
    const all = REMEMBERING.test(fileName) ? await this.#load(files) : this.#tests
    return all.filter((test) => wanted.has(test.id))
  }

  #redirectImports(): void {
    const vitest = new URL('./vitest-in-process.ts', import.meta.url).href
    const worker = new URL('test/mutation/policy-work-in-process.ts', this.#root).href
    registerHooks({
      resolve: (specifier, context, next) => {
        const ours = context.parentURL?.startsWith(this.#root) === true
        if (ours && specifier === 'vitest') return next(vitest, context)
        const found = next(ours && specifier.endsWith('/run-policy-worker.ts') ? worker : specifier, context)
        const instrumented = found.url.startsWith(this.#root) && !found.url.includes('/node_modules/')
        return instrumented ? { ...found, url: `${found.url}?${this.#generation}` } : found
      },
    })
  }

  /** Anew, with modules that no earlier load shares. */
  async #load(files: readonly string[]): Promise<readonly CollectedTest[]> {
    this.#generation++
    const tests: CollectedTest[] = []
    for (const file of files)
      tests.push(...(await collectFrom(file, () => import(new URL(file, this.#root).href))))
    return tests
  }

  async #runUntilKilled(tests: readonly CollectedTest[]) {
    const millis = (test: CollectedTest): number => this.#millis.get(test.id) ?? 0
    const quickestFirst = tests.toSorted((a, b) => millis(a) - millis(b))
    for (const [index, test] of quickestFirst.entries()) {
      const failureMessage = await failureOf(test)
      const { hitCount = 0, hitLimit = Number.POSITIVE_INFINITY } = this.#instruments
      if (hitCount > hitLimit)
        return { status: 'timeout', reason: 'the mutant ran far more often than the code' }
      if (failureMessage !== undefined) {
        return { status: 'killed', killedBy: [test.id], nrOfTests: index + 1, failureMessage }
      }
    }
    return { status: 'survived', nrOfTests: tests.length }
  }
}

function isSound(): boolean {
  try {
    return policyToJson('permit (principal, action, resource);').type === 'success'
  } catch {
    return false
  }
}

async function failureOf(test: CollectedTest): Promise<string | undefined> {
  try {
    await test.run()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner }]
