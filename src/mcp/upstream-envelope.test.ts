import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHeaderValue } from './header-value.ts'
import { headerText, legacyParams, modernParams, mirroredName } from './upstream-envelope.ts'

describe('the envelope', () => {
  it('R-MCP-1: mirrors exactly the capabilities of this request, whatever the caller wrote into `_meta`', () => {
    const forged = { 'io.modelcontextprotocol/clientCapabilities': { sampling: {} }, other: 1 }
    const params = modernParams(
      { params: { a: 1, _meta: forged }, clientCapabilities: {} },
      { name: 'r', version: '1' },
    )
    expect(params).toEqual({
      a: 1,
      _meta: {
        other: 1,
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'r', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    })
  })

  it('R-MCP-1: a legacy server sees nothing of it', () => {
    const client = { name: 'r', version: '1' }
    const plain = { name: 'x', arguments: {} }
    expect(legacyParams(modernParams({ params: plain, clientCapabilities: {} }, client))).toEqual(plain)
    const traced = { ...plain, _meta: { traceparent: 't' } }
    expect(legacyParams(modernParams({ params: traced, clientCapabilities: {} }, client))).toEqual(traced)
  })

  it('SEP-2243: every name survives the header', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constant('=?base64?eA==?='), fc.constant(' x ')),
        (name) => {
          fc.pre(name.isWellFormed())
          const value = headerText(name)
          expect(value).toMatch(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/)
          expect(decodeHeaderValue(value)).toBe(name)
        },
      ),
    )
  })

  it('names what a method is about', () => {
    expect(mirroredName('resources/read', { uri: 'u', name: 'n' })).toBe('u')
    expect(mirroredName('tools/list', { name: 'n' })).toBeUndefined()
  })
})
