import { RemitError } from '../core/errors.ts'
import type { Human } from '../core/identity.ts'
import { type Role, ROLES, rolesOf } from '../core/roles.ts'
import type { Reach } from '../gate/reach.ts'

/**
 * What a role may do on one row of a table: `-` nothing; `o` with what is their own, which on approvals is also what they
 * may decide; `e` also see that everybody’s are there, without what they carry; `a` with everybody’s.
 */
type Cell = '-' | 'o' | 'e' | 'a'

/** One cell a role, in the order of `ROLES`: member, approver, auditor, admin. */
export type May = `${Cell} ${Cell} ${Cell} ${Cell}`

/** Everybody, each for themselves. */
export const THEIR_OWN: May = 'o o o o'
/** Answering requests for consent, on whichever way. */
export const DECIDING: May = 'o o - o'
/** Giving a task to an agent, on whichever page. */
export const DELEGATING: May = 'o o - o'

const REACHES: readonly Reach[] = ['own', 'bare', 'all']
const CELLS: Readonly<Record<Cell, Reach | undefined>> = { '-': undefined, o: 'own', e: 'bare', a: 'all' }

export function cellOf(may: May, role: Role): Cell {
  return may.split(' ')[ROLES.indexOf(role)] as Cell
}

/**
 * The widest of their roles. A row that says nothing good of them refuses them.
 * @param what they would do, as the subject of a sentence.
 * @throws RemitError `role_missing`.
 */
export function reachOf(human: Human, may: May, what: string): Reach {
  const widest = reachIn(human, may)
  if (widest !== undefined) return widest
  const able = ROLES.filter((role) => cellOf(may, role) !== '-').map((role) => `\`${role}\``)
  const whose =
    able.length === 0 ? 'no human' : `the role ${able.join(' or ')} (a \`maintainer\` has every one)`
  const has = rolesOf(human).map((role) => `\`${role}\``)
  throw new RemitError(
    'role_missing',
    `${what} is for ${whose}; \`${human.id}\` is ${has.join(' and ')} here`,
  )
}

/** The widest of their roles; undefined = nothing. */
export function reachIn(human: Human, may: May): Reach | undefined {
  const reaches = new Set(rolesOf(human).map((role) => CELLS[cellOf(may, role)]))
  return REACHES.findLast((reach) => reaches.has(reach))
}
