import { expect, test } from 'vitest'
import { RemitError } from '../core/errors.ts'
import { SILENT } from '../core/log.ts'
import { recordRefused } from './refused-credentials.ts'

test('R-AUD-1: wrong credentials of the admin plane are on record, and a flood of them is counted', async () => {
  let now = 0
  const seen: unknown[] = []
  const authenticate = recordRefused(
    (presented) =>
      Promise.reject(
        new RemitError(presented === undefined ? 'credential_missing' : 'credential_invalid', 'no'),
      ),
    {
      clock: { now: () => now },
      log: SILENT,
      record: async (kind, data) => {
        seen.push([kind, data])
      },
    },
  )
  await expect(authenticate(undefined)).rejects.toMatchObject({ code: 'credential_missing' })
  expect(seen).toEqual([])
  for (let n = 0; n < 50; n++) {
    await expect(authenticate('Bearer guess')).rejects.toMatchObject({ code: 'credential_invalid' })
  }
  expect(seen).toHaveLength(20)
  expect(JSON.stringify(seen)).not.toContain('guess')
  now = 60_000
  await expect(authenticate('Bearer guess')).rejects.toMatchObject({ code: 'credential_invalid' })
  expect(seen.at(-1)).toEqual(['access.refused', { plane: 'admin', reason: 'credential_invalid', more: 30 }])
})

test('R-AUD-1: nobody is let in because the record of it failed', async () => {
  const authenticate = recordRefused(() => Promise.reject(new RemitError('credential_invalid', 'no')), {
    clock: { now: () => 0 },
    log: SILENT,
    record: () => Promise.reject(new Error('disk full')),
  })
  await expect(authenticate('Bearer x')).rejects.toMatchObject({ code: 'credential_invalid' })
})
