/** Names with `key`, `token` or `secret` in them whose values are no secrets. */
const HARMLESS =
  /(?:public|pub|primary|foreign|sort|partition|cache|row|object|map|i18n|translation|lookup|index|route|query|dedup\w*|idempotency|shard|group|hash|range|search|storage|registry|license[-_. ]?plate)[-_. ]?key|key[-_. ]?(?:id|name|path|code|type|size|length|alias|ref|board|object|word|frame|pair)|\bkid\b|token[-_. ]?(?:id|type|name|count|limit|url|uri|endpoint|index|ize)|(?:next|page|continuation|sync|cursor|resume)[-_. ]?token|max[-_ ]?tokens|secret[-_. ]?(?:name|id|ref|arn|path|version|key[-_. ]?ref)|author|keyword/i
const HASH_NAME =
  /(?:\bsha-?\d*|hash|digest|checksum|integrity|commit|\brev|revision|etag|md5|fingerprint|\btree|blob|snapshot|version|build)[\w.-]*['"]?\s*[:=]/i
const FILE_NAME = /\.[a-z]{1,5}['"]?\s*[:=]/i
const HEX_HASH =
  /^['"]?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})['"]?$/i
const UUID = /^['"]?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}['"]?$/i
/** Nobody names a hash or an id so. */
const SECRET_NAME = /secret|passw|token|api[-_. ]?key|private|credential|auth/i

/**
 * Whether what stands before a value says that it is no secret: a key of a table or a cache, the id of a key, a hash of
 * a file or commit, an id.
 * @param name the text before the value, from the name that it is assigned to.
 */
export function isNamedHarmless(name: string, value: string): boolean {
  if (HARMLESS.test(name) && !/secret[-_. ]?(?:access[-_. ]?)?key(?![-_. ]?(?:id|ref|name))/i.test(name))
    return true
  if (HEX_HASH.test(value)) return HASH_NAME.test(name) || FILE_NAME.test(name)
  return UUID.test(value) && !SECRET_NAME.test(name)
}
