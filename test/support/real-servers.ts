import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './running-gateway.ts'

const bin = (name: string): string =>
  join(ROOT, 'node_modules', '@modelcontextprotocol', name, 'dist', 'index.js')

/** The `servers` section of a configuration with the real filesystem and memory servers over stdio. */
export function realServers(at: { readonly home: string; readonly workspace: string }): string {
  mkdirSync(join(at.home, 'memory'), { recursive: true })
  return `servers:
  filesystem:
    command: ${process.execPath}
    args: ["${bin('server-filesystem')}", "${at.workspace}"]
    session: shared
    fileSystem: shared
    root: ${at.workspace}
    catalogue: filesystem
  memory:
    command: ${process.execPath}
    args: ["${bin('server-memory')}"]
    cwd: ${at.home}/memory
    env: { MEMORY_FILE_PATH: "${at.home}/memory/graph.jsonl" }
    session: shared
    fileSystem: none
    catalogue: memory
`
}

/** A small project with the files that the default pack treats differently. */
export function fillWorkspace(workspace: string): void {
  const file = (path: string, text: string): void => {
    mkdirSync(join(workspace, path, '..'), { recursive: true })
    writeFileSync(join(workspace, path), text)
  }
  file('src/add.ts', 'export const add = (a: number, b: number): number => a + b\n')
  file('test/add.test.ts', "test('adds', () => expect(add(1, 2)).toBe(3))\n")
  file('docs/guide.md', '# Guide\n')
  file('.env', 'API_TOKEN=not-a-real-token\n')
  file('.github/workflows/release.yml', 'on: push\njobs: {}\n')
  execFileSync('git', ['init', '-q', workspace])
}
