import { expect, test } from 'vitest'
import { nameTenant } from './name-tenant.ts'

test('R-POL-11: a command that a message tells somebody to run is for the tenant that they named', () => {
  const message = 'no grant `grt_1`; see `remit grants list`, and `remit task show tsk_1`'
  expect(nameTenant(message, undefined)).toBe(message)
  expect(nameTenant(message, 'acme')).toBe(
    'no grant `grt_1`; see `remit grants list --tenant acme`, and `remit task show tsk_1 --tenant acme`',
  )
  for (const done of ['see `remit grants list --tenant acme`', 'start one with `remit start`'])
    expect(nameTenant(done, 'acme')).toBe(done)
})
