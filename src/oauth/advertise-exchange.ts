import type { KoaContextWithOIDC } from 'oidc-provider'
import { isJsonObject, type Json } from '../core/json.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const DETAILS = 'remit_task'

/** RFC 8414 §2: the grant that is answered before the library, in the metadata that the library makes. */
export async function advertiseExchange(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next()
  if (!ctx.path.startsWith('/.well-known/')) return
  const metadata = ctx.body as Json
  if (!isJsonObject(metadata)) return
  const grants = metadata['grant_types_supported']
  ctx.body = {
    ...metadata,
    grant_types_supported: [...(Array.isArray(grants) ? grants : []), GRANT],
    authorization_details_types_supported: [DETAILS],
  }
}
