import { expect, test } from 'vitest'
import { parseConfig } from './load-config.ts'

const GOOD = 'issuer: "https://idp.example", clientId: remit, domains: [acme.example]'

function refusal(provider: string, more = ''): string {
  try {
    parseConfig('remit.yaml', `login: { oidc: { corp: { ${provider} } } }\n${more}`, {})
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

test('R-ID-4: a provider takes three keys; a team or role is a word or a list of them', () => {
  expect(refusal(GOOD)).toBe('')
  const text = `login: { oidc: { corp: { ${GOOD}, teams: { sre: [ops, core] }, roles: { sre: approver } } } }`
  expect(parseConfig('remit.yaml', text, {}).config.login.oidc['corp']).toMatchObject({
    scopes: ['openid', 'email', 'profile'],
    idClaim: 'email',
    adopt: false,
    lasts: 86_400_000,
    teams: { sre: ['ops', 'core'] },
    roles: { sre: ['approver'] },
  })
})

test.each([
  ['issuer: "https://idp.example", clientId: remit', /needs `groups` or `domains`; `anybody: true` lets/],
  [`${GOOD}, anybody: true`, /`login\.oidc\.corp\.anybody` cannot stand beside `groups` or `domains`/],
  [GOOD.replace('https:', 'http:'), /`login\.oidc\.corp\.issuer` must be an https URL .* this machine alone/],
  [GOOD.replace('idp.example', 'idp.example?x=1'), /must be an https URL/],
  [`${GOOD}, clientSecret: hunter2`, /`login\.oidc\.corp\.clientSecret` must be `secret:name`/],
  [`${GOOD}, scopes: [email]`, /must have `openid`/],
  [GOOD.replace('acme.example', 'Acme.Example'), /must be the domain of e-mail addresses/],
  [`${GOOD}, roles: { sre: "not a word" }`, /login\.oidc\.corp\.roles\.sre/],
  [
    `${GOOD}, grops: [sre]`,
    /`login\.oidc\.corp\.grops` is not a key that Remit knows \(did you mean `groups`\?\)/,
  ],
  [`${GOOD} }, twin: { ${GOOD}`, /`login\.oidc\.twin\.issuer` cannot have the issuer of `corp`/],
  [`${GOOD} }, Twin: { ${GOOD.replace('idp', 'other')}`, /must be lower-case letters/],
])('R-ID-4: `%s` is refused, where it stands and with why', (provider, why) => {
  const said = refusal(provider)
  expect(said).toMatch(/^remit\.yaml:1:\d+: /)
  expect(said).toMatch(why)
  expect(said).not.toContain('hunter2')
})

test('R-POL-8: who agrees to a loosening may be somebody whom a provider makes a maintainer', () => {
  const loosening = 'loosening: second-person\nhumans: [{ id: mona, roles: [maintainer] }]\n'
  expect(refusal(GOOD, loosening)).toMatch(/needs a second human/)
  expect(refusal(`${GOOD}, roles: { sre: maintainer }`, loosening)).toBe('')
})
