import type { TaskAnswer } from '../api/contract.ts'
import { plainLine } from './plain-text.ts'

/** What a human should look at, in a line; nothing where there is nothing. */
export function flagText(flag: TaskAnswer['flag']): string {
  if (flag === undefined) return ''
  const { task, human, workflow, denied, hour } = flag
  const calls = denied === 1 ? '1 call was' : `${denied} calls were`
  return `! ${plainLine(`task ${task} of ${human} (${workflow}) asks people more than it may: ${calls} denied for it in the hour from ${new Date(hour).toISOString()}`)}\n`
}
