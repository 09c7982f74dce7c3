import { ACTIONS, type Action } from '../../src/core/actions.ts'
import type { Label } from '../../src/core/labels.ts'
import type { DecisionRequest } from '../../src/policy/policy-set.ts'
import type { Tape } from './random-cedar.ts'
import { chain, operation, request, task } from './samples.ts'

const LABELS_USED: readonly Label[] = [
  'source',
  'secret',
  'ci',
  'lockfile',
  'auth',
  'infra',
  'production',
  'outside-workspace',
  'remit-control',
  'unclassified',
  'customer-data',
  'git-hook',
  'git-internal',
  'system',
]
const SCOPES = [
  'ci',
  'dependencies',
  'run',
  'outside-workspace',
  'production',
  'security-code',
  'unknown-tool',
]
const RESOURCE_OF: Readonly<Record<string, string>> = {
  file: 'File',
  shell: 'Program',
  git: 'Repository',
  net: 'Host',
  data: 'Server',
  infra: 'Namespace',
  sql: 'Table',
  tool: 'Tool',
  pr: 'PullRequest',
  package: 'Package',
}
const ACTIONS_USED = (Object.keys(ACTIONS) as Action[]).filter((action) =>
  Object.hasOwn(RESOURCE_OF, action.split('.')[0]!),
)

/** A request with one operation that Remit's own policies and the default pack have something to say about. */
export function randomPackRequest(tape: Tape): DecisionRequest {
  const action = tape.of(ACTIONS_USED)
  const labels = [...new Set(tape.listOf(3, () => tape.of(LABELS_USED)))]
  const type = RESOURCE_OF[action.split('.')[0]!] as 'File'
  return request([operation(action, { type, id: 'x' }, { labels, opaque: tape.below(4) === 3 })], {
    chain: chain(
      task({
        environment: tape.of(['laptop', 'sandbox', 'production']),
        environmentProved: tape.below(2) === 1,
      }),
    ),
    facts: {
      approvals: [...new Set(tape.listOf(2, () => tape.of(SCOPES)))],
      sandboxed: tape.below(2) === 1,
      environment: tape.of(['laptop', 'sandbox', 'production']),
      outside: [tape.below(8) === 7 ? ['paths'] : []],
      pinned: tape.below(8) !== 7,
      taskState: tape.of(['active', 'active', 'active', 'expired']),
    },
  })
}
