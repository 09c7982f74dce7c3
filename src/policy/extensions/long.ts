import { evaluationError } from '../evaluation-error.ts'

/** Cedar's i64: a `number` while safe, a `bigint` beyond. */
export type Long = number | bigint

const MINIMUM = -(2n ** 63n)
const MAXIMUM = 2n ** 63n - 1n

/** @throws RemitError when the result leaves i64. */
export function long(value: bigint, what = 'integer'): Long {
  if (value < MINIMUM || value > MAXIMUM) throw evaluationError(`${what} overflow`)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

export function isLong(value: unknown): value is Long {
  return typeof value === 'number' || typeof value === 'bigint'
}

export function addLongs(a: Long, b: Long, what?: string): Long {
  return long(BigInt(a) + BigInt(b), what)
}

export function subtractLongs(a: Long, b: Long, what?: string): Long {
  return long(BigInt(a) - BigInt(b), what)
}

export function multiplyLongs(a: Long, b: Long): Long {
  return long(BigInt(a) * BigInt(b))
}

/** Quotient towards negative infinity. */
export function floorDivide(a: Long, b: bigint): bigint {
  const dividend = BigInt(a)
  const quotient = dividend / b
  return dividend % b < 0n ? quotient - 1n : quotient
}
