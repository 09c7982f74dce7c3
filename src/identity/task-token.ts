import { hash, randomUUID, type KeyObject } from 'node:crypto'
import { errors, jwtVerify, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose'
import { RemitError } from '../core/errors.ts'
import { certificateHolder, confirmationOf, type Confirmation } from '../core/holder.ts'
import type { HumanId, TaskId, TenantId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'

export interface TokenSigner {
  /** Ed25519. */
  readonly privateKey: KeyObject
  readonly keyId: string
  /** The gateway’s issuer identifier, a URL. */
  readonly issuer: string
  /** The agent plane’s resource URL (RFC 8707): the only place where the token means something. */
  readonly audience: string
}

/** Own claims of a task token beside the registered ones of RFC 7519 and RFC 9068. */
interface TaskTokenClaims extends JWTPayload, TaskFacts {
  readonly client_id: string
}

/** What a token says of its task. */
interface TaskFacts {
  readonly tenant: string
  /** The task’s id (draft-ietf-oauth-transaction-tokens); the task in the store is the truth. */
  readonly txn: string
  /** Who acts, then who delegated to it, up to the root: instances of agents (RFC 8693 §4.1). */
  readonly act: Actor
  /** Fixed down the chain. The intent is in the store under `root`; nothing here lets it be guessed and tested. */
  readonly tctx: { readonly environment: string; readonly root: string; readonly workflow: string }
  /** The key or certificate without which it is of no use (RFC 9449 §6.1, RFC 8705 §3.1). */
  readonly cnf?: Confirmation
}

interface Actor {
  readonly sub: string
  readonly act?: Actor
}

/**
 * A token that points to a task, for its bearer or for its holder: JWT `at+jwt` (RFC 9068) signed with EdDSA (RFC 8037), valid from the
 * task’s making until its expiry, about 1 KiB down the longest chain. `ancestors` are nearest first.
 */
export async function mintTaskToken(
  task: Task,
  ancestors: readonly Task[],
  signer: TokenSigner,
): Promise<string> {
  const claims = { ...taskClaims(task, ancestors), client_id: task.agent.id } satisfies TaskTokenClaims
  const from = Math.floor(task.created / 1000)
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: signer.keyId })
    .setIssuer(signer.issuer)
    .setAudience(signer.audience)
    .setSubject(task.human)
    .setIssuedAt(from)
    .setNotBefore(from)
    .setExpirationTime(Math.floor(task.expires / 1000))
    .setJti(randomUUID())
    .sign(signer.privateKey)
}

/** What every token of a task says of it, however it was obtained. */
export function taskClaims(task: Task, ancestors: readonly Task[]): TaskFacts {
  return {
    tenant: task.tenant,
    txn: task.id,
    act: actorOf(task, ancestors),
    tctx: { environment: task.environment, root: (ancestors.at(-1) ?? task).id, workflow: task.workflow },
    ...(task.holder === undefined ? {} : { cnf: confirmationOf(task.holder) }),
  }
}

/** Inner actors are for readers of the token alone (RFC 8693 §4.1); of a long chain the nearest and the root are named. */
const NAMED_ANCESTORS = 4

/** Of an ancestor a longer kind is left out, so that a token stays small. */
const LONGEST_KIND = 16

/** An instance of an agent: its kind and its task. */
function instanceOf({ agent, id }: Task, longestKind = Infinity): string {
  return agent.kind.length > longestKind ? id : `${agent.kind}:${id}`
}

function actorOf(task: Task, ancestors: readonly Task[]): Actor {
  let outer: Actor | undefined
  const named =
    ancestors.length <= NAMED_ANCESTORS
      ? ancestors
      : [...ancestors.slice(0, NAMED_ANCESTORS - 1), ...ancestors.slice(-1)]
  for (const ancestor of named.toReversed()) {
    const sub = instanceOf(ancestor, LONGEST_KIND)
    outer = outer === undefined ? { sub } : { sub, act: outer }
  }
  const sub = instanceOf(task)
  return outer === undefined ? { sub } : { sub, act: outer }
}

/** What a genuine token says. It points to a task; whether that still stands, the store knows. */
export interface TaskClaims {
  readonly tenant: TenantId
  readonly task: TaskId
  readonly human: HumanId
  readonly agent: string
  readonly tokenId: string
  /** Who alone may use it (`core/holder.ts`); absent = whoever has it. */
  readonly holder?: string
  /** Milliseconds since the epoch. */
  readonly expires: number
}

export interface TokenVerifier {
  /**
   * At once for a token that was seen before, so that the way of a call does not wait.
   * @throws RemitError `token_missing`, `token_invalid`, `token_expired`, `token_audience`: thrown or rejected.
   */
  verify(token: string | undefined): TaskClaims | Promise<TaskClaims>
}

export interface TokenVerifierOptions {
  /** Ed25519 keys by key id: several while keys are changed. */
  readonly publicKeys: Pick<ReadonlyMap<string, KeyObject>, 'get'>
  readonly issuer: string
  readonly audience: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Verified tokens that are remembered. */
  readonly cacheSize: number
}

const MAX_TOKEN = 8_192
/** Seconds that the clock of the replica which made a token may be ahead of this one. */
const CLOCK_SKEW = 5
const ASK_AGAIN = 'ask for a new one with `remit task create`'

