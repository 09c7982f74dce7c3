import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RemitError } from '../core/errors.ts'
import { loadConfig, parseConfig } from './load-config.ts'

function problems(text: string, environ: Record<string, string> = {}): readonly string[] {
  const thrown = thrownBy(() => parseConfig('remit.yaml', text, environ))
  if (thrown === undefined) return []
  if (!(thrown instanceof RemitError) || thrown.code !== 'config_invalid') {
    throw new Error('something else was thrown', { cause: thrown })
  }
  return thrown.message.split('\n')
}

function thrownBy(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}

describe('R-UX-1: a configuration without a file', () => {
  test('has every default that the documentation names', () => {
    const { config } = parseConfig('remit.yaml', '', {})
    expect(config.listen).toEqual({ agent: '127.0.0.1:7410', admin: 'localhost:7411' })
    expect(config.consent).toEqual({ hold: 45_000, expires: 900_000, deputies: 2_592_000_000 })
    expect(config.limits.body).toBe(4 * 1024 * 1024)
    expect(config.policies).toEqual(['default'])
    expect(config.state).toBe('.remit')
  })

  test('durations and sizes are read with their units', () => {
    const { config } = parseConfig(
      'remit.yaml',
      'consent: {hold: 90s, expires: 2h, deputies: 14d}\nlimits: {body: 256KiB}\nworkflows: {a: {lifetime: 7d}}\n',
      {},
    )
    expect(config.consent).toEqual({ hold: 90_000, expires: 7_200_000, deputies: 1_209_600_000 })
    expect(config.limits.body).toBe(262_144)
    expect(config.workflows['a']?.lifetime).toBe(604_800_000)
  })
})

