import { describe, expect, test } from 'vitest'
import { valueText } from '../trace-facts.ts'
import { EMPTY_SET, UNKNOWN, type Value } from '../values.ts'
import { callExtension, isExtensionFunction } from './call-extension.ts'

/** `ip:10.0.0.1` stands for `ip("10.0.0.1")`. */
function value(text: string): Value {
  const [, name = '', argument = ''] = /^(ip|decimal|datetime|duration):(.*)$/.exec(text) ?? []
  return name === '' ? text : callExtension(name, [argument])
}

function answer(name: string, args: readonly Value[]): string {
  try {
    const result = callExtension(name, args)
    return typeof result === 'object' ? valueText(result) : String(result)
  } catch (error) {
    return `error: ${(error as Error).message}`
  }
}

function rows(title: string, table: readonly (readonly [name: string, args: string, expected: string])[]) {
  describe(`R-POL-5: ${title}`, () => {
    test.each(table)('%s(%s) ▸ %s', (name, args, expected) => {
      expect(answer(name, args.split(' ').map(value))).toBe(expected)
    })
  })
}

rows('decimals', [
  ['decimal', '1.5', 'decimal(15000)'],
  ['decimal', '-1.5', 'decimal(-15000)'],
  ['decimal', '0.0001', 'decimal(1)'],
  ['decimal', '-0.0', 'decimal(0)'],
  ['decimal', '922337203685477.5807', 'decimal(9223372036854775807)'],
  ['decimal', '-922337203685477.5808', 'decimal(-9223372036854775808)'],
  ['decimal', '922337203685477.5808', 'error: decimal overflow'],
  ['decimal', '1', 'error: `1` is not a decimal'],
  ['decimal', '1.', 'error: `1.` is not a decimal'],
  ['decimal', '.5', 'error: `.5` is not a decimal'],
  ['decimal', '1.23456', 'error: `1.23456` is not a decimal'],
  ['decimal', '+1.5', 'error: `+1.5` is not a decimal'],
  ['decimal', 'x1.5', 'error: `x1.5` is not a decimal'],
  ['decimal', '1.5x', 'error: `1.5x` is not a decimal'],
  ['lessThan', 'decimal:1.0 decimal:1.1', 'true'],
  ['lessThan', 'decimal:1.0 decimal:1.0', 'false'],
  ['lessThanOrEqual', 'decimal:1.0 decimal:1.0', 'true'],
  ['lessThanOrEqual', 'decimal:1.1 decimal:1.0', 'false'],
  ['greaterThan', 'decimal:1.1 decimal:1.0', 'true'],
  ['greaterThan', 'decimal:1.0 decimal:1.0', 'false'],
  ['greaterThanOrEqual', 'decimal:1.0 decimal:1.0', 'true'],
  ['greaterThanOrEqual', 'decimal:1.0 decimal:1.1', 'false'],
  ['lessThan', 'decimal:1.0 1.0', 'error: type error: expected decimal, got string'],
  ['greaterThan', 'ip:10.0.0.1 decimal:1.0', 'error: type error: expected decimal, got ipaddr'],
])

const notIp = (text: string): readonly [string, string, string] => [
  'ip',
  text,
  `error: \`${text}\` is not an IP address`,
]

/** An address as its version, its bits as a number, and its prefix. */
function address(version: 4 | 6, bits: number | bigint, prefix: number): string {
  return `ipaddr(${version}:${bits}/${prefix})`
}

