import { RemitError } from '../core/errors.ts'

const ENTER = /[\r\n]/
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const BACKSPACES = new Set(['\u007F', '\b'])

/**
 * One line from the terminal without showing it; the next question may follow.
 * @throws RemitError `credential_missing` when there is no terminal or the reader gave up.
 */
export async function promptSecret(question: string, withoutTerminal: string): Promise<string> {
  const { stdin, stderr } = process
  if (!stdin.isTTY || !stderr.isTTY) throw new RemitError('credential_missing', withoutTerminal)
  // Before it asks: what is typed at once is not shown either.
  stdin.setRawMode(true)
  stderr.write(question)
  stdin.setEncoding('utf8')
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let typed = ''
  const hear = (chunk: string): void => {
    for (const letter of chunk) {
      if (ENTER.test(letter)) resolve(typed)
      else if (letter === CTRL_C || letter === CTRL_D) {
        reject(new RemitError('credential_missing', 'nothing was given'))
      } else typed = BACKSPACES.has(letter) ? typed.slice(0, -1) : typed + letter
    }
  }
  const end = (): void => resolve(typed)
  stdin.on('data', hear).once('end', end)
  // Whoever asked before may have paused it.
  stdin.resume()
  try {
    return await promise
  } finally {
    stdin.off('data', hear).off('end', end)
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}
