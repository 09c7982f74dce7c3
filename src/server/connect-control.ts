import { RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import { clientDocument } from '../credentials/oauth/client-document.ts'
import { ConnectFlows } from '../credentials/oauth/connect-flows.ts'
import type { OAuthServer } from '../credentials/oauth/oauth-server.ts'
import type { Actor } from '../gate/administration.ts'
import type { ConnectControl } from '../gate/connect-control.ts'
import type { Foundation } from './open-foundation.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

export function createConnectControl({
  vault,
  planes,
  tokens,
  oauthServerOf,
}: Pick<Foundation, 'vault' | 'planes' | 'tokens' | 'oauthServerOf'>): ConnectControl {
  const flows = new ConnectFlows({
    vault,
    adminUrl: planes.urls.admin,
    document: clientDocument(planes.urls),
    now: () => SYSTEM_CLOCK.now(),
  })
  const serverOf = (key: string): OAuthServer => {
    const server = oauthServerOf(key)
    if (server !== undefined) return server
    throw new RemitError('not_found', `no server \`${key}\` with \`oauth\` is configured`)
  }
  return {
    start(actor, server, scope) {
      requireCode(actor)
      return flows.start(serverOf(server), actor.human.id, scope)
    },
    comeBack: (params) => flows.comeBack(params),
    finish(actor, flow, number) {
      requireCode(actor)
      return flows.finish(flow, number, actor.human.id)
    },
    async disconnect(actor, server, human) {
      requireCode(actor)
      const whose = (human ?? actor.human.id) as HumanId
      if (await tokens.disconnect(server, whose, actor.human.id)) return
      throw new RemitError('not_found', `\`${whose}\` is not connected to \`${server}\``)
    },
  }
}

/** What is on the disk alone, where an agent may read it, must not be enough to act as somebody. */
function requireCode(actor: Actor): void {
  if (actor.credential === 'approver' && actor.onlyTask === undefined) return
  throw new RemitError('role_missing', 'this needs an approver code that is not for one task only')
}
