import { asRemitError, RemitError } from '../core/errors.ts'
import type { GateDeps } from './gate-deps.ts'
import type { InspectedResult, InspectionRequest } from './inspect-result.ts'

/**
 * The same as `inspectResult` for a result that is kept as bytes. Never rejects: one that could not be inspected is
 * withheld whatever policy says, since only its inspection makes something of it that can be handed on.
 */
export async function inspectLarge(
  { scanner, large, log }: GateDeps,
  response: Uint8Array,
  request: Omit<InspectionRequest, 'scanner'>,
): Promise<InspectedResult> {
  try {
    if (large === undefined) throw new RemitError('internal', 'nobody here inspects large results')
    const { inspected, found } = await large.inspect(response, request)
    for (const [value, kind] of found) scanner.remember(value, kind, request.tree)
    return inspected
  } catch (thrown) {
    const { code, message, detail } = asRemitError(thrown)
    log.log('error', 'result.not_inspected', { code, detail: detail ?? message })
    const labels = request.untrusted ? (['secret', 'untrusted'] as const) : (['secret'] as const)
    const inspection = { labels, secrets: [], complete: false, handled: 'withheld' } as const
    return { answer: undefined, kept: undefined, inspection }
  }
}
