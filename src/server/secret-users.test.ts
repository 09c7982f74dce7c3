import { expect, test } from 'vitest'
import { parseConfig } from './load-config.ts'
import { secretUsers } from './secret-users.ts'

const { config } = parseConfig(
  'remit.yaml',
  `servers:
  env: { command: x, env: { TOKEN: "secret:key" } }
  header: { url: "https://a.example/", headers: { Authorization: "Bearer secret:key" } }
  chosen: { url: "https://a.example/", credentials: [{ headers: { A: "secret:key" } }, { headers: { A: "secret:other" } }] }
  oauth: { url: "https://a.example/", oauth: { clientId: c, clientSecret: "secret:key" } }
  none: { command: x, env: { TOKEN: "secret:keyring" } }
oauth: { introspection: { reports: { secret: "secret:key" } } }
notify: { webhooks: { chat: { url: "secret:key", secret: "secret:key" } } }
`,
  {},
)

test('R-CRED-1: whatever in the configuration names a secret counts as a user of it', () => {
  expect(secretUsers([config], 'key')).toEqual([
    'chosen',
    'env',
    'header',
    'notify.webhooks.chat.secret',
    'notify.webhooks.chat.url',
    'oauth',
    'oauth.introspection.reports.secret',
  ])
  expect(secretUsers([config], 'other')).toEqual(['chosen'])
})

test('R-CRED-1: a setting that nobody listed counts too, and each place once', () => {
  const later = { ...config, login: { ...config.login, provider: [{ clientSecret: 'secret:key' }] } }
  expect(secretUsers([config, later], 'key').filter((user) => user.startsWith('login'))).toEqual([
    'login.provider[0].clientSecret',
  ])
  expect(secretUsers([config, config], 'other')).toEqual(['chosen'])
})
