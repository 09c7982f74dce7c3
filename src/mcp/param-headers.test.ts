import { expect, test } from 'vitest'
import { checkParamHeaders, findParamHeaders, paramHeadersOf } from './param-headers.ts'

const SCHEMA = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    size: { type: 'integer', 'x-mcp-header': 'Size' },
    deep: { type: 'object', properties: { flag: { type: 'boolean', 'x-mcp-header': 'Flag' } } },
    list: { type: 'array', items: { type: 'object', properties: { no: { 'x-mcp-header': 'No' } } } },
  },
}
const declared = findParamHeaders(SCHEMA)
const args = { region: 'Zürich', size: 42, deep: { flag: true } }

test('R-MCP-1: only what is statically reachable is declared', () => {
  expect(declared.map(({ header, path }) => `${header} ${path.join('.')}`)).toEqual([
    'mcp-param-region region',
    'mcp-param-size size',
    'mcp-param-flag deep.flag',
  ])
})

test('R-MCP-1: the headers that go upstream are made from the arguments and pass their own check', () => {
  const headers = paramHeadersOf(declared, args)
  expect(headers['mcp-param-region']).toBe(`=?base64?${Buffer.from('Zürich').toString('base64')}?=`)
  expect(() => checkParamHeaders(declared, args, headers)).not.toThrow()
  expect(() => checkParamHeaders(declared, args, { ...headers, 'mcp-param-size': '42.0' })).not.toThrow()
})

test.each([
  ['missing', { 'mcp-param-size': undefined }],
  ['of another number', { 'mcp-param-size': '43' }],
  ['of another text', { 'mcp-param-region': 'Bern' }],
  ['bad Base64', { 'mcp-param-region': '=?base64?!!?=' }],
  ['of another truth', { 'mcp-param-flag': 'false' }],
])('R-SEC-1: a header that is %s is refused', (_what, over) => {
  const headers = { ...paramHeadersOf(declared, args), ...over }
  expect(() => checkParamHeaders(declared, args, headers)).toThrow(/mcp-param-/)
})

test('an argument that is not there wants no header', () => {
  expect(() => checkParamHeaders(declared, {}, {})).not.toThrow()
})
