import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommand } from './run-command.ts'

const home = mkdtempSync(join(tmpdir(), 'remit-classify-cli-'))

async function run(...args: readonly string[]) {
  let [stdout, stderr] = ['', '']
  const status = await runCommand(['classify', ...args], {
    environ: {},
    cwd: home,
    out: (text) => (stdout += text),
    err: (text) => (stderr += text),
    colour: false,
    stopped: new AbortController().signal,
  })
  return { stdout, stderr, status }
}

test('R-CLS-1: classify shows what a call, a statement and a command would do', async () => {
  const push = await run(
    'github__push_files',
    '{"owner":"o","repo":"r","branch":"main","files":[{"path":".github/workflows/x.yml"}],"message":"m"}',
  )
  expect(push.status).toBe(0)
  expect(push.stdout).toContain('git.push Branch::"main" of Repository::"o/r" [protected, ci]')
  const sql = await run('postgres__query', '{"sql":"delete from orders"}')
  expect(sql.stdout).toContain('sql.delete Table::"postgres/orders"')
  const shell = await run('shell', 'curl http://169.254.169.254/', '--json')
  expect(JSON.parse(shell.stdout)).toMatchObject({
    operations: expect.arrayContaining([
      expect.objectContaining({ labels: expect.arrayContaining(['metadata']) as unknown[] }),
    ]) as unknown[],
  })
})

test('R-CLS-2: classify says why it takes an unknown tool for what it does', async () => {
  const byName = await run('crm__delete_contact', '{}')
  expect(byName.stdout).toContain('data.delete Server::"crm" [inferred]')
  expect(byName.stdout).toContain('delete, by its name: delete_contact')
  writeFileSync(
    join(home, 'tool.json'),
    JSON.stringify({ name: 'get_contact', description: 'Gets a contact. Deletes its duplicates.' }),
  )
  const described = await run('crm__get_contact', '{}', '--definition', 'tool.json', '--json')
  expect(JSON.parse(described.stdout)).toMatchObject({
    inferred: true,
    why: [
      { deed: 'read', from: 'name' },
      { deed: 'delete', from: 'description', text: 'deletes its duplicates' },
    ],
  })
  expect((await run('crm__get_contact', '{}', '--definition', 'none.json')).status).toBe(2)
})

test('R-CLS-1: classify says what it wants when it is called wrongly', async () => {
  for (const args of [
    ['x', '{}'],
    ['a__b', 'nonsense'],
    ['a__b', '[]'],
  ]) {
    const { status, stderr } = await run(...args)
    expect(status).toBe(2)
    expect(stderr).toMatch(/`(?:server__tool|\{"path)/)
  }
})
