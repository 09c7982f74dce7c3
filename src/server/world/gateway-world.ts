import type { ServerKey } from '../../core/ids.ts'
import { SERVER_PIN } from '../../core/tool-pin.ts'
import type { WorldView } from '../../gate/world/world-view.ts'
import type { PinBoard } from '../../gate/pins/pin-board.ts'
import type { LiveServers } from '../live-servers.ts'
import { lookAtFiles } from './look-at-files.ts'

/** The files of this machine, and the servers in force. */
export function gatewayWorld(servers: Pick<LiveServers, 'upstreams'>, board: PinBoard): WorldView {
  return {
    files: lookAtFiles,
    server(key: ServerKey) {
      const transport = servers.upstreams.get(key)?.config.transport
      if (transport === undefined) return undefined
      const pin = board.get(key, SERVER_PIN)
      // Secrets change by themselves; how a server is reached does not.
      const reached =
        transport.kind === 'stdio'
          ? ['stdio', transport.command, ...transport.args, transport.cwd ?? '']
          : ['http', transport.url]
      return JSON.stringify([reached, pin?.trusted?.digest ?? null, pin?.candidate?.digest ?? null])
    },
  }
}
