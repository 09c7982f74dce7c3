import { newId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { NewRecord, RecordKind } from '../core/record.ts'
import { adminRecord } from '../gate/admin-records.ts'
import type { LoginDeps } from './login-deps.ts'

type LoginKind = Extract<RecordKind, `login.${string}` | `passkey.${string}` | `person.${string}`>

/** Who came, who failed to, and with which credentials people can come. */
export function loginRecord(
  deps: Pick<LoginDeps, 'tenant' | 'protection' | 'clock' | 'entropy'>,
  kind: LoginKind,
  event: { readonly human?: string; readonly data: JsonObject; readonly comment?: string },
): NewRecord {
  const { human, data, comment } = event
  return adminRecord(deps, {
    kind,
    id: newId('lgn', deps.entropy.bytes(16)),
    at: deps.clock.now(),
    data,
    ...(human === undefined ? {} : { actor: human }),
    ...(comment === undefined ? {} : { detail: { comment } }),
  })
}