rows('addresses', [
  ['ip', '10.0.0.1', address(4, 0x0a_00_00_01, 32)],
  ['ip', '1.2.3.4/0', address(4, 0x01_02_03_04, 0)],
  ['ip', '255.255.255.255', address(4, 0xff_ff_ff_ff, 32)],
  ['ip', '::1', 'ipaddr(6:1/128)'],
  ['ip', '::', 'ipaddr(6:0/128)'],
  ['ip', '1::/16', address(6, 1n << 112n, 16)],
  ['ip', '1:2:3:4:5:6:7:8', address(6, 0x0001_0002_0003_0004_0005_0006_0007_0008n, 128)],
  ['ip', '1:2:3::6:7:8', address(6, 0x0001_0002_0003_0000_0000_0006_0007_0008n, 128)],
  ['ip', 'ABCD::eF01', address(6, (0xabcdn << 112n) | 0xef01n, 128)],
  ['ip', '1:2:3:4:5:6:7::', address(6, 0x0001_0002_0003_0004_0005_0006_0007_0000n, 128)],
  ['ip', '10.0.0.0/32', address(4, 0x0a_00_00_00, 32)],
  ['ip', '::/128', 'ipaddr(6:0/128)'],
  notIp('10.0.0'),
  notIp('10.0.0.1.2'),
  notIp('10.0.0.256'),
  notIp('10.0.0.1000'),
  notIp('10.0.0.x'),
  notIp('10.0.0.01'),
  notIp('10.0.0.'),
  notIp('10.0.0.1/33'),
  notIp('10.0.0.1/'),
  notIp('10.0.0.1/08'),
  notIp('10.0.0.1/8/8'),
  notIp('::1/129'),
  notIp('::1/-1'),
  notIp('1:2:3:4:5:6:7'),
  notIp('1:2:3:4:5:6:7:8:9'),
  notIp('1:2:3:4:5:6:7:8::'),
  notIp('1::2::3'),
  notIp('12345::'),
  notIp('g::'),
  notIp(':1'),
  notIp('::ffff:1.2.3.4'),
  notIp('0000:0000:0000:0000:0000:0000:0000:00001'),
  notIp('x10.0.0.1'),
  notIp('::1x'),
  ['isIpv4', 'ip:10.0.0.1', 'true'],
  ['isIpv4', 'ip:::1', 'false'],
  ['isIpv6', 'ip:::1', 'true'],
  ['isIpv6', 'ip:10.0.0.1', 'false'],
  ['isLoopback', 'ip:127.0.0.1', 'true'],
  ['isLoopback', 'ip:127.255.0.0/16', 'true'],
  ['isLoopback', 'ip:127.0.0.0/7', 'false'],
  ['isLoopback', 'ip:128.0.0.1', 'false'],
  ['isLoopback', 'ip:::1', 'true'],
  ['isLoopback', 'ip:::2', 'false'],
  ['isMulticast', 'ip:224.0.0.1', 'true'],
  ['isMulticast', 'ip:239.255.255.255', 'true'],
  ['isMulticast', 'ip:223.255.255.255', 'false'],
  ['isMulticast', 'ip:240.0.0.0', 'false'],
  ['isMulticast', 'ip:ff02::1', 'true'],
  ['isMulticast', 'ip:fe00::1', 'false'],
  ['isInRange', 'ip:10.1.2.3 ip:10.0.0.0/8', 'true'],
  ['isInRange', 'ip:11.0.0.0 ip:10.0.0.0/8', 'false'],
  ['isInRange', 'ip:9.255.255.255 ip:10.0.0.0/8', 'false'],
  ['isInRange', 'ip:10.0.0.0/8 ip:10.0.0.0/8', 'true'],
  ['isInRange', 'ip:10.0.0.0/7 ip:10.0.0.0/8', 'false'],
  ['isInRange', 'ip:10.0.0.0/8 ip:10.0.0.0/9', 'false'],
  ['isInRange', 'ip:10.200.0.0/9 ip:10.0.0.0/8', 'true'],
  ['isInRange', 'ip:::1 ip:0.0.0.0/0', 'false'],
  ['isInRange', 'ip:2001:db8::1 ip:2001:db8::/32', 'true'],
  ['isInRange', 'ip:2001:db9::1 ip:2001:db8::/32', 'false'],
  ['isLoopback', '127.0.0.1', 'error: type error: expected ipaddr, got string'],
])

const notDatetime = (text: string): readonly [string, string, string] => [
  'datetime',
  text,
  `error: \`${text}\` is not a datetime`,
]

rows('datetimes', [
  ['datetime', '1970-01-01', 'datetime("1970-01-01T00:00:00.000Z")'],
  ['datetime', '1969-12-31T23:59:59.999Z', 'datetime("1969-12-31T23:59:59.999Z")'],
  ['datetime', '2024-02-29T23:59:59Z', 'datetime("2024-02-29T23:59:59.000Z")'],
  ['datetime', '0001-01-01', 'datetime("0001-01-01T00:00:00.000Z")'],
  ['datetime', '2024-01-01T00:00:00+2359', 'datetime("2023-12-31T00:01:00.000Z")'],
  ['datetime', '2024-01-01T00:00:00-0130', 'datetime("2024-01-01T01:30:00.000Z")'],
  ['datetime', '2024-01-01T12:34:56.789+0100', 'datetime("2024-01-01T11:34:56.789Z")'],
  notDatetime('2024-1-01'),
  notDatetime('24-01-01'),
  notDatetime('2023-02-29'),
  notDatetime('2024-00-01'),
  notDatetime('2024-13-01'),
  notDatetime('2024-01-32'),
  notDatetime('2024-01-00'),
  notDatetime('2024-01-01T24:00:00Z'),
  notDatetime('2024-01-01T00:60:00Z'),
  notDatetime('2024-01-01T00:00:60Z'),
  notDatetime('2024-01-01T00:00:00'),
  notDatetime('2024-01-01T00:00:00.12Z'),
  notDatetime('2024-01-01T00:00:00+2400'),
  notDatetime('2024-01-01T00:00:00+0060'),
  notDatetime('2024-01-01T00:00:00+01:00'),
  notDatetime('x2024-01-01'),
  notDatetime('2024-01-01x'),
  ['offset', 'datetime:2024-02-28 duration:1d', 'datetime("2024-02-29T00:00:00.000Z")'],
  ['offset', 'datetime:2024-02-28 duration:-1ms', 'datetime("2024-02-27T23:59:59.999Z")'],
  ['offset', 'datetime:2024-02-28 duration:9223372036854775807ms', 'error: datetime overflow'],
  ['durationSince', 'datetime:2024-01-02 datetime:2024-01-01', 'duration(86400000)'],
  ['durationSince', 'datetime:2024-01-01 datetime:2024-01-02', 'duration(-86400000)'],
  ['toDate', 'datetime:2024-01-02T23:59:59Z', 'datetime("2024-01-02T00:00:00.000Z")'],
  ['toDate', 'datetime:2024-01-02', 'datetime("2024-01-02T00:00:00.000Z")'],
  ['toDate', 'datetime:1969-12-30T00:00:01Z', 'datetime("1969-12-30T00:00:00.000Z")'],
  ['toTime', 'datetime:2024-01-02T01:00:00Z', 'duration(3600000)'],
  ['toTime', 'datetime:1969-12-30T00:00:01Z', 'duration(1000)'],
  ['toDate', '2024-01-02', 'error: type error: expected datetime, got string'],
  ['offset', 'datetime:2024-02-28 1d', 'error: type error: expected duration, got string'],
])

