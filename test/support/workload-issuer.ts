import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import { IssuerKeys } from '../../src/identity/issuer-keys.ts'
import type { WorkloadRule } from '../../src/identity/workload-rule.ts'

export const GATEWAY = 'http://127.0.0.1:7410'
export const GITHUB = 'https://token.actions.githubusercontent.com'
export const NOW = Date.UTC(2026, 10, 27, 10)

/** An issuer of workload tokens with keys of its own. */
export class WorkloadIssuer {
  readonly url: string
  readonly keys: KeyObject[] = []
  jwks: { keys: object[] } = { keys: [] }

  constructor(url = GITHUB, kid = 'key-1') {
    this.url = url
    this.rotate(kid)
  }

  /** A new key, which signs from now on; the old one is gone. */
  rotate(kid: string): void {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.keys.unshift(privateKey)
    this.jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' }] }
  }

  /** As GitHub Actions has them, for one run on the main branch. @param over `undefined` leaves a claim out. */
  token(
    over: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
    now = NOW,
  ): Promise<string> {
    const at = Math.floor(now / 1_000)
    const claims = {
      iss: this.url,
      aud: GATEWAY,
      sub: 'repo:acme/api:ref:refs/heads/main',
      iat: at - 5,
      nbf: at - 5,
      exp: at + 300,
      jti: `jti-${Math.random()}`,
      repository: 'acme/api',
      ref: 'refs/heads/main',
      sha: 'c0ffee',
      actor: 'ali-gh',
      actor_id: '4711',
      event_name: 'push',
      run_id: '99',
      job_workflow_ref: 'acme/api/.github/workflows/agent.yml@refs/heads/main',
      ...over,
    }
    const [kid] = this.jwks.keys.map((key) => (key as { kid: string }).kid)
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: kid ?? '', ...header })
      .sign(this.keys[0]!)
  }
}

export function ruleFor(issuer: WorkloadIssuer, over: Partial<WorkloadRule> = {}): WorkloadRule {
  const kind = over.kind ?? 'github'
  return {
    name: 'ci',
    kind,
    issuer: issuer.url,
    audiences: [GATEWAY],
    algorithms: ['RS256', 'ES256'],
    keys: new IssuerKeys({ kind, name: 'ci', load: () => Promise.resolve(issuer.jwks), now: () => NOW }),
    maxAge: 3_600_000,
    where: { repository: ['acme/*'], ref: ['refs/heads/main'] },
    workflow: 'fix-tests',
    environment: 'ci',
    scope: {},
    endsWithToken: false,
    tasksPerToken: 1,
    ...over,
  }
}
