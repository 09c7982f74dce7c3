import { parentPort as port, workerData } from 'node:worker_threads'
import { SecretScrubber } from '../../classify/secrets/secret-scrubber.ts'
import { asRemitError } from '../../core/errors.ts'
import { createScanner } from '../create-scanner.ts'
import { LARGE_WORK } from './do-large-job.ts'
import type { FromLargeThread, LargeThreadSettings, ToLargeThread } from './large-jobs.ts'

const scanner = createScanner((workerData as LargeThreadSettings).scanner)
/** What takes the gateway's own credentials out of results. */
let scrubber = new SecretScrubber()

/** One message in, one out. */
async function receive({ kind, job, learned, credentials }: ToLargeThread): Promise<void> {
  scanner.learn(learned)
  if (credentials !== undefined) {
    scrubber = new SecretScrubber()
    for (const [value, name] of credentials) scrubber.add(value, name)
  }
  try {
    const { done, moved } = await LARGE_WORK[kind](job as never, { scanner, scrubber })
    send({ done }, moved)
  } catch (thrown) {
    const { code, message, detail } = asRemitError(thrown)
    send({ error: { code, message, ...(detail === undefined ? {} : { detail }) } })
  }
}

function send(message: FromLargeThread, moved: readonly Uint8Array[] = []): void {
  port?.postMessage(
    message,
    moved.map(({ buffer }) => buffer as ArrayBuffer),
  )
}

port?.on('message', (message: ToLargeThread) => void receive(message))
