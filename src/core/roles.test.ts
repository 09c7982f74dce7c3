import { expect, test } from 'vitest'
import { isAdmin, rolesOf } from './roles.ts'

test.each<[readonly string[], readonly string[]]>([
  [[], ['member']],
  [['security'], ['member']],
  [['approver'], ['member', 'approver']],
  [['auditor'], ['auditor']],
  [['auditor', 'security'], ['auditor']],
  [
    ['auditor', 'member'],
    ['member', 'auditor'],
  ],
  [['admin'], ['member', 'admin']],
  [['administrator'], ['member', 'admin']],
  [['maintainer'], ['member', 'approver', 'auditor', 'admin']],
])('R-ID-6: who is given %j is %j here', (roles, found) => {
  expect(rolesOf({ roles })).toEqual(found)
  expect(isAdmin({ roles })).toBe(found.includes('admin'))
})
