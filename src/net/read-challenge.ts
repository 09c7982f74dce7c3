/** What the `Bearer` challenge of a 401 or 403 says (RFC 6750 §3, RFC 9728 §5.1). */
export interface BearerChallenge {
  readonly error?: string
  /** Scopes that would do, apart by spaces. */
  readonly scope?: string
  /** URL of the protected resource metadata. */
  readonly resourceMetadata?: string
}

/** Longer ones are of nobody who means well. */
const LONGEST = 8_192
const PARAMETER = /([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y
const SCHEME = /\s*,?\s*([\w!#$%&'*+.^`|~-]+)(?=\s|,|$)(?!\s*=)/y
/** Credentials of another scheme, such as of `Negotiate`. */
const TOKEN68 = /\s*([\w.~+/-]+=*)(?=\s*(?:,|$))/y
const SCOPES = /^[\x21\x23-\x5B\x5D-\x7E]+(?: [\x21\x23-\x5B\x5D-\x7E]+)*$/

/** The first `Bearer` challenge of a `WWW-Authenticate` header, in whatever place. */
export function readBearerChallenge(header: string | undefined): BearerChallenge | undefined {
  if (header === undefined || header.length > LONGEST) return undefined
  let at = 0
  while (at < header.length) {
    const scheme = matchAt(SCHEME, header, at)
    if (scheme === undefined) return undefined
    at += scheme[0].length
    const read = readParameters(header, at)
    at = read.until
    if (scheme[1]?.toLowerCase() === 'bearer') return challengeOf(read.parameters)
  }
  return undefined
}

function readParameters(
  header: string,
  from: number,
): { readonly parameters: ReadonlyMap<string, string>; readonly until: number } {
  const parameters = new Map<string, string>()
  let at = from
  for (;;) {
    const gap = /^\s*,?\s*/.exec(header.slice(at))?.[0].length ?? 0
    const found = matchAt(PARAMETER, header, at + gap)
    if (found === undefined) break
    const [all, name = '', quoted, bare = ''] = found
    parameters.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? bare)
    at += gap + all.length
  }
  const other = parameters.size === 0 ? matchAt(TOKEN68, header, at) : undefined
  return { parameters, until: at + (other?.[0].length ?? 0) }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

function challengeOf(parameters: ReadonlyMap<string, string>): BearerChallenge {
  const [error, scope, metadata] = ['error', 'scope', 'resource_metadata'].map((name) => parameters.get(name))
  return {
    ...(error === undefined ? {} : { error }),
    ...(scope === undefined || scope.length > 1_024 || !SCOPES.test(scope) ? {} : { scope }),
    ...(metadata === undefined ? {} : { resourceMetadata: metadata }),
  }
}
