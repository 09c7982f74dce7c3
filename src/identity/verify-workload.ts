import { hash } from 'node:crypto'
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { Workload } from '../core/workload.ts'
import { claimText, unmetClaim } from './claim-rules.ts'
import { parseSpiffeId } from './spiffe-id.ts'
import { workloadFacts } from './workload-facts.ts'
import type { WorkloadRule } from './workload-rule.ts'

/** A workload whose token was good. */
export interface VerifiedWorkload {
  readonly rule: WorkloadRule
  readonly workload: Workload
  readonly payload: JWTPayload
  /** The same for every spelling of the same token, and for two tokens that one issuer gave one `jti`. */
  readonly use: string
  /** Milliseconds since the epoch: from when on the token is refused for its age. */
  readonly expires: number
}

const MAX_TOKEN = 8_192
/** Milliseconds that clocks may differ. */
const SKEW = 30_000

/**
 * Finds the rule that lets the bearer of this token begin, and proves the token by it: issuer, key, algorithm, audience,
 * time, form and claims.
 * @param name only this rule; absent = the first one that fits.
 * @throws RemitError `token_missing`, `token_invalid`, `token_expired`, `token_audience`, `workload_refused`,
 * `upstream_unavailable`.
 */
export async function verifyWorkload(
  token: string,
  of: { readonly rules: readonly WorkloadRule[]; readonly name?: string | undefined; readonly now: number },
): Promise<VerifiedWorkload> {
  const claimed = readUnverified(token)
  const candidates = of.rules.filter(
    (rule) => (of.name === undefined || rule.name === of.name) && isIssuedBy(rule, claimed),
  )
  if (candidates.length === 0)
    throw invalid(`no workload of the configuration has the issuer of it${named(claimed)}`)
  const refusals: RemitError[] = []
  for (const rule of candidates) {
    try {
      return await verifyBy(rule, token, of.now)
    } catch (thrown) {
      refusals.push(asRemitError(thrown))
    }
  }
  throw nearest(refusals)
}

/** What says most: a token that is good and of nobody we know, rather than one that is not good for another rule. */
function nearest(refusals: readonly RemitError[]): RemitError {
  const [first = invalid('nobody knows it')] = refusals
  return refusals.find(({ code }) => code === 'workload_refused') ?? first
}

/** Only to know whose keys to ask: nothing of it is believed before the signature is proved. */
function readUnverified(token: string): JWTPayload {
  if (token === '') throw new RemitError('token_missing', 'there is no workload token')
  if (token.length > MAX_TOKEN) throw invalid('it is too long')
  // One spelling of the same bytes, as for our own tokens.
  const canonical = token
    .split('.')
    .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
  if (!canonical) throw invalid('its parts are not written as Base64url writes them')
  try {
    return decodeJwt(token)
  } catch (cause) {
    throw invalid('it is no JWT', cause)
  }
}

function isIssuedBy(rule: WorkloadRule, { iss, sub }: JWTPayload): boolean {
  if (rule.kind !== 'spiffe') return rule.issuer === iss
  if (rule.issuer !== undefined && rule.issuer !== iss) return false
  return typeof sub === 'string' && parseSpiffeId(sub)?.trustDomain === rule.trustDomain
}

async function verifyBy(rule: WorkloadRule, token: string, now: number): Promise<VerifiedWorkload> {
  const payload = await provedPayload(rule, token, now)
  const { aud, sub } = payload
  // One audience and no other: a token that is good elsewhere too could be taken there from here.
  if (typeof [aud].flat()[0] !== 'string' || [aud].flat().length !== 1) throw wrongAudience(rule)
  if (typeof sub !== 'string' || sub === '') throw invalid('it has no `sub`')
  checkAge(rule, payload, now)
  const facts = workloadFacts(rule.kind, payload)
  if (typeof facts === 'string') throw invalid(facts)
  const unmet = unmetClaim(rule.where, payload)
  if (unmet !== undefined) throw refusedClaim(rule, unmet, payload)
  const issuer = rule.issuer ?? `spiffe://${rule.trustDomain ?? ''}`
  return {
    rule,
    workload: { name: rule.name, kind: rule.kind, issuer, subject: sub, ...facts },
    payload,
    use: useOf(token, payload, issuer),
    expires: Number(payload.exp) * 1_000 + SKEW,
  }
}