export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  // By hash, so that no usable token lies in memory for longer than its request; least recently used first.
  const seen = new Map<string, Genuine>()
  const remember = (key: string, genuine: Genuine): TaskClaims => {
    seen.delete(key)
    seen.set(key, genuine)
    if (seen.size > options.cacheSize) {
      const [oldest] = seen.keys()
      if (oldest !== undefined) seen.delete(oldest)
    }
    return genuine.claims
  }
  return {
    verify(token) {
      if (token === undefined || token === '') {
        throw new RemitError('token_missing', 'no task token; send one as `Authorization: Bearer …`')
      }
      if (token.length > MAX_TOKEN) throw invalid('it is too long')
      const key = hash('sha256', token, 'base64url')
      const known = seen.get(key)
      if (known === undefined) return verifyFresh(token, options).then((genuine) => remember(key, genuine))
      // Its key may have gone since.
      const good = options.publicKeys.get(known.kid) !== undefined
      if (!good || options.now() >= known.claims.expires) {
        seen.delete(key)
        throw good ? expired() : unknownKey()
      }
      return remember(key, known)
    },
  }
}

interface Genuine {
  readonly claims: TaskClaims
  readonly kid: string
}

async function verifyFresh(token: string, options: TokenVerifierOptions): Promise<Genuine> {
  const keyOf = (header: JWTHeaderParameters): KeyObject => {
    const key = header.kid === undefined ? undefined : options.publicKeys.get(header.kid)
    if (key === undefined) throw unknownKey()
    return key
  }
  if (!isCanonical(token)) throw invalid('its parts are not written as Base64url writes them')
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
      algorithms: ['EdDSA'],
      typ: 'at+jwt',
      issuer: options.issuer,
      audience: options.audience,
      currentDate: new Date(options.now()),
      clockTolerance: CLOCK_SKEW,
      requiredClaims: ['iat', 'nbf', 'exp', 'jti', 'sub', 'txn', 'tenant', 'client_id'],
    })
    const claims = claimsOf(payload, options.audience)
    // The tolerance is for clocks that are ahead where the token was made; its end is its end.
    if (options.now() >= claims.expires) throw expired()
    if ((payload.iat ?? 0) > options.now() / 1000 + CLOCK_SKEW) throw notYet()
    return { claims, kid: protectedHeader.kid ?? '' }
  } catch (thrown) {
    throw translate(thrown, options.audience)
  }
}

/**
 * Whether there is no other spelling of the same bytes (RFC 4648 §3.5): a token that could be written in many ways would
 * pass whatever knows it by its text.
 */
function isCanonical(token: string): boolean {
  return token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
}

function claimsOf(payload: JWTPayload, audience: string): TaskClaims {
  const { sub, exp, jti, aud } = payload
  const { tenant, txn, client_id: agent, cnf } = payload
  const holder = holderOf(cnf)
  // One audience and no other: a token that is also good elsewhere could be taken there from here.
  if (aud !== audience) throw wrongAudience(audience)
  if (
    !isName(sub) ||
    !isName(jti) ||
    !isName(tenant) ||
    !isName(txn) ||
    !isName(agent) ||
    exp === undefined
  ) {
    throw invalid('a claim is missing or is not text')
  }
  return {
    tenant: tenant as TenantId,
    task: txn as TaskId,
    human: sub as HumanId,
    agent,
    tokenId: jti,
    ...(holder === undefined ? {} : { holder }),
    expires: exp * 1000,
  }
}

/** A confirmation that is not understood is never taken for none (RFC 7800 §3.1). */
function holderOf(cnf: unknown): string | undefined {
  if (cnf === undefined) return undefined
  const members = typeof cnf === 'object' && cnf !== null ? Object.entries(cnf) : []
  const [name, value] = members[0] ?? []
  if (members.length === 1 && name === 'jkt' && isName(value)) return value
  if (members.length === 1 && name === 'x5t#S256' && isName(value)) return certificateHolder(value)
  throw invalid('it is bound to its holder in a way that is not known here')
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function translate(thrown: unknown, audience: string): RemitError {
  if (thrown instanceof RemitError) return thrown
  if (thrown instanceof errors.JWTExpired) return expired()
  if (thrown instanceof errors.JWTClaimValidationFailed) {
    if (thrown.claim === 'aud') return wrongAudience(audience)
    if (thrown.claim === 'nbf') return notYet()
    if (thrown.claim === 'iss') return invalid('another issuer made it')
    return invalid(`its \`${thrown.claim}\` is not what it must be`)
  }
  return invalid('its signature or form is wrong', thrown)
}

function invalid(why: string, cause?: unknown): RemitError {
  return new RemitError('token_invalid', `the token is not a valid task token: ${why}; ${ASK_AGAIN}`, {
    cause,
  })
}

function unknownKey(): RemitError {
  return invalid('its key is not one of this gateway')
}

function notYet(): RemitError {
  return invalid('it is not valid yet; check the clocks')
}

function expired(): RemitError {
  return new RemitError('token_expired', `the task token has expired; ${ASK_AGAIN}`)
}

function wrongAudience(audience: string): RemitError {
  return new RemitError(
    'token_audience',
    `the token was made for another place than \`${audience}\`; ${ASK_AGAIN}`,
  )
}
