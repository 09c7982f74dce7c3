import { join } from 'node:path'
import { CREDENTIAL_FILES } from './credential-files.ts'
import type { Surroundings } from './surroundings.ts'

/** Something that an agent has without having been given it; named, and its value never looked at by anybody. */
export interface AmbientCredential {
  readonly kind: 'variable' | 'file' | 'key' | 'socket'
  /** Name of the variable, or the path. */
  readonly name: string
  readonly what: string
  readonly fix: string
}

/** Words of a name; between them stand `_`. */
const TELLING =
  /(?:^|_)(?:TOKEN|SECRETS?|PASSWORD|PASSWD|PASSPHRASE|PAT|APIKEY|API_?KEY|ACCESS_?KEY|SECRET_?KEY|PRIVATE_?KEY|CREDENTIALS?|AUTH)(?:_|$)/i
/** Of which the name says nothing. */
const KNOWN = new Set(['DATABASE_URL', 'PGPASSWORD', 'MYSQL_PWD', 'KUBECONFIG', 'DOCKER_HOST'])
/** What only says where somebody may ask, and is named below as a socket, or is Remit's own for the agent. */
const NOT = /^(?:SSH_AUTH_SOCK|XAUTHORITY|REMIT_(?!APPROVER$).*)$/
const UNSET =
  'unset it where agents start, or start them with `remit run`, which hands on nothing that is not named'

/** Everything that an agent started from here, outside of a sandbox, inherits. In a steady order. */
export function ambientCredentials(around: Surroundings): readonly AmbientCredential[] {
  return [...variables(around), ...files(around), ...keys(around), ...sockets(around)]
}

function* variables({ environ }: Surroundings): Iterable<AmbientCredential> {
  for (const name of Object.keys(environ).toSorted()) {
    if ((environ[name] ?? '') === '' || NOT.test(name)) continue
    if (name === 'REMIT_APPROVER') {
      yield {
        kind: 'variable',
        name,
        what: 'your approver code',
        fix: 'unset it: an agent could approve its own calls with it',
      }
    } else if (TELLING.test(name) || KNOWN.has(name)) {
      yield { kind: 'variable', name, what: 'a credential by its name', fix: UNSET }
    }
  }
}

function* files({ home, exists, read }: Surroundings): Iterable<AmbientCredential> {
  for (const { path, what, fix, when } of CREDENTIAL_FILES) {
    const file = join(home, path)
    if (when === undefined ? !exists(file) : !when.test(read(file) ?? '')) continue
    yield { kind: 'file', name: `~/${path}`, what, fix }
  }
}

function* keys({ home, list, read, exists }: Surroundings): Iterable<AmbientCredential> {
  for (const name of [...list(join(home, '.ssh'))].toSorted()) {
    if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(read(join(home, '.ssh', name)) ?? '')) continue
    const fix = 'keep it in hardware or behind an agent that asks each time, or start agents with `remit run`'
    yield { kind: 'key', name: `~/.ssh/${name}`, what: 'SSH key', fix }
  }
  if (exists(join(home, '.gnupg', 'private-keys-v1.d'))) {
    const fix = 'sign with a key that asks each time, or start agents with `remit run`'
    yield { kind: 'key', name: '~/.gnupg/private-keys-v1.d', what: 'GnuPG keys', fix }
  }
}

function* sockets({ environ, exists }: Surroundings): Iterable<AmbientCredential> {
  const agent = environ['SSH_AUTH_SOCK'] ?? ''
  if (agent !== '' && exists(agent)) {
    const fix =
      'unset SSH_AUTH_SOCK where agents start, add keys with `ssh-add -c`, or start agents with `remit run`'
    yield { kind: 'socket', name: 'SSH_AUTH_SOCK', what: 'SSH agent: signs with your keys', fix }
  }
  for (const path of ['/var/run/docker.sock', '/run/podman/podman.sock']) {
    if (!exists(path)) continue
    const fix =
      'who reaches it is root on this machine: use a rootless engine, or start agents with `remit run`'
    yield { kind: 'socket', name: path, what: 'container engine', fix }
  }
}
