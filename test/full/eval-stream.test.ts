import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { ROOT } from '../support/running-gateway.ts'

const LINES = 100_000
const SESSIONS = 50

/** Opens, reads, writes that ask, secrets and results, as a recording has them. */
function lineAt(at: number): object {
  const session = `s${at % SESSIONS}`
  if (at < SESSIONS) return { open: session, task: { human: 'alice', agent: 'claude-code' } }
  const id = `c${at}`
  const call = (tool: string, args: object): object => ({
    session,
    id,
    call: { server: 'filesystem', tool, arguments: args },
  })
  switch (at % 4) {
    case 0:
      return call('read_text_file', { path: `src/f${at % 97}.ts` })
    case 1:
      return call('write_file', { path: `.github/workflows/f${at}.yml`, content: 'x'.repeat(500) })
    case 2:
      return call('read_text_file', { path: '.env' })
    default: {
      const before = at - 3
      if (before < SESSIONS) return call('read_text_file', { path: 'src/f.ts' })
      return { session: `s${before % SESSIONS}`, id: `c${before}`, result: 'hello '.repeat(50) }
    }
  }
}

test('R-API-3: 100,000 lines stream in memory that does not grow', async () => {
  // Garbage that waits to be collected is no growth: with this little room for objects, what is kept shows.
  const room = '--max-old-space-size=128'
  const child = spawn(process.execPath, [room, join(ROOT, 'src', 'cli', 'main.ts'), 'eval'], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let answers = 0
  child.stdout.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 0x0a) answers += 1
  })
  const resident: number[] = []
  for (let at = 0; at < LINES; at += 1) {
    if (!child.stdin.write(`${JSON.stringify(lineAt(at))}\n`)) await once(child.stdin, 'drain')
    if (at % (LINES / 10) === LINES / 10 - 1) resident.push(residentMegabytes(child.pid))
  }
  child.stdin.end()
  const [status] = await once(child, 'close')
  console.log(`resident MB, each 10,000 lines: ${resident.join(' ')}`)
  expect(status).toBe(0)
  expect(answers).toBe(LINES - SESSIONS)
  expect(Math.max(...resident)).toBeLessThan(400)
})

/** Of another process, where the system says (Linux); 0 elsewhere, and then only the count is asserted. */
function residentMegabytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8')
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
  } catch {
    return 0
  }
}
