import { expect, test } from 'vitest'
import { readTomlText } from '../import/read-toml-text.ts'
import { editToml, type TomlEdit } from './edit-toml.ts'

const remove = (...at: string[]): TomlEdit => ({ change: 'remove', at })
const GATEWAY: TomlEdit = {
  change: 'set',
  at: ['mcp_servers', 'remit'],
  value: {
    command: '/opt/remit',
    args: ['connect', '--agent', 'codex'],
    required: true,
    tool_timeout_sec: 600,
  },
}

const WRITTEN = `# mine
model = "gpt" # the big one
notify = [
  "sh", # [mcp_servers.fake]
  "-c",
]

# the forge
[mcp_servers.forge]
command = "npx"
args = ["-y",
  "forge@1.0.0"]
[mcp_servers.forge.env]
TOKEN = """
a
[mcp_servers.trap]
"""

# another
[mcp_servers."of others"]
url = "https://x.example/mcp"

[projects."/home/a"]
trust_level = "trusted"
`

test('R-AGT-2: a table of a TOML file goes with the tables below it; comments and all else stay', () => {
  const after = editToml('f', WRITTEN, [remove('mcp_servers', 'forge')])
  expect(after).toBe(WRITTEN.replace(/\[mcp_servers\.forge\]\n[^]*?"""\n[^]*?"""\n/, ''))
  expect(after).toContain('# the forge\n\n# another\n[mcp_servers."of others"]')
  const windows = (text: string): string => text.replaceAll('\n', '\r\n')
  expect(editToml('f', windows(WRITTEN), [remove('mcp_servers', 'forge')])).toBe(windows(after))
})

test('R-AGT-2: a table is written at the end, in place of one of that name, and taken out again without a trace', () => {
  const added = editToml('f', WRITTEN, [GATEWAY])
  expect(added).toBe(
    `${WRITTEN}\n[mcp_servers.remit]\ncommand = "/opt/remit"\nargs = ["connect", "--agent", "codex"]\nrequired = true\ntool_timeout_sec = 600\n`,
  )
  expect(editToml('f', added, [GATEWAY])).toBe(added)
  expect(readTomlText('f', editToml('f', added, [remove('mcp_servers', 'remit')]))).toEqual(
    readTomlText('f', WRITTEN),
  )
  expect(editToml('f', '', [GATEWAY]).startsWith('[mcp_servers.remit]\n')).toBe(true)
})

test.each([
  ['[mcp_servers]\na = { command = "x" }\nb.command = "y"\nb.args = ["1"]\n', 'a'],
  ['[mcp_servers]\na = { command = "x" }\nb.command = "y"\nb.args = ["1"]\n', 'b'],
  ['mcp_servers.a.command = "x"\nmcp_servers . b.command = "y"\n', 'b'],
  ["[mcp_servers.'a']\ncommand = 'x'\n", 'a'],
])('R-AGT-2: every way in which a server can be written in TOML is known: %j', (text, name) => {
  const { [name]: _gone, ...rest } = readTomlText('f', text)['mcp_servers'] as Record<string, unknown>
  const after = readTomlText('f', editToml('f', text, [remove('mcp_servers', name)]))
  expect(after['mcp_servers'] ?? {}).toEqual(rest)
})

test('R-AGT-2: what cannot be edited without loss is left to its human, and what is no TOML is told with its place', () => {
  const inline = 'mcp_servers = { a = { command = "x" }, b = { command = "y" } }\n'
  expect(() => editToml('f', inline, [remove('mcp_servers', 'a')])).toThrow('change it by hand')
  expect(() => editToml('f', 'a = \n', [GATEWAY])).toThrow(/`f:1:\d+` is not valid TOML/)
})
