import { describe, expect, test } from 'vitest'
import { narrow, permits } from './narrow.ts'
import type { ScopeDimension } from './scope.ts'

describe('R-ID-3: a child’s scope is a part of its parent’s', () => {
  test('what is asked for and lies inside stays; what holds the parent’s becomes the parent’s', () => {
    const parent = { paths: ['src/**', 'docs/**'], actions: ['read', 'file.write'] }
    expect(narrow(parent, { paths: ['src/a/*'] })).toEqual({
      scope: { paths: ['src/a/*'], actions: ['read', 'file.write'] },
    })
    expect(narrow(parent, { paths: ['**'], actions: ['file.read'] })).toEqual({
      scope: { paths: ['src/**', 'docs/**'], actions: ['file.read'] },
    })
  })

  test('a pattern that only touches or misses the parent’s is refused and named', () => {
    expect(narrow({ paths: ['src/**'] }, { paths: ['*/a', 'docs/**', 'src/b'] })).toEqual({
      refused: [
        { dimension: 'paths', pattern: '*/a', allowed: ['src/**'] },
        { dimension: 'paths', pattern: 'docs/**', allowed: ['src/**'] },
      ],
    })
    expect(narrow({ actions: ['read'] }, { actions: ['file.*'] })).toHaveProperty('refused')
  })

  test('an empty list permits nothing and stays empty', () => {
    expect(narrow({ hosts: ['**'] }, { hosts: [] })).toEqual({ scope: { hosts: [] } })
    expect(narrow({ hosts: [] }, {})).toEqual({ scope: { hosts: [] } })
    expect(narrow({ hosts: [] }, { hosts: ['a.example'] })).toHaveProperty('refused')
  })

  test('hosts compare without case, tools by server and name apart', () => {
    expect(narrow({ hosts: ['*.Example.com'] }, { hosts: ['API.example.COM'] })).toEqual({
      scope: { hosts: ['API.example.COM'] },
    })
    expect(narrow({ tools: ['read_*'] }, { tools: ['fs__read_file'] })).toEqual({
      scope: { tools: ['fs__read_file'] },
    })
    expect(permits('tools', 'read', 'fs__x__read')).toBe(false)
    expect(permits('tools', '*__read', 'fs__x__read')).toBe(false)
  })

  test.each<
    readonly [ScopeDimension, parent: readonly string[], asked: string, readonly string[] | 'refused']
  >([
    ['paths', ['src/a', '*/b'], 'src/*', 'refused'],
    ['paths', ['src/a', 'doc/b'], 'src/*', ['src/a']],
    ['tools', ['fs__a', '*__b'], 'fs__*', 'refused'],
    ['tools', ['fs__a', 'git__b'], 'fs__*', ['fs__a']],
    ['tools', ['fs__a', 'git__a'], 'fs__*', ['fs__a']],
    ['hosts', ['a.X.test', 'b.*'], '*.x.TEST', 'refused'],
    ['hosts', ['A.x.test', 'B.y.test'], '*.X.test', ['A.x.test']],
    ['hosts', ['A.x.test', 'B.x.*'], 'b.X.*', ['b.X.*']],
    ['actions', ['file.read', 'write'], 'file.*', 'refused'],
    ['actions', ['file.read', 'git.read'], 'file.*', ['file.read']],
    ['tools', ['fs__a', 'git__*b'], 'fs__*', ['fs__a']],
    ['tools', ['fs__a', 'fs__b*'], 'fs__*', ['fs__a', 'fs__b*']],
    ['tools', ['fs__a', '*s__b'], 'fs__*', 'refused'],
    ['hosts', ['A.x.test', 'B.*.TEST'], '*.X.test', 'refused'],
    ['servers', ['fs', 'git'], 'fs', ['fs']],
    ['servers', ['fs', 'git'], '*', ['fs', 'git']],
    ['servers', ['fs'], 'git', 'refused'],
    ['servers', ['f*'], 'fs', ['fs']],
    ['tools', ['fs__read_*'], 'fs__read_a', ['fs__read_a']],
    ['tools', ['fs__read_*'], 'git__read_a', 'refused'],
    ['tools', ['fs__read_*'], 'fs__write', 'refused'],
    ['tools', ['fs__*'], 'read', 'refused'],
    ['tools', ['fs__read', 'git__read'], 'read', ['fs__read', 'git__read']],
    ['tools', ['fs__*'], '*__read', 'refused'],
    ['actions', ['read'], 'file.read', ['file.read']],
    ['actions', ['file.read', 'file.list'], 'read', ['file.read', 'file.list']],
    ['actions', ['file.read'], 'file.write', 'refused'],
    ['actions', ['read', 'write'], 'write', ['write']],
    ['actions', ['egress'], 'write', 'refused'],
    ['actions', ['no-such'], 'no-such', ['no-such']],
    ['actions', ['**'], 'no-such', 'refused'],
    ['actions', ['no-such', 'read'], '**', ['read']],
    ['hosts', ['*.Example.com'], 'a.EXAMPLE.com', ['a.EXAMPLE.com']],
    ['hosts', ['a.Example.com', 'b.test'], '*.EXAMPLE.com', ['a.Example.com']],
    ['hosts', ['A*.test'], '*b.TEST', 'refused'],
    ['branches', ['fix/*'], 'fix/a', ['fix/a']],
    ['branches', ['fix/*'], '*/a', 'refused'],
    ['repositories', ['o/r', 'o/s', 'p/r'], 'o/*', ['o/r', 'o/s']],
  ])('%s %j narrowed to %s: %j', (dimension, parent, asked, expected) => {
    expect(narrow({ [dimension]: parent }, { [dimension]: [asked] })).toEqual(
      expected === 'refused'
        ? { refused: [{ dimension, pattern: asked, allowed: parent }] }
        : { scope: { [dimension]: expected } },
    )
  })

  test.each<readonly [ScopeDimension, pattern: string, text: string, boolean]>([
    ['hosts', 'API.Example.com', 'api.example.COM', true],
    ['hosts', 'api.example.com', 'api.example.org', false],
    ['actions', 'read', 'file.read', true],
    ['actions', 'read', 'file.write', false],
    ['actions', 'file.*', 'file.write', true],
    ['actions', 'file.*', 'no.such', false],
    ['tools', 'fs__read', 'fs__read', true],
    ['tools', 'fs__read', 'git__read', false],
    ['tools', 'fs__read', 'fs__write', false],
    ['tools', 'read', 'fs__read', true],
    ['tools', 'read', 'read', true],
    ['servers', 'fs', 'FS', false],
    ['servers', 'f*', 'fs', true],
  ])('%s: `%s` permits `%s`: %s', (dimension, pattern, text, expected) => {
    expect(permits(dimension, pattern, text)).toBe(expected)
  })

  test('an asked pattern that several of the parent’s hold stands once', () => {
    expect(narrow({ paths: ['src/**', 'src/a/**'] }, { paths: ['src/a/b', 'src/a/b', '**'] })).toEqual({
      scope: { paths: ['src/a/b', 'src/**', 'src/a/**'] },
    })
  })
})
