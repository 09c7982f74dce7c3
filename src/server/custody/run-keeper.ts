import { spawn } from 'node:child_process'

const LONGEST = 30_000
const MOST = 65_536

/**
 * Runs a program that keeps keys. What is secret goes in by its standard input, never as an argument, which others could read.
 * @returns the first line that it printed.
 * @throws Error with what it complained about, or that it is not there.
 */
export function runKeeper([program = '', ...args]: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: LONGEST })
    let said = ''
    let complaint = ''
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString()
      if (said.length > MOST) child.kill()
    })
    child.stderr.on('data', (data: Buffer) => (complaint = (complaint + data.toString()).slice(0, 300)))
    child.on('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(error.code === 'ENOENT' ? `\`${program}\` is not installed` : error.message))
    })
    child.on('close', (code, signal) => {
      const line = said.split(/\r?\n/)[0] ?? ''
      if (code === 0) resolve(line.trim())
      else
        reject(new Error(`\`${program}\` ended with ${code ?? signal}: ${complaint.trim() || 'no word why'}`))
    })
    // It may end without reading.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
