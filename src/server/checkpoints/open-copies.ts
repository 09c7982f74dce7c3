import { appendFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkpointLogLine } from '../../audit/checkpoint-log.ts'
import { readVerifierKey } from '../../audit/verifier-key.ts'
import { RemitError } from '../../core/errors.ts'
import type { GuardedFetchOptions } from '../../net/guarded-fetch.ts'
import { secretText } from '../channel-place.ts'
import type { Cleanup } from '../cleanup.ts'
import type { CopyConfig } from '../config-ledger-schema.ts'
import { openStoredLedger } from '../offline-ledger.ts'
import type { Foundation } from '../open-foundation.ts'
import { SYSTEM_CLOCK } from '../system-clock.ts'
import { CheckpointCopies } from './checkpoint-copies.ts'
import type { Destination } from './destination.ts'
import { fileCopy } from './file-copy.ts'
import { httpsCopy } from './https-copy.ts'
import { witnessCopy } from './witness-copy.ts'

const EVERY = 1_000

const now = (): number => SYSTEM_CLOCK.now()

/** Copies this tenant's checkpoints outside, until the gateway stops. */
export function openCopies(foundation: Foundation, cleanup: Cleanup): CheckpointCopies {
  const { loaded, state, store, tenant, log } = foundation
  const { heartbeat, checkpoints } = loaded.config.ledger
  const copies = new CheckpointCopies({
    destinations: checkpoints.map((copy) => destinationOf(copy, foundation)),
    newest: async () => (await store.records.head(tenant)).checkpoint,
    interval: heartbeat,
    memory: join(state.checkpoints, `copies-${encodeURIComponent(tenant)}.json`),
    now,
    log,
  })
  if (checkpoints.length === 0) return copies
  let round: Promise<void> | undefined
  const timer = setInterval(() => {
    round ??= copies.round().finally(() => {
      round = undefined
    })
  }, EVERY)
  timer.unref()
  cleanup.add('checkpoint copies', async () => {
    clearInterval(timer)
    await round
  })
  return copies
}

function destinationOf(copy: CopyConfig, foundation: Foundation): Destination {
  const { loaded, state, tenant, ownPorts } = foundation
  const fetching: GuardedFetchOptions = {
    allowPrivate: copy.privateAddresses,
    plainLoopback: copy.privateAddresses,
    ownPorts,
  }
  if (copy.file !== undefined) return fileCopy(resolve(loaded.folder, copy.file), now)
  if (copy.https !== undefined) {
    const { https, secret = '' } = copy
    const name = `https ${https.startsWith('secret:') ? https : new URL(https).host}`
    const place = () => ({ url: secretText(https, foundation), secret: secretText(secret, foundation) })
    return httpsCopy({ name, place, fetching, now })
  }
  const key = readVerifierKey(copy.key ?? '')
  if (copy.witness === undefined || key === undefined) {
    throw new RemitError('config_invalid', 'a place for checkpoints names no `file`, `https` or `witness`')
  }
  const cosigned = join(state.checkpoints, `witnessed-${encodeURIComponent(tenant)}.log`)
  return witnessCopy({
    name: `witness ${key.name}`,
    url: copy.witness.replace(/\/$/, ''),
    key,
    tenant,
    fetching,
    openLedger: () => openStoredLedger(state, loaded.installation?.config.store ?? loaded.config.store),
    keep: (note) => {
      appendFileSync(cosigned, checkpointLogLine(note, new Date(now()).toISOString()), { mode: 0o600 })
    },
  })
}
