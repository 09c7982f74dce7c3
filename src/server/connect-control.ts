import { RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import { clientDocument } from '../credentials/oauth/client-document.ts'
import { ConnectFlows } from '../credentials/oauth/connect-flows.ts'
import { PendingFlows } from '../credentials/oauth/pending-flows.ts'
import type { ConnectControl } from '../gate/connect-control.ts'
import { requireHuman, requireAdmin } from '../gate/require-admin.ts'
import type { Foundation } from './open-foundation.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

export function createConnectControl({
  tenant,
  store,
  vault,
  planes,
  tokens,
  oauthServerOf,
}: Pick<Foundation, 'tenant' | 'store' | 'vault' | 'planes' | 'tokens' | 'oauthServerOf'>): ConnectControl {
  const now = (): number => SYSTEM_CLOCK.now()
  const flows = new ConnectFlows({
    vault,
    pending: new PendingFlows({
      tenant,
      store: store.oauth,
      commit: (changes) => store.journal.commit({ records: [], changes }),
      vault,
      now,
    }),
    serverOf: oauthServerOf,
    adminUrl: planes.urls.admin,
    document: clientDocument(planes.urls),
    now,
  })
  return {
    start(actor, server, scope) {
      requireHuman(actor, 'connecting as a human')
      return flows.start(server, actor.human.id, scope)
    },
    comeBack: (params) => flows.comeBack(params),
    finish(actor, flow, number) {
      requireHuman(actor, 'connecting as a human')
      return flows.finish(flow, number, actor.human.id)
    },
    async disconnect(actor, server, human) {
      const whose = (human ?? actor.human.id) as HumanId
      if (whose === actor.human.id) requireHuman(actor, 'disconnecting')
      else requireAdmin(actor, 'disconnecting somebody else')
      if (await tokens.disconnect(server, whose, actor.human.id)) return
      throw new RemitError('not_found', `\`${whose}\` is not connected to \`${server}\``)
    },
  }
}
