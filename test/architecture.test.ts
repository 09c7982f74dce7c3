import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'
import { describe, expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../src/', import.meta.url))

/**
 * The house: each layer, the layers and the single files of other layers that it may import, and the packages.
 * Lower layers stand first. docs/architecture.md explains it.
 */
const LAYERS: Record<string, { layers: string[]; files?: string[]; external: RegExp }> = {
  core: { layers: [], external: /^$/ },
  net: { layers: ['core'], external: /^node:|^undici$/ },
  policy: { layers: ['core'], external: /^node:|^@cedar-policy\/cedar-wasm|^yaml$|^zod$/ },
  approvals: { layers: ['core'], external: /^$/ },
  classify: { layers: ['core'], external: /^node:(fs|path|os)$|^libpg-query$|^unbash$/ },
  identity: { layers: ['core'], external: /^node:crypto$|^jose$/ },
  audit: { layers: ['core'], external: /^node:|^zod$/ },
  gate: { layers: ['core', 'policy', 'classify', 'identity', 'approvals', 'audit'], external: /^$/ },
  store: {
    layers: ['core', 'audit'],
    files: [
      'identity/task-store.ts',
      'approvals/approval-store.ts',
      'approvals/grant-store.ts',
      'gate/pins/pin-store.ts',
      'credentials/secret-store.ts',
      'oauth/oauth-store.ts',
      'login/login-store.ts',
      'notify/outbox-store.ts',
    ],
    external: /^node:|^pg$/,
  },
  mcp: { layers: ['core', 'net', 'gate'], external: /^node:|^undici$/ },
  hooks: { layers: ['core', 'net', 'gate'], external: /^node:(http|crypto)$/ },
  authzen: { layers: ['core', 'net', 'gate'], external: /^node:http$/ },
  oauth: {
    layers: ['core', 'net', 'gate', 'identity'],
    files: ['audit/journal.ts'],
    external: /^node:|^oidc-provider$|^undici$|^koa$/,
  },
  login: {
    layers: ['core', 'net', 'gate', 'identity'],
    files: ['audit/journal.ts'],
    external: /^node:|^oauth4webapi$|^@simplewebauthn\/server(\/helpers)?$/,
  },
  credentials: {
    layers: ['core', 'net'],
    files: ['gate/credentials.ts', 'gate/choose-credential.ts'],
    external: /^node:|^oauth4webapi$/,
  },
  notify: {
    layers: ['core', 'net'],
    files: ['audit/journal.ts', 'approvals/approval-store.ts'],
    external: /^node:crypto$/,
  },
  streams: {
    layers: ['core', 'net', 'audit'],
    external: /^node:(fs\/promises|net|tls|zlib)$|^@platformatic\/kafka$/,
  },
  api: {
    layers: ['core', 'net', 'gate', 'login'],
    files: ['audit/record-reader.ts', 'audit/record-search.ts', 'approvals/approval-store.ts'],
    external: /^node:|^zod$/,
  },
  server: {
    layers: [
      'core',
      'net',
      'policy',
      'approvals',
      'classify',
      'identity',
      'audit',
      'gate',
      'store',
      'mcp',
      'hooks',
      'authzen',
      'credentials',
      'oauth',
      'login',
      'notify',
      'streams',
      'api',
    ],
    external: /^node:|^yaml$|^smol-toml$|^jsonc-parser$|^zod$|^undici$/,
  },
  cli: {
    layers: ['core', 'server', 'policy', 'audit'],
    files: ['api/contract.ts', 'api/audit-contract.ts', 'api/export-contract.ts', 'api/observing-header.ts'],
    external: /^node:/,
  },
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.split(sep).join(posix.sep))

const layerOf = (file: string): string => file.split('/')[0] ?? ''

function specifiers(file: string, text: string): string[] {
  const { module } = parseSync(file, text)
  return [
    ...module.staticImports.map((found) => found.moduleRequest.value),
    ...module.staticExports.flatMap((found) =>
      found.entries.flatMap((entry) => (entry.moduleRequest ? [entry.moduleRequest.value] : [])),
    ),
    ...module.dynamicImports.map((found) =>
      text.slice(found.moduleRequest.start, found.moduleRequest.end).slice(1, -1),
    ),
  ]
}

function breaches(file: string, text: string): string[] {
  const rule = LAYERS[layerOf(file)]
  if (!rule) return [`${file}: no such layer`]
  return specifiers(file, text).flatMap((specifier) => {
    if (!specifier.startsWith('.')) return rule.external.test(specifier) ? [] : [`${file} → ${specifier}`]
    const target = relative(SRC, join(SRC, dirname(file), specifier))
      .split(sep)
      .join('/')
    const to = layerOf(target)
    const allowed = to === layerOf(file) || rule.layers.includes(to) || rule.files?.includes(target)
    return allowed ? [] : [`${file} → ${target}`]
  })
}

test('every import follows the layer table', () => {
  expect(files.flatMap((file) => breaches(file, readFileSync(SRC + file, 'utf8')))).toEqual([])
})

test('the walk saw every layer', () => {
  const seen = [...new Set(files.map(layerOf))].toSorted()
  expect(seen).toEqual(Object.keys(LAYERS).toSorted())
})

test.each([
  "import '../store/store.ts'",
  "import type { A } from '../store/store.ts'",
  "export * from '../server/compose.ts'",
  "const x = import('node:fs')",
  "import 'yaml'",
])('a planted breach in core is reported: %s', (code) => {
  expect(breaches('core/probe.ts', code)).toHaveLength(1)
})

test.each([
  ['mcp/probe.ts', "import { decide } from '../policy/decide.ts'"],
  ['mcp/probe.ts', "import { x } from '../store/store.ts'"],
  ['gate/probe.ts', "import { x } from 'node:fs'"],
  ['policy/probe.ts', "import { x } from '../audit/journal.ts'"],
  ['cli/probe.ts', "import { x } from '../gate/gate.ts'"],
  ['api/probe.ts', "import { x } from '../store/store.ts'"],
])('a planted breach in %s is reported: %s', (file, code) => {
  expect(breaches(file, code)).toHaveLength(1)
})

test('no source file is longer than 400 lines', () => {
  const long = files.filter((file) => readFileSync(SRC + file, 'utf8').split('\n').length > 401)
  expect(long).toEqual([])
})

/** Every file and package that is loaded with a file, not counting what it imports when it runs or for types alone. */
function loadedWith(file: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  seen.add(file)
  const { module } = parseSync(file, readFileSync(SRC + file, 'utf8'))
  const loaded = [
    ...module.staticImports.filter(
      ({ entries }) => !entries.every((entry) => entry.isType) || entries.length === 0,
    ),
    ...module.staticExports.flatMap(({ entries }) => entries.filter((entry) => !entry.isType)),
  ].flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : []))
  for (const specifier of loaded) {
    if (!specifier.startsWith('.')) seen.add(specifier)
    else {
      const target = posix.join(posix.dirname(file), specifier)
      if (!seen.has(target)) loadedWith(target, seen)
    }
  }
  return seen
}

const LIGHT = /^node:|^(?:cli|core|api|server|policy)\//

describe('R-UX-3: a command waits for nothing that another command needs', () => {
  test('the command line itself loads a handful of files and no package', () => {
    const loaded = [...loadedWith('cli/main.ts')]
    expect(loaded.filter((each) => !LIGHT.test(each))).toEqual([])
    expect(loaded.length).toBeLessThan(40)
  })

  const commands = files.filter((file) => /: Command = |: Command =\n/.test(readFileSync(SRC + file, 'utf8')))

  test.each(commands)('what %s says of itself needs no package', (file) => {
    const loaded = [...loadedWith(file)]
    expect(loaded.filter((each) => !LIGHT.test(each))).toEqual([])
    expect(loaded.length).toBeLessThan(60)
  })

  test('a package is seen, however far away', () => {
    expect(loadedWith('server/find-gateway.ts')).toContain('zod')
  })
})
