import { exportRows, type RowOptions } from '../audit/export/export-rows.ts'
import { type OfflineLedger, openLedger } from './offline-ledger.ts'
import { packageVersion } from './package-version.ts'

/** Records in a format for others; their content only where asked for. @throws RemitError `state_unreadable`. */
export async function* exportForOthers(
  where: OfflineLedger,
  options: Omit<RowOptions, 'version'>,
): AsyncGenerator<string> {
  const { source, tenant } = await openLedger(where)
  try {
    yield* exportRows(source, tenant, { ...options, version: packageVersion() })
  } finally {
    source.close()
  }
}
