import { RemitError } from '../core/errors.ts'
import { isOwnEntry } from '../credentials/oauth/token-entry.ts'
import { requireAdmin } from '../gate/require-admin.ts'
import type { SecretControl, SecretView } from '../gate/secret-control.ts'
import type { Foundation } from './open-foundation.ts'
import { secretUsers } from './secret-users.ts'
import { isSecretName } from './secrets.ts'
import type { ServerListControl } from './server-list-control.ts'

export function createSecretControl(
  { vault, servers, loaded }: Pick<Foundation, 'vault' | 'servers' | 'loaded'>,
  serverList: Pick<ServerListControl, 'resolveAgain'>,
): SecretControl {
  // The gateway's own entries, such as tokens of humans, are nobody's to list, set or take.
  const named = () => vault.list().filter(({ name }) => !isOwnEntry(name))
  const has = (name: string): boolean => !isOwnEntry(name) && vault.has(name)
  // Servers go by the file as it was followed, much else by the file of the start.
  const usersOf = (name: string): readonly string[] =>
    secretUsers([loaded.config, servers.inForce.loaded.config], name)
  const list = (): readonly SecretView[] =>
    named().map(({ name, version, at, by, usable }) => {
      return { name, version, at, by, usable, usedBy: usersOf(name) }
    })
  return {
    list,
    async set(actor, name, value) {
      requireAdmin(actor, 'changing secrets')
      checkName(name)
      if (has(name)) {
        throw new RemitError(
          'secret_exists',
          `there is a secret \`${name}\` already; \`remit secrets rotate ${name}\` gives it a new value`,
        )
      }
      await vault.put(name, value, { kind: 'secret.set', by: actor.human.id })
      await serverList.resolveAgain()
      return view(list(), name)
    },
    async rotate(actor, name, value) {
      requireAdmin(actor, 'changing secrets')
      if (!has(name)) throw missing(name)
      await vault.put(name, value, { kind: 'secret.rotated', by: actor.human.id })
      await serverList.resolveAgain()
      return view(list(), name)
    },
    async remove(actor, name, force) {
      requireAdmin(actor, 'changing secrets')
      if (!has(name)) throw missing(name)
      const users = usersOf(name)
      if (users.length > 0 && !force) {
        throw new RemitError(
          'secret_in_use',
          `\`${name}\` is used by ${users.map((user) => `\`${user}\``).join(', ')}; take it out of the configuration first, or remove it with --force`,
        )
      }
      const removed = await vault.remove(name, { kind: 'secret.removed', by: actor.human.id })
      if (!removed) throw missing(name)
      await serverList.resolveAgain()
    },
    async reseal(actor) {
      requireAdmin(actor, 'changing secrets')
      return { resealed: await vault.reseal(actor.human.id) }
    },
  }
}

function view(secrets: readonly SecretView[], name: string): SecretView {
  const found = secrets.find((each) => each.name === name)
  if (found === undefined) throw missing(name)
  return found
}

/** @throws RemitError `input_invalid`. */
function checkName(name: string): void {
  if (isSecretName(name)) return
  throw new RemitError(
    'input_invalid',
    `\`${name}\` cannot be the name of a secret: use up to 64 letters, digits, dots, underscores and hyphens`,
  )
}

function missing(name: string): RemitError {
  return new RemitError('secret_missing', `no secret \`${name}\` is in the store; see \`remit secrets list\``)
}
