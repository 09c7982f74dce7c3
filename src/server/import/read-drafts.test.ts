import { describe, expect, test } from 'vitest'
import { readDrafts } from './read-drafts.ts'

const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'

const read = (file: unknown, given: Readonly<Record<string, string>> = {}, allowUnpinned = false) =>
  readDrafts('file', typeof file === 'string' ? file : JSON.stringify(file), { given, allowUnpinned })

const only = (entry: unknown) => read({ mcpServers: { it: entry } })[0]

describe('R-MCP-3: servers of other programs are read from their files', () => {
  test('Claude Code: programs, remotes, projects; secrets and variables become references, no value is kept', () => {
    const drafts = read({
      mcpServers: {
        GitHub: {
          type: 'stdio',
          command: 'npx',
          args: ['-y', '@modelcontextprotocol/server-github@2026.8.31'],
          env: { GITHUB_TOKEN: TOKEN, GITHUB_HOST: '${GITHUB_HOST:-https://github.com}', CI: '1' },
        },
      },
      projects: {
        '/home/alice/shop': {
          mcpServers: {
            sentry: {
              type: 'http',
              url: 'https://mcp.sentry.example/mcp',
              headers: { Authorization: 'Bearer ${SENTRY_TOKEN}', 'X-Team': 'shop' },
            },
          },
        },
      },
    })
    expect(drafts).toEqual([
      {
        from: 'GitHub',
        key: 'github',
        server: {
          command: 'npx',
          args: ['-y', '@modelcontextprotocol/server-github@2026.8.31'],
          env: { GITHUB_TOKEN: 'secret:github-github-token', GITHUB_HOST: 'https://github.com', CI: '1' },
        },
        secrets: ['github-github-token'],
        notes: [],
        problems: [],
      },
      {
        from: 'sentry',
        key: 'sentry',
        server: {
          url: 'https://mcp.sentry.example/mcp',
          headers: { Authorization: 'Bearer secret:sentry-token', 'X-Team': 'shop' },
        },
        secrets: ['sentry-token'],
        notes: [],
        problems: [],
      },
    ])
    expect(JSON.stringify(drafts)).not.toContain(TOKEN)
  })

  test('Cursor and Claude Desktop: a URL without a type, words for the program itself', () => {
    expect(only({ url: 'https://a.example/mcp', alwaysAllow: ['x'] })).toMatchObject({
      server: { url: 'https://a.example/mcp' },
      notes: [expect.stringContaining('`alwaysAllow` is left out')],
      problems: [],
    })
  })

  test('VS Code: `servers` with inputs, comments and commas at the end', () => {
    const text = `{
      // of the team
      "inputs": [{ "type": "promptString", "id": "perplexity-key", "password": true }],
      "servers": {
        "Perplexity Search": {
          "type": "stdio", "command": "uvx", "args": ["mcp-perplexity==1.2.0"], /* pinned */
          "env": { "PERPLEXITY_API_KEY": "\${input:perplexity-key}", "URL": "https://x.example//y" },
        },
      },
    }`
    expect(read(text)).toMatchObject([
      {
        key: 'perplexity-search',
        server: { env: { PERPLEXITY_API_KEY: 'secret:perplexity-key', URL: 'https://x.example//y' } },
        problems: [],
      },
    ])
  })

  test.each([
    [{ type: 'sse', url: 'https://a.example/sse' }, /SSE transport of 2024-11-05 only/],
    [{ type: 'ws', url: 'https://a.example/' }, /transport `ws` is not spoken/],
    [{ command: 'npx', args: ['-y', 'some-server'] }, /`some-server` names no exact version/],
    [{ command: 'npx', args: ['-y', 'some-server@latest'] }, /names no exact version/],
    [{ command: 'npx', args: ['--package=a@^1.2.0', 'a'] }, /`a@\^1\.2\.0` names no exact version/],
    [{ command: 'cmd', args: ['/c', 'npx', '-y', 'a'] }, /`a` names no exact version/],
    [{ command: 'uvx', args: ['--from', 'git+https://x.example/y', 'y'] }, /names no exact version/],
    [
      { command: 'docker', args: ['run', '-i', '--rm', '-e', 'X', 'mcp/a'] },
      /`mcp\/a` names no exact version/,
    ],
    [{ command: 'a', args: ['--api-key', 'k3y-of-somebody'] }, /looks like a secret/],
    [{ command: 'a', args: [`--token=${TOKEN}`] }, /looks like a secret/],
    [{ url: 'https://a.example/mcp?api_key=abcdef' }, /`url` looks like a secret/],
    [{ command: 'a', args: ['${workspaceFolder}'] }, /has a placeholder/],
    [{ command: 'a', env: { A: 'x-${B}-y' } }, /placeholder among other words/],
    [{ command: 'a', envFile: '.env' }, /`envFile` is not understood/],
    [{ command: 'a', disabled: true }, /switched off/],
    [{ command: 'a', url: 'https://a.example/mcp' }, /`command` or `url`/],
    [{ command: 'a', args: 'b' }, /list of texts/],
    ['x', /is no object/],
  ])('%j is refused, with the reason', (entry, problem) => {
    const problems = only(entry)?.problems ?? []
    expect(problems.join('\n')).toMatch(problem)
    expect(problems.join('\n')).not.toMatch(new RegExp(`k3y-of|abcdef|${TOKEN}`))
  })

  test.each([
    { command: 'npx', args: ['@scope/a@1.2.3', '--port', '1'] },
    { command: '/usr/bin/npx', args: ['-p', 'a@1.2.3-beta.1', 'bin'] },
    { command: 'uvx', args: ['--python', '3.12', 'a@1.2.3'] },
    { command: 'docker', args: ['run', '-i', '-v', '/a:/b', '-e', 'X', 'ghcr.io/a/b:1.2.3'] },
    { command: 'docker', args: ['run', `a/b@sha256:${'0'.repeat(64)}`] },
    { command: 'node', args: ['/home/alice/server.js'] },
  ])('$command $args is exact', (entry) => {
    expect(only(entry)?.problems).toEqual([])
  })

  test('what is not exact is imported where that is wanted, with a word about it', () => {
    const [draft] = read({ mcpServers: { a: { command: 'npx', args: ['a'] } } }, {}, true)
    expect(draft).toMatchObject({ problems: [], notes: [expect.stringContaining('no exact version')] })
  })

  test('two names that become one key, and one that becomes none', () => {
    const drafts = read({
      mcpServers: { 'a b': { command: 'x' }, a_b: { command: 'y' }, '✓': { command: 'z' } },
    })
    expect(drafts.map(({ problems }) => problems.length)).toEqual([0, 1, 1])
  })

  test('a file that is none of these is refused', () => {
    expect(() => read({ other: 1 })).toThrow('has no `mcpServers`')
    expect(() => read('{')).toThrow('is not valid JSON')
    expect(() => read('[]')).toThrow('must hold a JSON object')
    expect(() => read('# nothing\n[other]\n')).toThrow('has no `[mcp_servers.<name>]`')
  })
})

