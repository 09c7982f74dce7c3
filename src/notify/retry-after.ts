/** What `Retry-After` asks for, in milliseconds; a date in it is not read. */
export function retryAfter({ headers }: Pick<Response, 'headers'>): { readonly retryAfter?: number } {
  const header = headers.get('retry-after')
  return header !== null && /^\d{1,6}$/.test(header) ? { retryAfter: Number(header) * 1_000 } : {}
}
