import type { Assertion } from '../core/assertion.ts'
import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import type { Actor } from '../gate/administration.ts'
import type { StepUp } from '../gate/step-up.ts'
import type { Login } from './login.ts'

/**
 * A fresh proof under what is grave: a passkey's signature over the digest of it. Who has no passkey types their code
 * once more, unless passkeys are demanded; who has neither, as those who came with a provider, is told to enrol one. A code on the command line is a fresh proof by itself.
 */
export function createStepUp(login: Login): StepUp {
  return {
    async confirm(actor, digest, answer) {
      const { id } = actor.human
      if (actor.session === undefined) return commandLine(login, actor)
      const passkeys = await login.passkeys.list(id)
      if (passkeys.length === 0 && login.deps.require !== 'passkey' && login.deps.hasCode(id)) {
        if (answer?.code === undefined || answer.code === '') throw needed('your approver code', digest)
        await login.confirmCode(id, answer.code)
        return undefined
      }
      if (answer?.assertion === undefined) {
        const options = await login.passkeys.stepUpOptions(id, digest)
        throw needed('your passkey', digest, options as unknown as Json)
      }
      return login.confirmPasskey(id, digest, answer.assertion)
    },
  }
}

function commandLine(login: Login, actor: Actor): Assertion | undefined {
  if (actor.credential !== 'approver' || login.deps.require !== 'passkey') return undefined
  throw new RemitError(
    'step_up_needed',
    `this gateway wants a passkey under what is grave; decide it in the browser at ${login.deps.adminUrl}/login`,
  )
}

/** With what the page needs to ask for it. */
function needed(what: string, digest: string, options?: Json): RemitError {
  const data = { digest, ...(isJsonObject(options) ? { options } : {}) }
  return new RemitError('step_up_needed', `this is grave: it wants ${what} once more`, { data })
}
