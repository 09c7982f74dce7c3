import { RemitError } from '../core/errors.ts'
import { promptSecret } from './prompt-secret.ts'

const MOST = 65_536

/**
 * A value from a hidden prompt, or from the standard input when it is no terminal; never from an argument, which others on
 * this machine could read and the shell remembers. One line feed at its end is no part of it.
 */
export async function readSecretValue(name: string): Promise<string> {
  if (process.stdin.isTTY) return promptSecret(`value of ${name}: `, 'a value is needed')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    size += (chunk as Buffer).length
    if (size > MOST) throw new RemitError('input_invalid', `a secret cannot be larger than ${MOST} bytes`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}
