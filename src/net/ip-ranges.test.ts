import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressKind, isLoopbackHost } from './ip-ranges.ts'

describe('addressKind', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.0.9', 'loopback'],
    ['0.0.0.0', 'loopback'],
    ['::1', 'loopback'],
    ['::', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['::ffff:192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12::1', 'private'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['64:ff9b::7f00:1', 'reserved'],
    ['2002:7f00:1::', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['ff02::1', 'reserved'],
    ['not an address', 'reserved'],
    ['0x7f.1', 'reserved'],
    ['127.1', 'reserved'],
    ['1.1.1.1', 'public'],
    ['2606:4700::1111', 'public'],
  ])('R-SEC-1: %s is %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind)
  })

  it('R-SEC-1: an IPv4 address and its IPv4-mapped form are of one kind', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(addressKind(`::ffff:${address}`)).toBe(addressKind(address))
      }),
    )
  })
})

describe('isLoopbackHost', () => {
  it.each([
    ['localhost', true],
    ['LocalHost.', true],
    ['app.localhost', true],
    ['127.0.0.1', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['localhost.example', false],
    ['127.0.0.1.example', false],
    ['192.168.0.1', false],
  ])('%s: %s', (host, expected) => {
    expect(isLoopbackHost(host)).toBe(expected)
  })
})
