import type { Classifier } from '../classify/classify.ts'
import { createClassifier } from '../classify/create-classifier.ts'
import type { SecretScanner } from '../classify/secrets/secret-scanner.ts'
import type { ServerDescription } from '../classify/describe-tools.ts'
import { isServerKey, type ServerKey } from '../core/ids.ts'
import type { PinBoard } from '../gate/pins/pin-board.ts'
import { describedApplications } from './described-applications.ts'
import { controlPaths } from './control-paths.ts'
import { GitChangedPaths } from './git-changed-paths.ts'
import type { ServerSet } from './live-servers.ts'
import type { Foundation } from './open-foundation.ts'

/** The classifier for the servers in force, whichever they are. @throws RemitError `config_invalid`. */
export function gatewayClassifier(
  foundation: Foundation,
  { board, scanner }: { readonly board: PinBoard; readonly scanner: SecretScanner },
): Classifier {
  const fixed = {
    control: controlPaths(foundation),
    agents: 'shipped' as const,
    forges: new Set(foundation.loaded.config.forges),
    labels: foundation.loaded.config.labels,
    scanner,
    reviewed: (server: string, tool: string) => board.actionsOf(server, tool),
    changedPaths: new GitChangedPaths(),
  }
  const applications = describedApplications(foundation.loaded.config)
  const build = ({ loaded }: ServerSet): Classifier =>
    createClassifier({ ...fixed, servers: new Map([...descriptionsOf(loaded), applications]) })
  let current = build(foundation.servers.inForce)
  foundation.servers.follow((next) => {
    const built = build(next)
    return () => {
      current = built
    }
  })
  return {
    classify: (call, context) => current.classify(call, context),
    complete: (found) => current.complete(found),
    previewEdit: (call, context) => current.previewEdit(call, context),
    referents: (call, context, operations) => current.referents(call, context, operations),
    actionsOf: (server, tool) => current.actionsOf(server, tool),
    get edition() {
      return current.edition
    },
    isDescribed: (server, tool) => current.isDescribed(server, tool),
  }
}

function descriptionsOf({ config }: ServerSet['loaded']): ReadonlyMap<ServerKey, ServerDescription> {
  const servers = new Map<ServerKey, ServerDescription>()
  for (const [key, { catalogue, tools }] of Object.entries(config.servers)) {
    if (isServerKey(key)) servers.set(key, { catalogue, tools })
  }
  return servers
}
