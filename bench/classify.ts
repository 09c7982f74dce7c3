/**
 * What classifying a call costs: file calls and commands in a real repository, beside the one `realpath` that no classifier
 * can save; with the decision of the default pack after it. Ratios are what counts; the machine is noisy.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClassifier } from '../src/classify/create-classifier.ts'
import type { ServerKey } from '../src/core/ids.ts'
import type { JsonObject } from '../src/core/json.ts'
import type { ToolCall } from '../src/core/tool-call.ts'
import { CommandDesk } from '../test/support/decide-command.ts'

const ROUNDS = 20_000
const workspace = mkdtempSync(join(realpathSync(tmpdir()), 'remit-classify-'))
mkdirSync(join(workspace, 'src/app/login'), { recursive: true })
writeFileSync(join(workspace, 'src/app/login/form.ts'), '')

execFileSync('git', ['init', '-q', workspace])
execFileSync('git', ['-C', workspace, 'remote', 'add', 'origin', 'git@github.com:acme/shop.git'])

const classifier = createClassifier({
  servers: new Map([['fs' as ServerKey, { catalogue: 'filesystem' }]]),
  agents: 'shipped',
  control: { folders: [join(workspace, '.remit')], files: [join(workspace, 'remit.yaml')], ports: [] },
})

function call(tool: string, input: JsonObject, server = 'fs'): ToolCall {
  return {
    door: 'mcp',
    kind: 'tool',
    server: server as ServerKey,
    tool,
    arguments: input,
    fileSystem: 'shared',
    correlation: { requestId: '1' },
  }
}

const CODE = 'export const add = (a: number, b: number): number => a + b\n'.repeat(36)
const shell = (command: string) => () =>
  classifier.classify(call('Bash', { command }, 'claude-code'), { workspace })
const path = join(workspace, 'src/app/login/form.ts')
const desk = await CommandDesk.open()
const SHORT = 'git status --short'
const USUAL = 'npm run build 2>&1 | tail -n 40'
const THREE = 'cd src && grep -rn "TODO" . | head -20 && git diff --stat'
const LONG =
  'set -e; for f in a.ts test/a.test.ts; do wc -l $f; done; npm run build 2>&1 | tee out.log | tail -n 40 && git add -A && git commit -m "fix: it"'
const read = call('read_text_file', { path })
const cases: Readonly<Record<string, () => unknown>> = {
  'realpath alone': () => realpathSync.native(path),
  'read an existing file': () => classifier.classify(call('read_text_file', { path }), { workspace }),
  'read a relative path': () =>
    classifier.classify(call('read_text_file', { path: 'src/app/login/form.ts' }), { workspace }),
  'write a new file': () =>
    classifier.classify(call('write_file', { path: `${path}x`, content: '' }), { workspace }),
  'write 2 KiB of code': () =>
    classifier.classify(call('write_file', { path: `${path}x`, content: CODE }), { workspace }),
  'read an existing file, decided': () => desk.decide('', 'laptop', classifier.classify(read, { workspace })),
  'short command': () => desk.classify(SHORT),
  'usual command': () => desk.classify(USUAL),
  'three commands': () => desk.classify(THREE),
  'long command': () => desk.classify(LONG),
  'usual command, decided': () => desk.decide(USUAL, 'laptop'),
  'git push, in a repository': shell('git push origin HEAD'),
  'gh pr merge, in a repository': shell('gh pr merge 12 --squash'),
  'unknown tool': () => classifier.classify(call('other', { target: path, depth: 3 }), { workspace }),
}

try {
  for (const [name, run] of Object.entries(cases)) {
    for (let at = 0; at < 2_000; at += 1) run()
    const micros: number[] = []
    for (let at = 0; at < ROUNDS; at += 1) {
      const from = process.hrtime.bigint()
      run()
      micros.push(Number(process.hrtime.bigint() - from) / 1_000)
    }
    micros.sort((a, b) => a - b)
    const at = (share: number) => (micros[Math.floor(ROUNDS * share)] ?? 0).toFixed(1)
    console.log(`${name.padEnd(32)} p50 ${at(0.5).padStart(7)} µs   p99 ${at(0.99).padStart(7)} µs`)
  }
} finally {
  desk.close()
  rmSync(workspace, { recursive: true })
}
