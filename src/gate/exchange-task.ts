import { RemitError } from '../core/errors.ts'
import type { Correlation } from '../core/tool-call.ts'
import type { IssuedTask } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import type { ChildRequest, Delegation, Presented } from './delegate.ts'
import { tracedTask } from './identify.ts'
import { shownHolder } from './shown-holder.ts'

/** Token exchange (RFC 8693): a task token for the token of a child. */
export interface TaskExchange {
  /**
   * The same as `Delegation.delegate`, where a proof means what it means at a token endpoint (RFC 9449 §5). Of a task that
   * a key holds it must be that key's, and `holder` names the child's. Of a task that nobody holds it is the child's own,
   * and so is the connection's certificate where `holder` names nobody.
   * @throws RemitError as `delegate` does.
   */
  exchange(presented: Presented, request: ChildRequest, correlation: Correlation): Promise<IssuedTask>
}

export function createTaskExchange(deps: AdministrationDeps, delegation: Delegation): TaskExchange {
  return {
    async exchange({ token, showing }, request, correlation) {
      const { claims, chain } = await tracedTask(deps, token)
      const held = chain.task.holder ?? claims.holder
      if (showing === undefined) return delegation.delegate({ token }, request, correlation)
      if (held !== undefined) return delegation.delegate({ token, showing }, request, correlation)
      if ('certificate' in showing && request.holder !== undefined)
        return delegation.delegate({ token }, request, correlation)
      const holder = shownHolder(deps, showing, { token: token ?? '' })
      if (request.holder !== undefined && request.holder !== holder) {
        throw new RemitError(
          'input_invalid',
          'the proof is of another key than the one that is to hold the child; leave one of them out',
        )
      }
      return delegation.delegate({ token }, { ...request, holder }, correlation)
    },
  }
}
