import type { KeysAnswer } from '../api/contract.ts'
import { table } from './paint.ts'

export function formatKeys({ keys }: KeysAnswer): string {
  const rows = keys.map(({ kid, state, from, until }) => [
    kid,
    state,
    new Date(from).toISOString(),
    until === undefined ? '-' : new Date(until).toISOString(),
  ])
  return table([['key', 'state', 'signs from', 'verifies until'], ...rows])
}