const WRONG: readonly [name: string, text: string, expected: readonly string[]][] = [
  [
    'two humans who are one member of Slack',
    'humans:\n  - { id: ann, slack: U012 }\n  - { id: bob, slack: U012 }\n',
    ['remit.yaml:3:23: `humans.1.slack` is `ann` already: a member of Slack is one human'],
  ],
  [
    'a secret of Slack in the file, and a name where an id belongs',
    'notify:\n  slack:\n    token: xoxb-1\n    channel: "#approvals"\n',
    [
      'remit.yaml:3:12: `notify.slack.token` must be `secret:name`: the file is no place for a secret',
      'remit.yaml:4:14: `notify.slack.channel` must be the id of a conversation, like `C0123456789` (found `#approvals`)',
    ],
  ],
  [
    'a value outside a closed list, with a suggestion',
    'servers:\n  fs:\n    command: x\n    era: modrn\n',
    [
      'remit.yaml:4:10: `servers.fs.era` must be one of auto, legacy, modern (found `modrn`; did you mean `modern`?)',
    ],
  ],
  [
    'servers under names that are taken: by an agent, whose tools they would describe, and by AuthZEN',
    'servers:\n  codex:\n    command: x\n    tools: { Bash: { actions: [file.read] } }\n  claude-code: { url: "https://a.example/" }\n  authzen: { command: x }\n',
    [
      'remit.yaml:2:3: `servers.codex` cannot name a server: the tools that this agent has of its own are called so; give it another key',
      'remit.yaml:5:3: `servers.claude-code` cannot name a server: the tools that this agent has of its own are called so; give it another key',
      'remit.yaml:6:3: `servers.authzen` cannot name a server: applications that ask by AuthZEN are called so; give it another key',
    ],
  ],
  [
    'places for checkpoints without what signs, or checks, what goes there',
    'ledger:\n  checkpoints:\n    - https: https://a.example/\n    - witness: https://b.example/\n',
    [
      'remit.yaml:3:7: `ledger.checkpoints[0]` needs `https` and `secret` together',
      'remit.yaml:4:7: `ledger.checkpoints[1]` needs `witness` and `key` together',
    ],
  ],
  [
    'an unknown key, with a suggestion',
    'servers:\n  fs:\n    comand: x\n    url: http://127.0.0.1/\n',
    ['remit.yaml:3:5: `servers.fs.comand` is not a key that Remit knows (did you mean `command`?)'],
  ],
  [
    'an unknown key that is near nothing',
    'zzzzzz: 1\n',
    ['remit.yaml:1:1: `zzzzzz` is not a key that Remit knows'],
  ],
  ['a repeated key', 'state: a\nstate: b\n', ['remit.yaml:2:1: this key stands twice; keep one']],
  [
    'a duration without its unit',
    'consent:\n  hold: 45\n',
    ['remit.yaml:2:9: `consent.hold` must be a duration like `45s`, `15m` or `2h` (found `45`)'],
  ],
  [
    'a size in the wrong unit',
    'limits: {body: 4MB}\n',
    ['remit.yaml:1:16: `limits.body` must be a size like `256KiB` or `4MiB` (found `4MB`)'],
  ],
  [
    'servers whose keys look alike',
    'servers:\n  mail1: {command: x}\n  mai1l: {command: x}\n  mail2: {command: x}\n',
    ['remit.yaml:3:3: `servers.mai1l` cannot be told from `mail1`; give one of them another key'],
  ],
  [
    'a server that is neither a program nor a URL',
    'servers:\n  none: {}\n',
    ['remit.yaml:2:9: `servers.none` must have `command` or `url`'],
  ],
  [
    'a server that is both',
    'servers:\n  two: {command: x, url: "http://127.0.0.1/"}\n',
    ['remit.yaml:2:26: `servers.two.url` cannot stand beside `command` (found `http://127.0.0.1/`)'],
  ],
  [
    'a server key that would not split from a tool name',
    'servers:\n  a__b: {command: x}\n',
    [
      'remit.yaml:2:3: `servers.a__b` cannot be a key here: it must be lower-case letters, digits and `-`, at most 32 of them',
    ],
  ],
  [
    'a virtual server that shows what is not there, or has a server’s key',
    'servers: {docs: {command: x}}\nvirtualServers:\n  docs: {tools: {read: {from: dosc__read}}, resources: [docs]}\n',
    [
      'remit.yaml:3:9: `virtualServers.docs` is the key of a server already',
      'remit.yaml:3:31: `virtualServers.docs.tools.read.from` names the server `dosc`, which is not configured (did you mean `docs`?)',
    ],
  ],
  [
    'a virtual server with a name that MCP does not allow',
    'servers: {docs: {command: x}}\nvirtualServers: {v: {tools: {"read it": {from: docs__read}}}}\n',
    [expect.stringContaining('must be a name that MCP allows')],
  ],
  [
    'a list where a mapping belongs',
    '- 1\n',
    ['remit.yaml:1:1: `the file` must be a mapping (found a list)'],
  ],
  [
    'an action that no policy knows',
    'servers: {a: {command: x, tools: {t: {actions: [file.raed]}}}}\n',
    [
      expect.stringMatching(
        /^remit\.yaml:1:49: `servers\.a\.tools\.t\.actions\[0\]` must be one of .*did you mean `file\.read`\?\)$/,
      ),
    ],
  ],
  [
    'an address without a port',
    'listen: {agent: 127.0.0.1}\n',
    ['remit.yaml:1:17: `listen.agent` must be an address like `127.0.0.1:7410` (found `127.0.0.1`)'],
  ],
  [
    'a public URL with a path, since audiences are compared whole',
    'publicUrl: https://remit.example/a\ntls: {cert: a, key: b}\n',
    [
      'remit.yaml:1:12: `publicUrl` must be an http or https URL without path, query or credentials (found `https://remit.example/a`)',
    ],
  ],
]

