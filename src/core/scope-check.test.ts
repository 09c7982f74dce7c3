import { describe, expect, test } from 'vitest'
import type { Action } from './actions.ts'
import type { Label } from './labels.ts'
import type { Operation } from './operation.ts'
import type { EntityRef, ResourceType } from './resource.ts'
import { outsideDimensions } from './scope-check.ts'
import type { Scope } from './scope.ts'

const CALL = { server: 'fs', tool: 'read_file' }

function operation(
  action: Action,
  type: ResourceType,
  id: string,
  more: { labels?: Label[]; opaque?: boolean; ancestors?: EntityRef[] } = {},
): Operation {
  return {
    action,
    resource: { type, id, ancestors: more.ancestors ?? [] },
    labels: more.labels ?? [],
    opaque: more.opaque ?? false,
    origin: { pointer: '' },
  }
}

function outside(scope: Scope | Scope[], what: Operation, call = CALL): string[] {
  return outsideDimensions(Array.isArray(scope) ? scope : [scope], call, what)
}

describe('R-ID-2: what leaves a scope', () => {
  test('no limit is left by nothing, and an empty list by everything it speaks of', () => {
    const read = operation('file.read', 'File', 'src/a')
    expect(outside({}, read)).toEqual([])
    expect(outside({ servers: [], tools: [], actions: [], paths: [] }, read)).toEqual([
      'servers',
      'tools',
      'actions',
      'paths',
    ])
    expect(outside({ hosts: [], branches: [] }, read)).toEqual([])
  })

  test('a file counts by its repository, and one that is not known to lie in any lies outside all', () => {
    const shop = operation('file.write', 'File', 'src/a', {
      ancestors: [
        { type: 'Directory', id: 'src' },
        { type: 'Repository', id: 'acme/shop' },
      ],
    })
    expect(outside({ repositories: ['acme/*'] }, shop)).toEqual([])
    expect(outside({ repositories: ['Acme/Shop'] }, shop)).toEqual([])
    expect(outside({ repositories: ['acme/other'] }, shop)).toEqual(['repositories'])
    expect(outside({ repositories: ['**'] }, operation('file.read', 'File', 'src/a'))).toEqual([
      'repositories',
    ])
    expect(outside({ repositories: ['acme/*'] }, operation('git.push', 'Branch', 'main'))).toEqual([
      'repositories',
    ])
    expect(outside({ repositories: [] }, operation('net.fetch', 'Host', 'a.example'))).toEqual([])
  })

  test('every ancestor’s scope counts', () => {
    const read = operation('file.read', 'File', 'src/a')
    expect(outside([{ paths: ['src/**'] }, { paths: ['**'] }], read)).toEqual([])
    expect(outside([{ paths: ['**'] }, { paths: ['docs/**'] }], read)).toEqual(['paths'])
  })

  test('tools by full name or by name alone', () => {
    const call = operation('tool.call', 'Tool', 'fs/read_file')
    expect(outside({ tools: ['fs__read_*'] }, call)).toEqual([])
    expect(outside({ tools: ['read_file'] }, call)).toEqual([])
    expect(outside({ tools: ['git__*'] }, call)).toEqual(['tools'])
    expect(outside({ servers: ['git'] }, call)).toEqual(['servers'])
  })

  test('actions by name or group; the call itself counts only when it is not understood', () => {
    expect(outside({ actions: ['read'] }, operation('file.read', 'File', 'a'))).toEqual([])
    expect(outside({ actions: ['file.read'] }, operation('file.write', 'File', 'a'))).toEqual(['actions'])
    expect(outside({ actions: ['read'] }, operation('tool.call', 'Tool', 'fs/x'))).toEqual([])
    expect(outside({ actions: ['read'] }, operation('tool.call', 'Tool', 'fs/x', { opaque: true }))).toEqual([
      'actions',
    ])
  })

  test('an opaque operation cannot be shown to stay inside any limit on targets', () => {
    const limits = { paths: ['**'], hosts: ['**'], branches: ['**'], repositories: ['**'] }
    expect(outside(limits, operation('shell.execute', 'Program', 'sh', { opaque: true }))).toEqual([
      'repositories',
      'branches',
      'paths',
      'hosts',
    ])
  })

  test('a path outside the workspace is outside any limit on paths', () => {
    const away = operation('file.read', 'File', '/etc/passwd', { labels: ['outside-workspace'] })
    expect(outside({ paths: ['**'] }, away)).toEqual(['paths'])
    const windows = operation('file.read', 'File', 'C:/x', { labels: ['outside-workspace'] })
    expect(outside({ paths: ['**'] }, windows)).toEqual(['paths'])
  })

  test('what is done to a folder is done to all in it; its names alone need only the folder', () => {
    expect(outside({ paths: ['src/**'] }, operation('file.list', 'Directory', 'src'))).toEqual([])
    expect(outside({ paths: ['src/*'] }, operation('file.list', 'Directory', 'src'))).toEqual([])
    expect(outside({ paths: ['src/**'] }, operation('file.list', 'Directory', '.'))).toEqual(['paths'])
    expect(outside({ paths: ['src/**'] }, operation('file.move', 'Directory', 'src'))).toEqual([])
    expect(outside({ paths: ['*'] }, operation('file.move', 'Directory', 'src'))).toEqual(['paths'])
    expect(outside({ paths: ['**'] }, operation('file.delete', 'Directory', '.'))).toEqual([])
  })

  test('hosts without case and port, also of a URL; user information is not a host', () => {
    const limit = { hosts: ['api.example.com', '*.internal.test'] }
    expect(outside(limit, operation('net.connect', 'Host', 'API.example.com:443'))).toEqual([])
    expect(outside(limit, operation('net.fetch', 'Url', 'https://a.internal.test/x'))).toEqual([])
    expect(outside(limit, operation('net.fetch', 'Url', 'https://api.example.com@evil.test/'))).toEqual([
      'hosts',
    ])
    expect(outside(limit, operation('net.fetch', 'Url', 'not a url'))).toEqual(['hosts'])
    expect(outside({ hosts: ['[::1]'] }, operation('net.connect', 'Host', '[::1]:80'))).toEqual([])
    expect(outside({ hosts: ['evil.test'] }, operation('net.connect', 'Host', 'evil.test.'))).toEqual([])
  })

  test('a question of a server is no tool, and still of that server and an action', () => {
    const asked = operation('elicitation.create', 'Server', 'fs')
    expect(outside({ tools: ['fs__read'] }, asked)).toEqual([])
    expect(outside({ servers: ['git'], actions: ['read'] }, asked)).toEqual(['servers', 'actions'])
  })

  test('repositories by the resource or by what holds it, branches by id', () => {
    const file = operation('file.read', 'File', 'a', { ancestors: [{ type: 'Repository', id: 'o/r' }] })
    expect(outside({ repositories: ['o/*'] }, file)).toEqual([])
    expect(outside({ repositories: ['p/*'] }, file)).toEqual(['repositories'])
    expect(outside({ branches: ['fix/*'] }, operation('git.push', 'Branch', 'main'))).toEqual(['branches'])
  })

  test.each<readonly [Scope, Operation, string[]]>([
    [{ servers: ['fs'] }, operation('tool.call', 'Tool', 'fs/x'), []],
    [{ paths: [] }, operation('shell.execute', 'Program', 'sh'), []],
    [{ paths: ['**'] }, operation('file.read', 'File', '/etc/hosts'), ['paths']],
    [{ paths: ['**'] }, operation('file.list', 'Directory', 'src/'), []],
    [{ paths: ['a'] }, operation('file.read', 'File', 'b'), ['paths']],
    [{ paths: ['a', 'b'] }, operation('file.read', 'File', 'b'), []],
    [{ paths: ['src/**'] }, operation('file.list', 'File', 'src'), ['paths']],
    [{ paths: ['*'] }, operation('file.list', 'Directory', '.'), []],
    [{ paths: ['./**'] }, operation('file.move', 'Directory', '.'), ['paths']],
    [{ paths: ['docs/*', 'src/*'] }, operation('file.list', 'Directory', 'src'), []],
    [{ paths: ['docs/**', 'src/**'] }, operation('file.delete', 'Directory', 'src'), []],
    [{ hosts: ['**'] }, operation('file.read', 'File', 'a'), []],
    [{ hosts: ['a.test'] }, operation('net.connect', 'Host', 'b.test'), ['hosts']],
    [{ hosts: ['a.test'] }, operation('net.connect', 'Domain', 'b.test'), ['hosts']],
    [{ hosts: ['a.test'] }, operation('net.connect', 'Domain', 'A.test.:53'), []],
    [{ hosts: ['a.test'] }, operation('net.fetch', 'Url', 'https://me@a.test/x'), []],
    [{ hosts: ['a.test'] }, operation('net.fetch', 'Url', 'https://a.test:8443?q#f'), []],
    [{ hosts: ['**'] }, operation('net.fetch', 'Url', 'https:///x'), ['hosts']],
    [{ hosts: ['**'] }, operation('net.fetch', 'Url', 'https://me@/x'), ['hosts']],
    [{ hosts: ['::1'] }, operation('net.connect', 'Host', '::1'), []],
    [{ hosts: ['fe80::80'] }, operation('net.connect', 'Host', 'fe80::80'), []],
    [{ hosts: ['[::1]'] }, operation('net.connect', 'Host', '[::1]'), []],
    [{ repositories: ['o/r'] }, operation('git.read', 'Repository', 'o/s'), ['repositories']],
    [{ branches: ['main'] }, operation('git.push', 'Branch', 'main'), []],
    [{ branches: [] }, operation('git.read', 'Repository', 'o/r'), []],
    [{ branches: ['**'] }, operation('git.read', 'Repository', 'o/r', { opaque: true }), ['branches']],
    [{ servers: ['fs'], tools: ['**'] }, operation('tool.call', 'Tool', 'x', { opaque: true }), []],
  ])('%j with row %#', (scope, what, expected) => {
    expect(outside(scope, what)).toEqual(expected)
  })

  test('the host that stands above a URL counts, wherever it stands', () => {
    const ancestors = [
      { type: 'Domain', id: 'evil.test' },
      { type: 'Host', id: 'a.test:443' },
    ]
    const fetch = operation('net.fetch', 'Url', 'https://evil.test/', { ancestors })
    expect(outside({ hosts: ['a.test'] }, fetch)).toEqual([])
    expect(outside({ hosts: ['evil.test'] }, fetch)).toEqual(['hosts'])
  })
})
