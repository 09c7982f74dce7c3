import process from 'node:process'
import type { Io } from './command.ts'
import { runCommand } from './run-command.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second time means now.
    if (stop.signal.aborted) process.exit(1)
    stop.abort()
  })
}
// `remit … | head` closes the pipe early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

const { NO_COLOR: noColour, TERM: term } = process.env
const io: Io = {
  environ: process.env,
  cwd: process.cwd(),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  colour: process.stdout.isTTY && process.stderr.isTTY && (noColour ?? '') === '' && term !== 'dumb',
  stopped: stop.signal,
}

process.exitCode = await runCommand(process.argv.slice(2), io)
// A command that is done ends, whatever was left open; what is being written gets its time.
setTimeout(() => process.exit(), 5_000).unref()
