import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/server/load-config.ts'
import { evaluateStream } from '../support/evaluate-stream.ts'

const cwd = mkdtempSync(join(realpathSync(tmpdir()), 'remit-labels-'))
mkdirSync(join(cwd, 'exports', 'eu'), { recursive: true })
writeFileSync(
  join(cwd, 'remit.yaml'),
  `labels:
  - label: customer-data
    paths: ['exports/**', 'Data/*.csv']
    tables: ['crm.*', visits]
    urls: ['https://api.test/v1/people/**']
  - label: production
    hosts: ['*.eu.corp.test']
    clusters: ['blue-*', shop]
    databases: ['*/ledger']
    servers: [vault-*]
  - label: protected
    branches: ['stable/**']
  - label: internal
    hosts: [wiki.test]
`,
)

async function operations(server: string, tool: string, input: object): Promise<readonly string[]> {
  const { answers } = await evaluateStream(
    [
      { open: 's', task: { human: 'ada', scope: {} } },
      { session: 's', tools: [{ server: 'other', name: 'get_page', description: 'Gets.', inputSchema: {} }] },
      { session: 's', id: 'c', call: { server, tool, arguments: input } },
    ],
    { cwd, workspace: cwd },
  )
  const found = answers.find(({ id }) => id === 'c')?.['operations']
  return (found as readonly { resource: string; labels: string[] }[]).map(
    ({ resource, labels }) => `${resource} ${labels.toSorted().join(' ')}`,
  )
}

const shell = (command: string) => operations('claude-code', 'Bash', { command })

describe('R-CLS-3: labels of the configuration reach whatever names the thing', () => {
  test.each([
    ['cat exports/eu/a.json', 'File::"exports/eu/a.json"', 'customer-data'],
    ['head data/x.CSV', 'File::"data/x.CSV"', 'customer-data'],
    ['rm -r exports', 'Directory::"exports"', 'customer-data'],
    ['curl https://api.test/v1/people/7?x=1', 'Url::"https://api.test/v1/people/7?x=1"', 'customer-data'],
    ['curl https://db.eu.corp.test:8443/', 'Url::"https://db.eu.corp.test:8443/"', 'production'],
    ['kubectl --context blue-1 get pods', 'InfraObject::"kubectl/get pods"', 'production'],
    ['aws --profile shop s3 ls', 'InfraObject::"aws/s3 ls"', 'production'],
    ['psql -h h.test -c "select * from visits"', 'Table::"psql/visits"', 'customer-data'],
  ])('%s', async (command, resource, label) => {
    const line = (await shell(command)).find((each) => each.startsWith(`${resource} `))
    expect(line?.split(' ')).toContain(label)
  })

  test('tools, SQL of a server, an unknown tool and a whole server alike', async () => {
    expect(await operations('filesystem', 'read_text_file', { path: 'exports/a' })).toContain(
      'File::"exports/a" customer-data source',
    )
    expect(await operations('postgres', 'query', { sql: 'select 1 from crm.deals' })).toContain(
      'Table::"postgres/crm.deals" customer-data',
    )
    expect(await operations('other', 'get_page', { url: 'https://wiki.test/' })).toContain(
      'Url::"https://wiki.test/" inferred internal',
    )
    expect(
      (await operations('vault-eu', 'list_things', {})).every((each) => each.includes('production')),
    ).toBe(true)
  })

  test('what is not named keeps its labels, and nothing is taken away', async () => {
    expect(await shell('cat other/a.ts')).toContain('File::"other/a.ts" source')
    expect(await shell('kubectl --context green get pods')).toContain('InfraObject::"kubectl/get pods" ')
    const secret = await operations('filesystem', 'read_text_file', { path: 'exports/.env' })
    expect(secret.find((each) => each.startsWith('File'))?.split(' ')).toEqual(
      expect.arrayContaining(['customer-data', 'secret']),
    )
  })

  test('a branch that configuration protects', async () => {
    const found = await shell('git push origin HEAD:stable/2')
    expect(found.find((each) => each.startsWith('Branch::"stable/2"'))?.split(' ')).toContain('protected')
  })
})

test.each([
  ['- { label: source, paths: [a] }', 'remit.yaml:2:14: `labels[0].label` must be one of'],
  ['- { label: secret }', 'remit.yaml:2:5: `labels[0]` must have one of `paths`'],
  ['- { label: secret, paths: [""] }', 'remit.yaml:2:30: `labels[0].paths[0]`'],
  ['- { label: secret, path: [a] }', 'did you mean `paths`?'],
])('R-CLS-3: %s is refused where it stands', (rule, message) => {
  const folder = mkdtempSync(join(tmpdir(), 'remit-labels-'))
  writeFileSync(join(folder, 'remit.yaml'), `labels:\n  ${rule}\n`)
  expect(() => loadConfig({ environ: {}, cwd: folder })).toThrow(message)
})
