import type { PolicyBundle } from '../../src/policy/load-policy-set.ts'
import { compilePolicySet } from '../../src/policy/compile-policy-set.ts'
import { HUMANS, parsedOf } from './compiled.ts'

/** A bundle over a schema of few actions, so that whatever goes through all of them stays readable. */
export function smallBundle(text: string): PolicyBundle {
  const { policies } = parsedOf([{ file: 'pack.cedar', text }, HUMANS])
  const resourceTypes = {
    'tool.call': ['Tool'],
    'file.read': ['File'],
    'git.push': ['Branch', 'Repository'],
    approve: ['Approval'],
  }
  const parsed = {
    schema: { resourceTypes },
    policies: policies.filter(({ id }) => !id.startsWith('remit:')),
  }
  return { set: compilePolicySet(parsed, 'schema'), parsed, schemaText: 'schema' }
}
