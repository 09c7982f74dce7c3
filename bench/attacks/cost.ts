/**
 * CPU time of classifying one call that was made to take long, best of three: parsers, globs, wide expansions, patches,
 * SQL, secrets. No call may take more than 50 ms. Wall-clock time says little on a machine that does other things.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClassifier } from '../../src/classify/create-classifier.ts'
import { loadSqlParser } from '../../src/classify/sql/parser.ts'
import type { ServerKey } from '../../src/core/ids.ts'
import type { JsonObject } from '../../src/core/json.ts'

const GOAL = 50
const workspace = mkdtempSync(join(realpathSync(tmpdir()), 'remit-cost-'))
for (let at = 0; at < 40; at += 1) {
  mkdirSync(join(workspace, `wide/${at}/deep/er/still`), { recursive: true })
  for (let file = 0; file < 60; file += 1) writeFileSync(join(workspace, `wide/${at}/${file}.ts`), '')
}
mkdirSync(join(workspace, 'big'))
for (let file = 0; file < 10_000; file += 1) writeFileSync(join(workspace, `big/${file}.txt`), '')
let deep = workspace
for (let at = 0; at < 120; at += 1) deep = join(deep, 'd')
mkdirSync(deep, { recursive: true })

const classifier = createClassifier({
  servers: new Map([
    ['fs' as ServerKey, { catalogue: 'filesystem' }],
    ['pg' as ServerKey, { catalogue: 'postgres' }],
    ['web' as ServerKey, { catalogue: 'fetch' }],
  ]),
  control: { folders: [join(workspace, '.remit')], files: [], ports: [7410] },
  agents: 'shipped',
})

interface Hard {
  readonly server: string
  readonly tool: string
  readonly arguments: JsonObject
}
const shell = (command: string): Hard => ({ server: 'claude-code', tool: 'Bash', arguments: { command } })
const write = (content: string): Hard => ({
  server: 'fs',
  tool: 'write_file',
  arguments: { path: 'src/a.ts', content },
})
const sql = (text: string): Hard => ({ server: 'pg', tool: 'query', arguments: { sql: text } })
const unknown = (input: JsonObject): Hard => ({ server: 'other', tool: 'do_it', arguments: input })
const MEGA = 1_048_576
const mega = (text: string) => text.repeat(Math.ceil(MEGA / text.length)).slice(0, MEGA)
const fit = (text: string, size = 8_190) => text.repeat(Math.ceil(size / text.length)).slice(0, size)
const nest = (open: string, close: string, times: number) => open.repeat(times) + close.repeat(times)

const CASES: Readonly<Record<string, Hard>> = {
  'shell: one word of 1 MiB': shell(mega('a')),
  'shell: commands of 1 MiB': shell(mega('ls; ')),
  'shell: quotes of 1 MiB': shell(`echo "${mega('\\"')}"`),
  'shell: 8 KiB of commands': shell(fit('ls a; ')),
  'shell: 499 nodes of reads below': shell('grep -r x .; '.repeat(90)),
  'shell: nested substitutions': shell(`echo ${nest('$(', ')', 400)}`),
  'shell: nested substitutions in quotes': shell(`echo ${nest('"$(echo ', ')"', 200)}`),
  'shell: nested backquotes': shell(fit('`')),
  'shell: nested subshells': shell(nest('(', ')', 4_000)),
  'shell: nested arithmetic': shell(`echo ${nest('$((1+', '))', 200)}`),
  'shell: nested parameters': shell(`echo ${nest('${a:-', '}', 1_000)}`),
  'shell: nested functions': shell(`${'f() { '.repeat(100)}:${'; }'.repeat(100)}`),
  'shell: nested shells': shell(
    Array.from({ length: 8 }).reduce<string>((line) => `sh -c ${JSON.stringify(line)}`, 'ls'),
  ),
  'shell: 64 here-documents': shell(`${'cat <<E; '.repeat(64)}\n${'a\nE\n'.repeat(64)}`),
  'shell: 65 here-documents': shell(`${'cat <<E; '.repeat(65)}\n${'a\nE\n'.repeat(65)}`),
  'shell: wide braces': shell(`echo ${'{a,b}'.repeat(20)}`),
  'shell: long ranges': shell('cat {1..9999999}'),
  'shell: deep globs': shell(`cat ${'*/'.repeat(60)}*`),
  'shell: globs from the root': shell(`cat ${'/*'.repeat(60)}`),
  'shell: stars in a name': shell(`cat ${'*a'.repeat(200)}b`),
  'shell: globs on a big folder': shell('cat big/*; cat big/*.txt; cat big/1*; cat big/?'),
  'shell: many globs on a wide tree': shell('cat wide/*/*.ts; '.repeat(60)),
  'shell: reads below a big tree': shell('grep -r x . ; rg x; tar c .; cp -r wide x'),
  'shell: find with many roots': shell(`find ${'wide '.repeat(400)}-exec cat {} +`),
  'shell: many words': shell(fit('git push a ')),
  'shell: many paths': shell(`cat ${fit('wide/1/2.ts ', 5_000)}`),
  'shell: long sed script': shell(`sed '${'s/a/b/;'.repeat(57)}' x`),
  'shell: sed that backtracks': shell(`sed 's/${'[a'.repeat(190)}' x`),
  'shell: sed with addresses': shell(`sed '${'/a,'.repeat(130)}' x`),
  'shell: long awk program': shell(`awk '{${'print $1 > '.repeat(500)}}' x`),
  'shell: opaque with many names': shell(`frob ${fit('a/.env ', 8_000)}`),
  'shell: opaque with many URLs': shell(`frob ${fit('http://a.b/c ', 8_000)}`),
  'shell: code that names much': shell(
    `python3 - <<'E'\n${fit("os.system('cat .env'); open('/etc/x'); import socket\n", 7_900)}\nE`,
  ),
  'shell: code that nearly matches': shell(
    `python3 - <<'E'\n${fit('import from require use curl wget ', 7_900)}\nE`,
  ),
  'shell: assignments': shell(fit('A=b ')),
  'shell: options': shell(`ls ${fit('-a -l --all ', 8_000)}`),
  'shell: redirections': shell(`ls ${fit('>a ', 1_400)}`),
  'shell: control characters': shell(mega('\u0001')),
  'shell: a program with 1,000 words': {
    server: 'codex',
    tool: 'shell',
    arguments: { command: Array.from({ length: 1_000 }, () => 'wide/1/2.ts') },
  },
  'path: 4 KiB': { server: 'fs', tool: 'read_text_file', arguments: { path: fit('a/', 4_000) } },
  'path: 1 MiB': { server: 'fs', tool: 'read_text_file', arguments: { path: mega('../') } },
  'path: through 120 folders': {
    server: 'fs',
    tool: 'read_text_file',
    arguments: { path: `${'d/'.repeat(120)}x` },
  },
  'path: 200 of them': {
    server: 'fs',
    tool: 'read_multiple_files',
    arguments: { paths: Array.from({ length: 200 }, (_, at) => `wide/${at % 40}/deep/er/x${at}`) },
  },
  'path: 100,000 of them': {
    server: 'fs',
    tool: 'read_multiple_files',
    arguments: { paths: Array.from({ length: 100_000 }, (_, at) => `wide/${at}`) },
  },
  'url: 1 MiB': { server: 'web', tool: 'fetch', arguments: { url: `http://${mega('a.')}` } },
  'url: percent signs': { server: 'web', tool: 'fetch', arguments: { url: `http://a/${fit('%25', 8_000)}` } },
  'sql: 1 MiB of statements': sql(mega('select 1; ')),
  'sql: 16 KiB of statements': sql(fit('select 1; ', 16_380)),
  'sql: nested parentheses': sql(`select ${nest('(', ')', 199)}`),
  'sql: joins': sql(`select * from ${Array.from({ length: 1_500 }, (_, at) => `t${at}`).join(',')}`),
  'sql: a long list': sql(`select 1 where 1 in (${fit('1,', 16_000)}1)`),
  'patch: 1 MiB': {
    server: 'codex',
    tool: 'apply_patch',
    arguments: {
      input: `*** Begin Patch\n*** Update File: a\n${mega('+a\n-b\n').slice(0, 1_000_000)}*** End Patch`,
    },
  },
  'patch: 200 files': {
    server: 'codex',
    tool: 'apply_patch',
    arguments: {
      input: `*** Begin Patch\n${Array.from({ length: 200 }, (_, at) => `*** Update File: wide/1/${at}.ts\n+a\n`).join('')}*** End Patch`,
    },
  },
  'secrets: 1 MiB of text': write(mega('lorem ipsum dolor sit amet ')),
  'secrets: 256 KiB of text': write(fit('lorem ipsum dolor sit amet ', 262_000)),
  'secrets: 256 KiB of keywords': write(fit('api_key secret token password = "', 262_000)),
  'secrets: 256 KiB of letters': write(fit('aB3dE5gH7', 262_000)),
  'secrets: 256 KiB of base64': write(fit(Buffer.from('key = "x"').toString('base64'), 262_000)),
  'unknown: 100,000 strings': unknown({ items: Array.from({ length: 100_000 }, (_, at) => `a/${at}`) }),
  'unknown: 10,000 levels': unknown({
    deep: JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) as never,
  }),
  'unknown: commands': unknown({ command: fit('ls a; '), script: fit('$(', 8_000), query: mega('select ') }),
}

function cpuMillis(hard: Hard): number {
  const call = {
    door: 'hook',
    kind: 'tool',
    server: hard.server as ServerKey,
    tool: hard.tool,
    arguments: hard.arguments,
    fileSystem: 'shared',
    correlation: { requestId: '1' },
  } as const
  const from = process.cpuUsage()
  classifier.classify(call, { workspace })
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1_000
}

try {
  await loadSqlParser()
  let worst = 0
  for (const [name, hard] of Object.entries(CASES)) {
    const took = Math.min(...Array.from({ length: 3 }, () => cpuMillis(hard)))
    worst = Math.max(worst, took)
    console.log(`${name.padEnd(40)} ${took.toFixed(1).padStart(7)} ms${took > GOAL ? '   over' : ''}`)
  }
  console.log(`worst ${worst.toFixed(1)} ms; goal ${GOAL} ms`)
} finally {
  rmSync(workspace, { recursive: true })
}
