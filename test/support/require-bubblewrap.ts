import { findBubblewrap } from '../../src/server/sandbox/find-bubblewrap.ts'

/** Whether tests with real sandboxes can run here. `REMIT_REQUIRE=bwrap` makes it an error that they cannot. */
export function hasBubblewrap(): boolean {
  const found = findBubblewrap(process.env['PATH'] ?? '')
  if ('program' in found) return true
  if ((process.env['REMIT_REQUIRE'] ?? '').split(',').includes('bwrap')) throw new Error(found.missing)
  return false
}
