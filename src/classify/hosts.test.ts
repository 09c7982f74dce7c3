import { describe, expect, test } from 'vitest'
import type { ServerKey } from '../core/ids.ts'
import { operationText } from '../core/operation.ts'
import { createControlMatcher } from './control-paths.ts'
import { extractHost, extractUrl } from './extract-urls.ts'
import type { ExtractionContext } from './extract.ts'
import { NODE_FILE_SYSTEM } from './file-system.ts'
import { readHost, readUrl } from './hosts.ts'

const context: ExtractionContext = {
  server: 's' as ServerKey,
  actions: ['net.fetch'],
  pointer: '/url',
  fs: NODE_FILE_SYSTEM,
  workspace: '/work',
  root: undefined,
  home: '/home/nobody',
  control: createControlMatcher({ folders: [], files: [], ports: [4141] }, NODE_FILE_SYSTEM),
}

describe('R-CLS-4: one host has one name, however it is written', () => {
  test.each([
    ['http://2130706433/', '127.0.0.1'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://0177.0.0.1/', '127.0.0.1'],
    ['http://127.1/', '127.0.0.1'],
    ['http://①②⑦.0.0.1/', '127.0.0.1'],
    ['http://[::ffff:169.254.169.254]/', '169.254.169.254'],
    ['http://[::ffff:a9fe:a9fe]/', '169.254.169.254'],
    ['http://[64:ff9b::169.254.169.254]/', '169.254.169.254'],
    ['http://[2002:a9fe:a9fe::]/', '169.254.169.254'],
    ['HTTP://EXAMPLE.com./a', 'example.com'],
    ['https://bücher.example/', 'xn--bcher-kva.example'],
    ['http://user:pw@example.com:8080/x', 'example.com'],
    ['http://example.com@evil.test/', 'evil.test'],
    ['ssh://git@example.com/o/r', 'example.com'],
    ['postgres://u:p@db.example.com:5432/x', 'db.example.com'],
  ])('%s is at %s', (text, host) => {
    expect(readUrl(text)?.resource.ancestors[0]).toEqual({ type: 'Host', id: host })
  })

  test.each([
    ['http://169.254.169.254/latest/meta-data', ['metadata', 'private']],
    ['http://metadata.google.internal/', ['metadata', 'internal']],
    ['http://localhost:8080/', ['private']],
    ['http://0.0.0.0/', ['private']],
    ['http://10.1.2.3/', ['private']],
    ['http://172.31.0.1/', ['private']],
    ['http://172.32.0.1/', []],
    ['http://[fe80::1]/', ['private']],
    ['http://[fd12::1]/', ['private']],
    ['http://10.0.0.1.nip.io/', ['private']],
    ['http://wiki/', ['internal']],
    ['http://git.corp/', ['internal']],
    ['https://example.com/', []],
  ])('%s is labelled %j', (text, labels) => {
    expect(readUrl(text)?.labels).toEqual(labels)
  })

  test.each([
    '',
    'example.com/x',
    '//example.com',
    'http:example.com',
    'http:///example.com',
    'https:\\\\example.com',
    'http://example.com\\@evil.test/',
    'http://exa\tmple.com/',
    ' http://example.com/',
    'http://exam\u200bple.com/',
    'http://a..b/',
    'javascript:alert(1)',
    `http://example.com/${'a'.repeat(10_000)}`,
  ])('%j is not understood', (text) => {
    expect(readUrl(text)).toBeUndefined()
    expect(extractUrl(text, context)[0]).toMatchObject({ opaque: true, resource: { id: '?' } })
  })

  test('a host lies in its domains, and keeps no port', () => {
    expect(readHost('a.b.example.com:99')?.resource).toEqual({
      type: 'Host',
      id: 'a.b.example.com',
      ancestors: ['a.b.example.com', 'b.example.com', 'example.com'].map((id) => ({ type: 'Domain', id })),
    })
    expect(readHost('::1')).toMatchObject({ resource: { id: '[::1]' }, loopback: true })
    expect(readHost('u@example.com')).toBeUndefined()
  })
})

describe('R-CLS-1: URLs and hosts among arguments', () => {
  test('a URL is kept without user information and fragment', () => {
    const [found] = extractUrl('https://u:p@Example.com/a?q=1#f', context)
    expect(found).toMatchObject({
      action: 'net.fetch',
      resource: { id: 'https://example.com/a?q=1' },
      opaque: false,
    })
  })

  test('the gateway’s own ports are its own, by every name of this machine', () => {
    for (const url of [
      'http://127.0.0.1:4141/',
      'http://localhost:4141',
      'http://[::1]:4141/',
      'http://2130706433:4141',
    ]) {
      expect(extractUrl(url, context)[0]?.labels).toContain('remit-control')
    }
    expect(extractHost('localhost:4141', context)[0]?.labels).toContain('remit-control')
    expect(extractUrl('http://127.0.0.1:4142/', context)[0]?.labels).not.toContain('remit-control')
    expect(extractUrl('http://example.com:4141/', context)[0]?.labels).not.toContain('remit-control')
  })

  test('a file URL is a path; data goes nowhere; a list is each of them', () => {
    expect(extractUrl('file:///etc/passwd', context).map(operationText)).toEqual([
      'file.read File /etc/passwd',
    ])
    const send = { ...context, actions: ['net.send'] as const }
    expect(extractUrl('FILE:///etc/passwd', send).map(operationText)).toEqual(['file.write File /etc/passwd'])
    expect(extractUrl('data:text/plain,hello', context)).toEqual([])
    expect(extractUrl(['https://a.test/', 7], context).map(({ opaque }) => opaque)).toEqual([false, true])
    expect(extractHost({ host: 'a' }, context)[0]?.opaque).toBe(true)
  })
})