async function provedPayload(rule: WorkloadRule, token: string, now: number): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(
      token,
      (header, jws) => rule.keys.keyOf(header, jws),
      {
        algorithms: [...rule.algorithms],
        audience: [...rule.audiences],
        ...(rule.issuer === undefined ? {} : { issuer: rule.issuer }),
        currentDate: new Date(now),
        clockTolerance: SKEW / 1_000,
        requiredClaims: ['exp', 'sub', ...(rule.kind === 'spiffe' ? [] : ['iat'])],
      },
    )
    const { typ } = protectedHeader
    // Tokens of other purposes (`at+jwt`, `logout+jwt`, …) of the same issuer prove no workload (RFC 8725 §3.11).
    if (typ !== undefined && !['jwt', 'jose'].includes(typ.toLowerCase())) throw invalid(`it is a \`${typ}\``)
    return payload
  } catch (thrown) {
    throw translate(thrown, rule)
  }
}

/** An issuer's clock may be ahead, but not its tokens from tomorrow; and an old one has lain somewhere for too long. */
function checkAge({ maxAge }: WorkloadRule, { iat }: JWTPayload, now: number): void {
  if (iat === undefined) return
  const age = now - iat * 1_000
  if (age < -SKEW) throw invalid('it was issued in the future; check the clocks')
  if (age > maxAge + SKEW)
    throw new RemitError('token_expired', 'the workload token is older than `maxAge`; get a new one')
}

/** By what was signed, not by the signature: ECDSA has two signatures for one. */
function useOf(token: string, { jti }: JWTPayload, issuer: string): string {
  const what =
    typeof jti === 'string' && jti !== '' ? `jti ${jti}` : `jws ${token.slice(0, token.lastIndexOf('.'))}`
  return hash('sha256', JSON.stringify([issuer, what]), 'base64url')
}

function refusedClaim(rule: WorkloadRule, claim: string, payload: JWTPayload): RemitError {
  const value = claimText(payload, claim)
  const what =
    value === undefined ? `it has no \`${claim}\`` : `its \`${claim}\` is \`${value.slice(0, 200)}\``
  return new RemitError(
    'workload_refused',
    `the token is good, but ${what}, which \`workloads.${rule.name}.where\` in remit.yaml does not let begin`,
  )
}

function translate(thrown: unknown, rule: WorkloadRule): RemitError {
  if (thrown instanceof RemitError) return thrown
  if (thrown instanceof errors.JWTExpired) {
    return new RemitError('token_expired', 'the workload token has expired; get a new one')
  }
  if (thrown instanceof errors.JWTClaimValidationFailed) {
    if (thrown.claim === 'aud') return wrongAudience(rule)
    if (thrown.claim === 'nbf') return invalid('it is not valid yet; check the clocks')
    return invalid(`its \`${thrown.claim}\` is not what it must be`)
  }
  if (thrown instanceof errors.JOSEAlgNotAllowed) {
    return invalid(`its algorithm is none of ${rule.algorithms.join(', ')}`)
  }
  if (thrown instanceof errors.JWKSMultipleMatchingKeys)
    return invalid('it does not say with which key it is signed')
  return invalid('its signature or form is wrong', thrown)
}

function named({ iss }: JWTPayload): string {
  return typeof iss === 'string' ? `, \`${iss.slice(0, 200)}\`` : ''
}

function wrongAudience({ audiences }: WorkloadRule): RemitError {
  const own = audiences.map((each) => `\`${each}\``).join(' or ')
  return new RemitError(
    'token_audience',
    `the workload token must be for ${own} and nothing else; ask its issuer for that audience`,
  )
}

function invalid(why: string, cause?: unknown): RemitError {
  return new RemitError('token_invalid', `the workload token is not good: ${why}`, { cause })
}
