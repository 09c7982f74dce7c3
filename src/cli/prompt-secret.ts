import { RemitError } from '../core/errors.ts'

const ENTER = /[\r\n]/
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const BACKSPACES = new Set(['\u007F', '\b'])

/**
 * One line from the terminal without showing it.
 * @throws RemitError `credential_missing` when there is no terminal or the reader gave up.
 */
export async function promptSecret(question: string, withoutTerminal: string): Promise<string> {
  const { stdin, stderr } = process
  if (!stdin.isTTY || !stderr.isTTY) throw new RemitError('credential_missing', withoutTerminal)
  stderr.write(question)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  let typed = ''
  try {
    for await (const chunk of stdin) {
      for (const letter of String(chunk)) {
        if (ENTER.test(letter)) return typed
        if (letter === CTRL_C || letter === CTRL_D)
          throw new RemitError('credential_missing', 'no code was given')
        typed = BACKSPACES.has(letter) ? typed.slice(0, -1) : typed + letter
      }
    }
    return typed
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}
