/** What people may be to this gateway; `docs/roles.md`. Any other word in `roles` means something to policies alone. */
export const ROLES = ['member', 'approver', 'auditor', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** `maintainer` is all of them in one: who runs a small installation. It is also the word of gates in the packs. */
const GIVEN: ReadonlyMap<string, readonly Role[]> = new Map<string, readonly Role[]>([
  ['member', ['member']],
  ['approver', ['member', 'approver']],
  ['auditor', ['auditor']],
  ['admin', ['member', 'admin']],
  ['administrator', ['member', 'admin']],
  ['maintainer', ROLES],
])

/** Everybody is a member, except whose only role here is `auditor`: they read, and change nothing. */
export function rolesOf({ roles }: { readonly roles: readonly string[] }): readonly Role[] {
  const given = new Set(roles.flatMap((word) => GIVEN.get(word) ?? []))
  return given.size === 0 ? ['member'] : ROLES.filter((role) => given.has(role))
}

export function isAdmin(human: { readonly roles: readonly string[] }): boolean {
  return rolesOf(human).includes('admin')
}
