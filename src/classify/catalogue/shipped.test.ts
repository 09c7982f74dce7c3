import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { groupsOf, isAction } from '../../core/actions.ts'
import type { ToolEntry } from './entry.ts'
import { SHIPPED } from './shipped.ts'

const FILE = join(
  process.env['REMIT_CORPUS'] ?? join(import.meta.dirname, '../../../../shared/corpus'),
  'tool_catalogue.json',
)
interface PublicTool {
  readonly name: string
  readonly inputSchema?: { readonly properties?: Readonly<Record<string, unknown>> }
  readonly annotations?: Readonly<Record<string, boolean>>
}
const servers = existsSync(FILE)
  ? (JSON.parse(readFileSync(FILE, 'utf8')) as { servers: Record<string, readonly PublicTool[]> }).servers
  : {}

function actionsOf(entry: ToolEntry): readonly string[] {
  return [...entry.effects.flatMap(({ actions }) => actions), ...(entry.derived?.actions ?? [])]
}

function argumentsOf(entry: ToolEntry): ReadonlySet<string> {
  return new Set([...(entry.plain ?? []), ...entry.effects.flatMap(({ argument }) => argument ?? [])])
}

test('R-CLS-2: every entry names actions of the vocabulary, and does something with what it is given', () => {
  for (const [server, entry] of SHIPPED) {
    expect({ server, tools: entry.size > 0 }).toEqual({ server, tools: true })
    for (const [name, tool] of entry) {
      expect({ server, name, strange: actionsOf(tool).filter((action) => !isAction(action)) }).toMatchObject({
        strange: [],
      })
    }
  }
})

test('R-CLS-2: every argument is described once, and every tool does something that is named', () => {
  const faults = [...SHIPPED].flatMap(([server, entry]) =>
    [...entry].flatMap(([name, tool]) => {
      const typed = new Set(tool.effects.flatMap(({ argument }) => argument ?? []))
      const twice = (tool.plain ?? []).filter(
        (argument, at, all) => typed.has(argument) || all.indexOf(argument) !== at,
      )
      // What SQL does is in its text; every other effect has its actions.
      const idle = tool.effects.filter(
        ({ actions, kind }) => actions.length === 0 && !/^(?:sql|branch)$/.test(kind),
      )
      const given = (tool.plain ?? []).length > 0
      const nothing = given && tool.effects.length === 0 && tool.derived === undefined
      return [
        ...twice.map((argument) => `${server} ${name}: ${argument} twice`),
        ...idle.map(({ kind }) => `${server} ${name}: ${kind} without actions`),
        ...(nothing ? [`${server} ${name} does nothing`] : []),
        ...(/^[\w-]{1,128}$/.test(name) ? [] : [`${server} ${name} is no name`]),
      ]
    }),
  )
  expect(faults).toEqual([])
})

describe('R-CLS-2: entries beside what installed servers list', () => {
  test.each(['filesystem', 'memory'])('%s', async (server) => {
    const listed = await listedTools(server)
    expect(listed.length).toBeGreaterThan(5)
    const missing = listed.flatMap(({ name, inputSchema }) => {
      const tool = SHIPPED.get(server)?.get(name)
      if (tool === undefined) return [name]
      const known = argumentsOf(tool)
      const names = Object.keys(inputSchema?.properties ?? {})
      return names.filter((argument) => !known.has(argument)).map((argument) => `${name}/${argument}`)
    })
    expect(missing).toEqual([])
  })
})

/** What a server that is installed here answers to `tools/list`. */
async function listedTools(server: string): Promise<readonly PublicTool[]> {
  const client = new Client({ name: 'test', version: '1' })
  const folder = mkdtempSync(join(tmpdir(), 'remit-listed-'))
  const script = join(
    import.meta.dirname,
    `../../../node_modules/@modelcontextprotocol/server-${server}/dist/index.js`,
  )
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [script, folder], stderr: 'ignore' }),
  )
  try {
    const { tools } = await client.listTools()
    return tools.map(({ name, inputSchema: { properties = {} } }) => ({ name, inputSchema: { properties } }))
  } finally {
    await client.close()
  }
}

describe.skipIf(Object.keys(servers).length === 0)(
  'R-CLS-2: entries beside the servers’ own schemas (needs ../shared/corpus or REMIT_CORPUS)',
  () => {
    test.each(Object.keys(servers))('%s: every tool and every argument is described', (server) => {
      const entry = SHIPPED.get(server)
      const missing = (servers[server] ?? []).flatMap(({ name, inputSchema }) => {
        const tool = entry?.get(name)
        if (tool === undefined) return [name]
        const known = argumentsOf(tool)
        return Object.keys(inputSchema?.properties ?? {})
          .filter((argument) => !known.has(argument))
          .map((argument) => `${name}/${argument}`)
      })
      expect(missing).toEqual([])
    })

    test.each(Object.keys(servers))('%s: no tool is taken for milder than its vendor says', (server) => {
      const milder = (servers[server] ?? []).flatMap(({ name, annotations = {} }) => {
        const tool = SHIPPED.get(server)?.get(name)
        if (tool === undefined) return []
        const groups = new Set(
          actionsOf(tool).flatMap((action) => (isAction(action) ? [...groupsOf(action)] : [])),
        )
        const reads = [...groups].every((group) => group === 'read')
        if (annotations['readOnlyHint'] !== true && reads && !OBSERVING.test(name)) return [name]
        return []
      })
      expect(milder).toEqual([])
    })
  },
)

/** Playwright marks waiting and looking as changes. */
const OBSERVING = /^browser_(?:verify_|wait_for)/
