import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { clineHubAbove } from './cline-hub.ts'

test.each([
  ['--cline-hub-daemon', true],
  ['--json', false],
])('R-AGT-1: a process that was started with %s is Cline’s background process: %s', (flag, is) => {
  const agent = spawn(process.execPath, ['-e', 'process.stdin.resume()', '--', flag], { stdio: 'pipe' })
  try {
    expect(clineHubAbove({}, agent.pid)).toBe(is)
  } finally {
    agent.kill()
  }
})