const npm = {
  registryType: 'npm',
  registryBaseUrl: 'https://registry.npmjs.org',
  identifier: '@example/weather',
  version: '1.2.0',
  transport: { type: 'stdio' },
}

const registered = (offer: object, given?: Readonly<Record<string, string>>) =>
  read(
    { name: 'io.github.alice/weather', description: 'Weather of today', version: '1.2.0', ...offer },
    given,
  )[0]

describe('R-MCP-3: servers of the official registry are read from their server.json', () => {
  test('an npm package with arguments and an environment', () => {
    const draft = registered(
      {
        packages: [
          {
            ...npm,
            runtimeHint: 'npx',
            packageArguments: [
              { type: 'positional', valueHint: 'city', isRequired: true },
              { type: 'named', name: '--units', default: 'metric' },
              {
                type: 'named',
                name: '--cache',
                value: '{folder}/w',
                variables: { folder: { default: '/tmp' } },
              },
              { type: 'named', name: '--proxy' },
            ],
            environmentVariables: [
              { name: 'WEATHER_API_KEY', isSecret: true, isRequired: true },
              { name: 'OTHER_KEY', isSecret: true },
              { name: 'LOG_LEVEL', default: 'info' },
            ],
          },
        ],
      },
      { city: 'Bern' },
    )
    expect(draft).toMatchObject({
      from: 'io.github.alice/weather',
      key: 'weather',
      purpose: 'Weather of today',
      server: {
        command: 'npx',
        args: ['-y', '@example/weather@1.2.0', 'Bern', '--units', 'metric', '--cache', '/tmp/w'],
        env: { WEATHER_API_KEY: 'secret:weather-weather-api-key', LOG_LEVEL: 'info' },
      },
      secrets: ['weather-weather-api-key'],
      problems: [],
    })
    expect(draft?.notes).toHaveLength(2)
  })

  test('PyPI and OCI packages, whose environment the container is given', () => {
    expect(
      registered({
        packages: [{ ...npm, registryType: 'pypi', registryBaseUrl: undefined, identifier: 'weather' }],
      })?.server,
    ).toEqual({
      command: 'uvx',
      args: ['weather==1.2.0'],
    })
    expect(
      registered({
        packages: [
          {
            registryType: 'oci',
            identifier: 'ghcr.io/alice/weather:1.2.0',
            transport: { type: 'stdio' },
            runtimeArguments: [{ type: 'named', name: '--network', value: 'none' }],
            environmentVariables: [{ name: 'CITY', value: 'Bern' }],
          },
        ],
      })?.server,
    ).toEqual({
      command: 'docker',
      args: ['run', '-i', '--rm', '-e', 'CITY', '--network', 'none', 'ghcr.io/alice/weather:1.2.0'],
      env: { CITY: 'Bern' },
    })
  })

  test('a remote on Streamable HTTP, with a secret in a header and a variable in its URL', () => {
    const remotes = [
      { type: 'sse', url: 'https://weather.example/sse' },
      {
        type: 'streamable-http',
        url: 'https://{region}.weather.example/mcp',
        variables: { region: { isRequired: true } },
        headers: [
          { name: 'Authorization', value: 'Bearer {api_key}', variables: { api_key: { isSecret: true } } },
        ],
      },
    ]
    expect(registered({ remotes }, { region: 'eu' })).toMatchObject({
      server: {
        url: 'https://eu.weather.example/mcp',
        headers: { Authorization: 'Bearer secret:weather-api-key' },
      },
      problems: [],
    })
    expect(registered({ remotes })?.problems).toEqual([expect.stringContaining('variable that is open')])
  })

  test.each([
    [{ remotes: [{ type: 'sse', url: 'https://a.example/sse' }] }, /offers sse/],
    [{ packages: [{ ...npm, registryType: 'mcpb' }] }, /offers mcpb/],
    [{ packages: [{ ...npm, version: '^1.2.0' }] }, /no exact version/],
    [
      { packages: [{ ...npm, registryBaseUrl: 'https://npm.evil.example' }] },
      /comes from `https:\/\/npm\.evil/,
    ],
    [
      {
        packages: [
          { ...npm, packageArguments: [{ type: 'named', name: '--key', isSecret: true, isRequired: true }] },
        ],
      },
      /secret in an argument/,
    ],
    [
      { packages: [{ ...npm, environmentVariables: [{ name: 'CITY', isRequired: true }] }] },
      /give --set 'CITY=/,
    ],
  ])('%j is refused, with the reason', (offer, problem) => {
    expect(registered(offer)?.problems.join('\n')).toMatch(problem)
  })
})
