import { appendFileSync } from 'node:fs'
import { checkpointLogLine } from '../../audit/checkpoint-log.ts'
import type { Destination } from './destination.ts'

/** A file that checkpoints are appended to, in the form of the state folder's own. @param path absolute. */
export function fileCopy(path: string, now: () => number): Destination {
  return {
    name: `file ${path}`,
    deliver: (note) => {
      appendFileSync(path, checkpointLogLine(note, new Date(now()).toISOString()), { mode: 0o600 })
      return Promise.resolve()
    },
  }
}
