import { evaluationError } from '../evaluation-error.ts'
import { typeError, UNKNOWN, type Value } from '../values.ts'
import { dateOf, Datetime, durationBetween, offsetDatetime, parseDatetime, timeOf } from './datetime.ts'
import { Decimal, parseDecimal } from './decimal.ts'
import { DAY, Duration, durationIn, HOUR, MINUTE, parseDuration, SECOND } from './duration.ts'
import { IpAddress, isInRange, isLoopback, isMulticast, parseIp } from './ip.ts'

type Call = (a: Value, b: Value) => Value
interface ExtensionFunction {
  readonly arity: 1 | 2
  readonly call: Call
}

const unary = (call: (a: Value) => Value): ExtensionFunction => ({ arity: 1, call })
const binary = (call: Call): ExtensionFunction => ({ arity: 2, call })

/** Every function and method of Cedar's extension types, by the name that its JSON form uses. */
const FUNCTIONS: ReadonlyMap<string, ExtensionFunction> = new Map(
  Object.entries({
    decimal: unary((a) => parseDecimal(text(a))),
    lessThan: binary((a, b) => decimal(a).tenThousandths < decimal(b).tenThousandths),
    lessThanOrEqual: binary((a, b) => decimal(a).tenThousandths <= decimal(b).tenThousandths),
    greaterThan: binary((a, b) => decimal(a).tenThousandths > decimal(b).tenThousandths),
    greaterThanOrEqual: binary((a, b) => decimal(a).tenThousandths >= decimal(b).tenThousandths),
    ip: unary((a) => parseIp(text(a))),
    isIpv4: unary((a) => ip(a).version === 4),
    isIpv6: unary((a) => ip(a).version === 6),
    isLoopback: unary((a) => isLoopback(ip(a))),
    isMulticast: unary((a) => isMulticast(ip(a))),
    isInRange: binary((a, b) => isInRange(ip(a), ip(b))),
    datetime: unary((a) => parseDatetime(text(a))),
    offset: binary((a, b) => offsetDatetime(datetime(a), duration(b))),
    durationSince: binary((a, b) => durationBetween(datetime(a), datetime(b))),
    toDate: unary((a) => dateOf(datetime(a))),
    toTime: unary((a) => timeOf(datetime(a))),
    duration: unary((a) => parseDuration(text(a))),
    toMilliseconds: unary((a) => duration(a).milliseconds),
    toSeconds: unary((a) => durationIn(duration(a), SECOND)),
    toMinutes: unary((a) => durationIn(duration(a), MINUTE)),
    toHours: unary((a) => durationIn(duration(a), HOUR)),
    toDays: unary((a) => durationIn(duration(a), DAY)),
  }),
)

export function isExtensionFunction(name: string): boolean {
  return FUNCTIONS.has(name)
}

/** @throws RemitError as Cedar does: for a wrong number or type of arguments, bad text or overflow. */
export function callExtension(name: string, args: readonly Value[]): Value {
  const entry = FUNCTIONS.get(name)
  const [first, second = UNKNOWN] = args
  if (entry === undefined) throw evaluationError(`function \`${name}\` does not exist`)
  if (first === undefined || args.length !== entry.arity) {
    throw evaluationError(`function \`${name}\` takes ${entry.arity}, got ${args.length}`)
  }
  if (args.includes(UNKNOWN)) return UNKNOWN
  return entry.call(first, second)
}

function text(value: Value): string {
  if (typeof value !== 'string') throw typeError('string', value)
  return value
}

function decimal(value: Value): Decimal {
  if (!(value instanceof Decimal)) throw typeError('decimal', value)
  return value
}

function ip(value: Value): IpAddress {
  if (!(value instanceof IpAddress)) throw typeError('ipaddr', value)
  return value
}

function datetime(value: Value): Datetime {
  if (!(value instanceof Datetime)) throw typeError('datetime', value)
  return value
}

function duration(value: Value): Duration {
  if (!(value instanceof Duration)) throw typeError('duration', value)
  return value
}