describe('a wrong configuration is refused with line, column and what is allowed', () => {
  test.each(WRONG)('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected)
  })

  test('R-AUD-4: whoever signs off reviews can read them', () => {
    const humans = 'humans: [{ id: bob }, { id: aud, roles: [auditor] }]\n'
    expect(problems(`${humans}review: { owner: bob }\n`)).toEqual([
      expect.stringMatching(/^remit.yaml:2:\d+: .*`bob`, who is neither `admin` nor `auditor`/),
    ])
    for (const owner of ['aud', 'of-a-provider'])
      expect(problems(`${humans}review: { owner: ${owner} }\n`)).toEqual([])
  })

  test('R-API-2: every error is listed, in the order of the file', () => {
    const lines = problems('log:\n  level: loud\nservers:\n  a:\n    command: x\n    era: old\nbogus: 1\n')
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'remit.yaml:2:10:',
      'remit.yaml:6:10:',
      'remit.yaml:7:1:',
    ])
  })

  test('a value that may be a credential is never echoed', () => {
    const text = 'servers:\n  a:\n    url: http://127.0.0.1/\n    headers:\n      Authorization: 1234567890\n'
    expect(problems(text)).toEqual(['remit.yaml:5:22: `servers.a.headers.Authorization` must be text'])
  })

  test('syntax errors name their place', () => {
    expect(problems('listen: {agent: [\n')[0]).toMatch(/^remit\.yaml:\d+:\d+: this is not valid YAML: /)
  })

  test('a wrong variable of the environment is named instead of a line', () => {
    expect(problems('', { REMIT_LOG_LEVEL: 'loud' })).toEqual([
      'environment: `REMIT_LOG_LEVEL` must be one of debug, info, warn, error',
    ])
  })
})

describe('R-SEC-1: publishing without TLS is refused', () => {
  test.each([
    'listen: {agent: "0.0.0.0:7410"}',
    'listen: {admin: "[::]:7411"}',
    'listen: {agent: "box.lan:7410"}',
  ])('%s', (text) => {
    expect(problems(text)).toEqual([expect.stringContaining('would publish the plane without TLS')])
  })

  test('a certificate or a named proxy makes it possible', () => {
    const open = 'listen: {agent: "0.0.0.0:7410"}\npublicUrl: https://remit.example\n'
    expect(problems(`${open}tls: {cert: a.pem, key: b.pem}\n`)).toEqual([])
    expect(problems(`${open}trustedProxies: [10.0.0.0/8]\n`)).toEqual([])
  })

  test('R-ID-4: certificates of clients are asked for only where the agent plane itself ends TLS', () => {
    const tls = (more: string): string => `tls: {cert: a.pem, key: b.pem, ${more}}\n`
    expect(problems(tls('clientCertificates: optional, clientCa: ca.pem'))).toEqual([])
    expect(problems(tls('clientCa: ca.pem'))).toEqual([
      expect.stringContaining('`tls.clientCa` needs `clientCertificates: optional`'),
    ])
    const plain = 'publicUrl: http://localhost:7410\n'
    expect(problems(`${plain}${tls('clientCertificates: optional')}`)).toEqual([
      expect.stringContaining('needs the agent plane to be served with TLS'),
    ])
  })

  test('a plain public URL off this machine is refused', () => {
    expect(problems('publicUrl: http://remit.example\n')).toEqual([
      'remit.yaml:1:12: `publicUrl` must be https unless its host is this machine',
    ])
  })
})

describe('where the configuration comes from', () => {
  test('the environment outranks the file', () => {
    const { config } = parseConfig('remit.yaml', 'state: a\n', {
      REMIT_STATE: '/var/lib/remit',
      REMIT_LISTEN_AGENT: '127.0.0.1:9',
    })
    expect(config.state).toBe('/var/lib/remit')
    expect(config.listen).toEqual({ agent: '127.0.0.1:9', admin: 'localhost:7411' })
  })

  test('a file that was named must exist, the default one need not', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'remit-config-'))
    expect(() => loadConfig({ cwd, environ: { REMIT_CONFIG: 'other.yaml' } })).toThrow(
      /other\.yaml` does not exist/,
    )
    expect(loadConfig({ cwd, environ: {} }).file).toBeUndefined()
    writeFileSync(join(cwd, 'remit.yaml'), 'tenant: acme\n')
    expect(loadConfig({ cwd, environ: {} }).config.tenant).toBe('acme')
  })
})
