import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../support/running-gateway.ts'
import { stdioUpstream, startTestDoor, type TestDoor } from '../support/test-door.ts'

const INSPECTOR = join(ROOT, 'node_modules', '.bin', 'mcp-inspector')
const FILESYSTEM = join(ROOT, 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js')

let door: TestDoor
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'remit-inspector-'))
  writeFileSync(join(folder, 'note.txt'), 'read through the gateway')
  door = await startTestDoor({ upstreams: [stdioUpstream('filesystem', [FILESYSTEM, folder])] })
})

afterAll(async () => {
  await door.close()
  rmSync(folder, { recursive: true, force: true })
})

async function inspect(era: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(INSPECTOR, [
    '--cli',
    `${door.url}/mcp`,
    '--transport',
    'http',
    '--protocol-era',
    era,
    '--header',
    'Authorization: Bearer task-a',
    ...args,
  ])
  return stdout
}

describe.each(['modern', 'legacy'])('the Inspector, %s', (era) => {
  test('R-MCP-1: lists the tools of a real stdio server and calls one', async () => {
    const listed = await inspect(era, '--method', 'tools/list')
    expect(listed).toContain('filesystem__read_text_file')
    const called = await inspect(
      era,
      '--method',
      'tools/call',
      '--tool-name',
      'filesystem__read_text_file',
      '--tool-arg',
      `path=${join(folder, 'note.txt')}`,
    )
    expect(called).toContain('read through the gateway')
  }, 240_000)
})
