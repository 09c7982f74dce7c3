/** Hosts that are this machine, as RFC 8252 §7.3 and §8.3 name them; written so, and in no other way. */
const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?:[/?]|$)/i

/**
 * What a client must not name as its callback, whatever kind it says that it is. The protocol library compares them
 * character by character, but for the port of a loopback address.
 * @returns why not; undefined = it may be called
 */
export function redirectProblem(uri: unknown): string | undefined {
  if (typeof uri !== 'string' || !URL.canParse(uri)) return 'is no URI'
  // Readers of URLs differ about these: what a human is shown might not be where a browser goes.
  if (/[^\x21-\x7e]|\\/.test(uri)) return 'must be ASCII, without spaces and backslashes'
  const { protocol, username, password, hostname } = new URL(uri)
  if (username !== '' || password !== '') return 'must not name a user'
  if (hostname.includes('*')) return 'must not have a wildcard'
  if (protocol === 'http:' && !LOOPBACK.test(uri))
    return 'may be `http:` on localhost, 127.0.0.1 and [::1] only'
  return undefined
}
