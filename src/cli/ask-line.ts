import { createInterface } from 'node:readline/promises'

/** Somebody sits at a terminal and can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY
}

/** One line from the terminal, without the space around it; empty when the reader gave up. */
export async function askLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  const gone = new Promise<string>((resolve) => {
    lines.once('close', () => resolve(''))
  })
  try {
    return (await Promise.race([lines.question(question), gone])).trim()
  } finally {
    lines.close()
  }
}
