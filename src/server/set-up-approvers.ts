import type { Human } from '../core/identity.ts'
import { RemitError } from '../core/errors.ts'
import { rolesOf } from '../core/roles.ts'
import {
  type ApproverHashes,
  hashApproverCode,
  newApproverCode,
  readApproverHashes,
  writeApproverHashes,
} from './approver-code.ts'

export interface KnownCode {
  readonly human: string
  readonly code: string
}

export interface ApproverSetUp {
  readonly hashes: ApproverHashes
  /** Codes that this start learned in plain, so that they need not be proved again. */
  readonly known: readonly KnownCode[]
  /** Set on the first start only: to be printed once and forgotten. */
  readonly printOnce?: KnownCode
}

/**
 * Whose codes approve here. `REMIT_APPROVER` (`human:code`, several separated by commas, or `code` alone for the
 * first approver) replaces what was kept for these humans; else what was kept holds; else a code is made for the
 * first approver: the first human who is an admin or approver, or the first at all.
 * @param humans the configured humans.
 * @throws RemitError `config_invalid` for a code of nobody or one that is too short; `key_unusable`.
 */
export async function setUpApprovers(
  path: string,
  humans: readonly Human[],
  given: string | undefined,
): Promise<ApproverSetUp> {
  const owner = (humans.find(isApprover) ?? humans[0])?.id
  if (owner === undefined) throw new RemitError('config_invalid', '`humans` names nobody who could approve')
  const kept = readApproverHashes(path)
  if (given !== undefined && given.trim() !== '') {
    const hashes: Record<string, ApproverHashes[string]> = { ...kept }
    const names = humans.map((human) => human.id)
    const known = parseGiven(given, names, owner)
    for (const { human, code } of known) hashes[human] = await hashApproverCode(code)
    writeApproverHashes(path, hashes)
    return { hashes, known }
  }
  if (kept !== undefined) return { hashes: kept, known: [] }
  const code = newApproverCode()
  const hashes = { [owner]: await hashApproverCode(code) }
  writeApproverHashes(path, hashes)
  const made = { human: owner, code }
  return { hashes, known: [made], printOnce: made }
}

function isApprover(human: Human): boolean {
  const roles = rolesOf(human)
  return roles.includes('admin') || roles.includes('approver')
}

function parseGiven(given: string, humans: readonly string[], owner: string): readonly KnownCode[] {
  return given.split(',').map((entry) => {
    const text = entry.trim()
    const colon = text.indexOf(':')
    if (colon < 0) return { human: owner, code: text }
    const human = text.slice(0, colon)
    if (humans.includes(human)) return { human, code: text.slice(colon + 1) }
    throw new RemitError(
      'config_invalid',
      `\`REMIT_APPROVER\` names \`${human}\`, who is not in \`humans\`; the humans are ${humans.join(', ')}`,
    )
  })
}
