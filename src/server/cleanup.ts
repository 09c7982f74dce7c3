import { asRemitError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'

/** What must be let go of, last opened first. One failure does not keep the others from being tried. */
export class Cleanup {
  readonly #log: Log
  readonly #steps: { readonly name: string; readonly run: () => void | Promise<void> }[] = []
  #running: Promise<void> | undefined

  constructor(log: Log) {
    this.#log = log
  }

  add(name: string, run: () => void | Promise<void>): void {
    this.#steps.push({ name, run })
  }

  run(): Promise<void> {
    this.#running ??= this.#runAll()
    return this.#running
  }

  async #runAll(): Promise<void> {
    for (const { name, run } of this.#steps.toReversed()) {
      try {
        await run()
      } catch (thrown) {
        const { code, message, detail } = asRemitError(thrown)
        this.#log.log('error', 'stop.failed', { step: name, code, message, detail })
      }
    }
  }
}
