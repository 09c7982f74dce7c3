import type { PoolClient } from 'pg'
import { statementOf, type ConditionalChange } from './change-statements.ts'
import { forgetErased } from './forget-search.ts'
import { sqlState } from './connect.ts'

const UNIQUE_VIOLATION = '23505'

/**
 * Applies all of them within the transaction that is open, or none.
 * @returns false = conflict.
 */
export async function applyChanges(
  client: PoolClient,
  changes: readonly ConditionalChange[],
): Promise<boolean> {
  if (changes.length === 0) return true
  await client.query('SAVEPOINT unit')
  try {
    for (const change of changes) {
      if ((await client.query(statementOf(change))).rowCount === 1) {
        if (change.kind === 'content-erased') await forgetErased(client, change)
        continue
      }
      await client.query('ROLLBACK TO unit')
      return false
    }
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error
    await client.query('ROLLBACK TO unit')
    return false
  }
  await client.query('RELEASE unit')
  return true
}
