import { expect, test } from 'vitest'
import { packFolder, SCHEMA_FILE } from '../../test/policy/samples.ts'
import { loadPolicyBundle } from './load-policy-set.ts'
import { permitsForTasks } from './permits-for-tasks.ts'

test('R-AUD-4: permits that can let a call through are those that may be unused: not what humans alone may, nor what they approve', async () => {
  const text = `
@id("all") @reason("x") permit (principal, action, resource);
@id("task") @reason("x") permit (principal is Task, action == Action::"tool.call", resource);
@id("workflow") @reason("x") permit (principal in Workflow::"a", action in Action::"read", resource);
@id("human") @reason("x") permit (principal is Human, action in Action::"read", resource);
@id("approve") @reason("x") permit (principal is Human, action in Action::"approve", resource);
@id("no") @reason("x") forbid (principal, action in Action::"egress", resource);
`
  const { parsed } = await loadPolicyBundle({ folders: [await packFolder(text)], schemaFile: SCHEMA_FILE })
  const own = [...permitsForTasks(parsed.policies)].filter((id) => !id.startsWith('remit:'))
  expect(own).toEqual(['all', 'task', 'workflow'])
})
