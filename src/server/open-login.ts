import { createHmac } from 'node:crypto'
import { protectionReport } from './protection.ts'
import { Login } from '../login/login.ts'
import { ProvisionedPeople } from '../login/oidc/provisioned-people.ts'
import type { ActorAuthenticator } from './authenticate-actor.ts'
import type { Foundation } from './open-foundation.ts'
import { openIdentityProviders } from './open-identity-providers.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

/** Milliseconds after a login during which credentials can be changed. */
const FRESH = 600_000

type LoginFoundation = Pick<
  Foundation,
  | 'tenant'
  | 'store'
  | 'directory'
  | 'keys'
  | 'planes'
  | 'loaded'
  | 'vault'
  | 'tokens'
  | 'secretPlaces'
  | 'ownPorts'
  | 'scrubber'
  | 'log'
>

/** How people log in through a browser, over one foundation. */
export async function openLogin(
  {
    tenant,
    store,
    directory,
    keys,
    planes,
    loaded,
    vault,
    tokens,
    secretPlaces,
    ownPorts,
    scrubber,
    log,
  }: LoginFoundation,
  actors: ActorAuthenticator,
): Promise<Login> {
  const { idle, session, require } = loaded.config.login
  const place = { tenant, store: store.logins, clock: SYSTEM_CLOCK, entropy: SYSTEM_ENTROPY }
  const identityProviders = openIdentityProviders({ loaded, secretPlaces, ownPorts, scrubber, log })
  const issuers = [...identityProviders.values()].map(({ name, issuer }) => [name, issuer] as const)
  const people = new ProvisionedPeople(place, new Map(issuers))
  directory.join(people)
  await people.catchUp()
  return new Login(
    {
      ...place,
      protection: protectionReport().level,
      journal: store.journal,
      humans: directory.directory,
      configured: directory.configured,
      people,
      tasks: store.tasks,
      connections: tokens,
      identityProviders,
      sealing: vault,
      hasCode: (human) => actors.hasCode(human),
      key: createHmac('sha256', keys.requestState).update('login challenges').digest(),
      adminUrl: planes.urls.admin,
      limits: { idle, absolute: session, fresh: FRESH },
      require,
      secondPerson: loaded.config.loosening === 'second-person',
    },
    (authorization) => actors.authenticate(authorization),
  )
}
