import { asRemitError } from '../core/errors.ts'
import type { Actor } from '../gate/administration.ts'

/** Who proved an approver code to a page, or what to tell them. */
export async function proveHuman(
  ports: { readonly authenticate: (authorization: string) => Promise<Actor> },
  code: string,
): Promise<{ readonly actor: Actor } | { readonly problem: string }> {
  if (code === '') return { problem: 'Log in first; what you sent was not used.' }
  try {
    const actor = await ports.authenticate(`Bearer ${code}`)
    // What lies on the disk proves no human, and a code for one task gives no other.
    if (actor.credential === 'approver' && actor.onlyTask === undefined) return { actor }
    return { problem: 'This credential cannot delegate here; use your approver code.' }
  } catch (thrown) {
    const error = asRemitError(thrown)
    if (error.status >= 500) throw error
    return { problem: error.message }
  }
}