test('R-POL-5: datetimes as far as 64 bits go', () => {
  const end = callExtension('offset', [value('datetime:1970-01-01'), value('duration:9223372036854775807ms')])
  const start = callExtension('offset', [
    value('datetime:1970-01-01'),
    value('duration:-9223372036854775808ms'),
  ])
  expect(answer('durationSince', [end, value('datetime:1970-01-01')])).toBe('duration(9223372036854775807)')
  expect(answer('durationSince', [value('datetime:1970-01-01'), start])).toBe('error: duration overflow')
  expect(answer('durationSince', [start, end])).toBe('error: duration overflow')
  expect(answer('toDate', [start])).toBe('error: datetime overflow')
  expect(answer('toTime', [start])).toBe(
    `duration(${((-(2n ** 63n) % 86_400_000n) + 86_400_000n) % 86_400_000n})`,
  )
})

const notDuration = (text: string): readonly [string, string, string] => [
  'duration',
  text,
  `error: \`${text}\` is not a duration`,
]

rows('durations', [
  ['duration', '1d2h3m4s5ms', `duration(${86_400_000 + 7_200_000 + 180_000 + 4000 + 5})`],
  ['duration', '-1d2h', `duration(${-(86_400_000 + 7_200_000)})`],
  ['duration', '0ms', 'duration(0)'],
  ['duration', '-0ms', 'duration(0)'],
  ['duration', '3m', 'duration(180000)'],
  ['duration', '9223372036854775807ms', 'duration(9223372036854775807)'],
  ['duration', '-9223372036854775808ms', 'duration(-9223372036854775808)'],
  ['duration', '9223372036854775808ms', 'error: duration overflow'],
  ['duration', '106751991168d', 'error: duration overflow'],
  ['duration', '106751991167d23h', 'error: duration overflow'],
  notDuration('-'),
  notDuration('1'),
  notDuration('1h1d'),
  notDuration('1m1m'),
  notDuration('+1h'),
  notDuration('1hx'),
  notDuration('x1h'),
  ['toMilliseconds', 'duration:1s', '1000'],
  ['toSeconds', 'duration:1999ms', '1'],
  ['toSeconds', 'duration:-1999ms', '-1'],
  ['toMinutes', 'duration:61m', '61'],
  ['toHours', 'duration:2d1h59m', '49'],
  ['toDays', 'duration:47h', '1'],
  ['toDays', '1d', 'error: type error: expected duration, got string'],
])

describe('R-POL-4: a call that is no call', () => {
  test.each<readonly [string, readonly Value[], string]>([
    ['ip', [], 'function `ip` takes 1, got 0'],
    ['ip', ['a', 'b'], 'function `ip` takes 1, got 2'],
    ['lessThan', [value('decimal:1.0')], 'function `lessThan` takes 2, got 1'],
    ['sudo', ['a'], 'function `sudo` does not exist'],
    ['constructor', ['a'], 'function `constructor` does not exist'],
    ['ip', [1], 'type error: expected string, got long'],
    ['datetime', [EMPTY_SET], 'type error: expected string, got set'],
  ])('%s', (name, args, message) => {
    expect(answer(name, args)).toBe(`error: ${message}`)
  })

  test('what is unknown stays unknown', () => {
    expect(callExtension('ip', [UNKNOWN])).toBe(UNKNOWN)
    expect(callExtension('isInRange', [value('ip:10.0.0.1'), UNKNOWN])).toBe(UNKNOWN)
    expect(callExtension('isInRange', [UNKNOWN, value('ip:10.0.0.1')])).toBe(UNKNOWN)
  })

  test('the names are Cedar’s', () => {
    expect(['ip', 'toDays', 'offset'].every(isExtensionFunction)).toBe(true)
    expect(['contains', 'toString', '', 'IP'].some(isExtensionFunction)).toBe(false)
  })
})
