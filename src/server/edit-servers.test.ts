import { describe, expect, test } from 'vitest'
import { withoutServer, withServer } from './edit-servers.ts'

const FILE = `# ours
listen: { agent: "127.0.0.1:7410" } # here

servers:
    # what is here first
    files:
        command: mcp-server-filesystem   # the official one
        args: [ /home/alice ]

    # tickets of the team
    # see the wiki
    tracker:
        url:   'https://tracker.example/mcp'
    # nothing follows
limits:
  body: 4MiB
`
const NEW = { command: 'npx', args: ['-y', 'x@1.0.0'], owner: 'mona', purpose: 'tests: all # of them' }
const BLOCK = `    new:
      command: npx
      args:
        - -y
        - x@1.0.0
      owner: mona
      purpose: "tests: all # of them"
`

const add = (text: string) => withServer({ name: 'remit.yaml', text }, 'new', NEW)
const remove = (text: string, key: string) => withoutServer({ name: 'remit.yaml', text }, key)

describe('R-MCP-3: a server is written into the file, and all else stays as it is', () => {
  test('after the last one, as deep as the others', () => {
    const tail = "mcp'\n"
    const at = FILE.indexOf(tail) + tail.length
    expect(add(FILE)).toBe(FILE.slice(0, at) + BLOCK + FILE.slice(at))
  })

  test.each([
    ['no file yet', '', ''],
    ['no servers', 'log: { level: warn }', 'log: { level: warn }\n'],
    ['only a comment', '# nothing\n', '# nothing\n'],
  ])('%s', (_name, text, before) => {
    expect(add(text)).toBe(`${before}servers:\n${BLOCK.replaceAll(/^ {4}( *)/gm, '  $1')}`)
  })

  test.each(['servers:\nlog: {}\n', 'servers: {}\nlog: {}\n'])('an empty list: %j', (text) => {
    expect(add(text)).toBe(`servers:\n${BLOCK.replaceAll(/^ {4}( *)/gm, '  $1')}log: {}\n`)
  })

  test('line feeds of Windows, and a last line without one', () => {
    const text = 'servers:\r\n  a:\r\n    url: https://a.example/mcp'
    expect(add(text)).toBe(`${text}\r\n${BLOCK.replaceAll(/^ {4}( *)/gm, '  $1').replaceAll('\n', '\r\n')}`)
  })

  test('a list in braces is written anew, with its comments', () => {
    const text = '# ours\nservers: { a: { url: "https://a.example/mcp" } } # all\n'
    expect(add(text)).toMatch(/^# ours\nservers:[^]*a:[^]*new:[^]*# all\n$/)
  })

  test('what is no mapping, and what is no YAML, is refused', () => {
    expect(() => add('- a\n')).toThrow('must be a mapping')
    expect(() => add('servers: [\n')).toThrow(/^remit\.yaml:/)
  })
})

describe('R-MCP-3: a server is taken out with its comment, and all else stays as it is', () => {
  test('the last one, the first one, and what was added', () => {
    expect(remove(FILE, 'tracker')).toBe(FILE.replace(/ {4}# tickets[^]*?mcp'\n/, ''))
    expect(remove(FILE, 'files')).toBe(FILE.replace(/ {4}files:[^]*?alice \]\n/, ''))
    expect(remove(add(FILE), 'new')).toBe(FILE)
  })

  test('the only one leaves an empty list', () => {
    expect(remove('servers:\n  a:\n    url: https://a.example/mcp\n\nlog: {}\n', 'a')).toBe(
      'servers: {}\n\nlog: {}\n',
    )
  })

  test('one that others need, or that is not there, is refused', () => {
    const text = 'servers:\n  a: &a { url: "https://a.example/mcp" }\n  b: *a\n'
    expect(() => remove(text, 'a')).toThrow('change it by hand')
    expect(() => remove(text, 'c')).toThrow('has no server `c`')
  })
})
