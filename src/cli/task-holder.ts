import { certificateHolder } from '../core/holder.ts'
import { type Flag, type Invocation, textFlag, UsageError } from './command.ts'

/** By what the holder of a task is named. */
export const holderFlags: readonly Flag[] = [
  { name: 'dpop-jkt', takes: 'thumbprint', summary: 'the key that is to hold the task (RFC 7638)' },
  {
    name: 'cert-thumbprint',
    takes: 'thumbprint',
    summary: 'the client certificate that is to hold it (`x5t#S256`, RFC 8705)',
  },
]

/** As the gateway wants it said; undefined = nobody is named. @throws UsageError. */
export function holderOf(invocation: Invocation, command: string): string | undefined {
  const key = textFlag(invocation, 'dpop-jkt')
  const certificate = textFlag(invocation, 'cert-thumbprint')
  if (certificate === undefined) return key
  if (key !== undefined) {
    throw new UsageError('a task has one holder: `--dpop-jkt` or `--cert-thumbprint`', command)
  }
  return certificateHolder(certificate)
}
