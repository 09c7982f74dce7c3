import type { Classifier } from '../classify/classify.ts'
import { createClassifier } from '../classify/create-classifier.ts'
import type { SecretScanner } from '../classify/secrets/secret-scanner.ts'
import type { ServerDescription } from '../classify/describe-tools.ts'
import { isServerKey, type ServerKey } from '../core/ids.ts'
import type { PinBoard } from '../gate/pins/pin-board.ts'
import { controlPaths } from './control-paths.ts'
import { GitChangedPaths } from './git-changed-paths.ts'
import type { Foundation } from './open-foundation.ts'

/** The classifier for the configured servers. @throws RemitError `config_invalid`. */
export function gatewayClassifier(
  foundation: Foundation,
  { board, scanner }: { readonly board: PinBoard; readonly scanner: SecretScanner },
): Classifier {
  const servers = new Map<ServerKey, ServerDescription>()
  for (const [key, { catalogue, tools }] of Object.entries(foundation.loaded.config.servers)) {
    if (isServerKey(key)) servers.set(key, { catalogue, tools })
  }
  return createClassifier({
    servers,
    control: controlPaths(foundation),
    agents: 'shipped',
    forges: new Set(foundation.loaded.config.forges),
    labels: foundation.loaded.config.labels,
    scanner,
    reviewed: (server, tool) => board.actionsOf(server, tool),
    changedPaths: new GitChangedPaths(),
  })
}
