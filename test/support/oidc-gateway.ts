import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeGateway, type RunningGateway } from '../../src/server/compose.ts'
import { parseConfig } from '../../src/server/load-config.ts'
import { type IdentityProviderServer, startIdentityProvider } from './identity-provider.ts'
import { type RecordingUpstream, startRecordingUpstream } from './recording-upstream.ts'
import { keepPolicies, lendPolicies } from './shared-caches.ts'
import { type Answer, TripBrowser } from './trip-browser.ts'

/** Of the client at both providers. */
export const CLIENT_SECRET = 'the-secret-of-the-client-at-the-provider'
/** Humans have a ceiling by team, so that what a team is worth can be seen in a call. */
const POLICIES = `@id("tasks") permit (principal is Task, action, resource);
@id("payments") permit (principal is Human, action, resource) when { principal in Team::"payments" };
@id("pay") @reason("it sends money") @consent("pay") @severity("high") @delegator("yes")
forbid (principal is Task, action == Action::"money.send", resource);
`

/** A gateway whose people come from two providers. */
export interface OidcGateway {
  readonly gateway: RunningGateway
  readonly upstream: RecordingUpstream
  /** Lets in who is in the right group and domain, and takes over nobody. */
  readonly corp: IdentityProviderServer
  /** Lets anybody in, and adopts people of the file. */
  readonly partner: IdentityProviderServer
  readonly log: readonly string[]
  browser(): TripBrowser
  records(kind: string): Promise<readonly { readonly envelope: Readonly<Record<string, unknown>> }[]>
  stop(): Promise<void>
}

/** Somebody whom `corp` lets in. */
export const ADA = {
  sub: 'sub-ada',
  email: 'Ada@acme.example',
  email_verified: true,
  groups: ['engineers', 'payments-team'],
}

export function refusal({ json }: Answer): string {
  return `${json.error?.code ?? ''}: ${json.error?.message ?? ''}`
}

export async function startOidcGateway(): Promise<OidcGateway> {
  const [corp, partner, upstream] = await Promise.all([
    startIdentityProvider(),
    startIdentityProvider(),
    startRecordingUpstream(),
  ])
  const home = mkdtempSync(join(tmpdir(), 'remit-oidc-'))
  mkdirSync(join(home, 'policies'))
  writeFileSync(join(home, 'policies', 'few.cedar'), POLICIES)
  const text = configOf({ home, corp: corp.issuer, partner: partner.issuer, upstream: upstream.url })
  const log: string[] = []
  lendPolicies(join(home, '.remit'))
  const gateway = await composeGateway({
    loaded: { ...parseConfig('remit.yaml', text, {}), folder: home },
    environ: { REMIT_SECRET_CORP: CLIENT_SECRET, REMIT_APPROVER: 'mona@acme.example:the-code-of-mona-0001' },
    log: { log: (_level, event, fields) => void log.push(`${event} ${JSON.stringify(fields)}`) },
    demo: false,
  })
  keepPolicies(join(home, '.remit'))
  for (const [name, server] of Object.entries({ corp, partner })) {
    const redirect = `${gateway.urls.admin}/login/oidc/${name}/callback`
    server.register({ id: 'remit', secret: CLIENT_SECRET, redirect })
  }
  return {
    gateway,
    upstream,
    corp,
    partner,
    log,
    browser: () => new TripBrowser(gateway.urls.admin),
    async records(kind) {
      const credential = readFileSync(join(home, '.remit', 'local-credential'), 'utf8').trim()
      const answer = await fetch(`${gateway.urls.admin}/records?kind=${kind}`, {
        headers: { authorization: `Bearer ${credential}` },
      })
      return ((await answer.json()) as { records: { envelope: Record<string, unknown> }[] }).records
    },
    async stop() {
      await gateway.stop()
      for (const server of [corp, partner, upstream]) server.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function configOf(at: Readonly<Record<'home' | 'corp' | 'partner' | 'upstream', string>>): string {
  return `listen: { agent: "127.0.0.1:0", admin: "localhost:0" }
policies: [${join(at.home, 'policies')}]
humans:
  - { id: mona@acme.example, roles: [maintainer] }
  - { id: carl@acme.example, teams: [payments], roles: [approver] }
consent: { hold: 1ms }
workflows: { fix-tests: { description: mend failing tests } }
login:
  oidc:
    corp:
      label: Acme SSO
      issuer: ${at.corp}
      clientId: remit
      clientSecret: secret:corp
      scopes: [openid, email, groups]
      groups: [engineers, payments-team]
      domains: [acme.example]
      teams: { payments-team: payments }
      roles: { engineers: [approver] }
    partner:
      issuer: ${at.partner}
      clientId: remit
      clientSecret: secret:corp
      scopes: [openid, email]
      anybody: true
      adopt: true
servers:
  probe:
    url: ${at.upstream}
    era: modern
    session: shared
    fileSystem: none
    tools: { echo: { actions: [data.read] }, wipe: { actions: [money.send] } }
`
}
