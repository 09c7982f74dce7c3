import { describe, expect, test } from 'vitest'
import { SecretScanner } from './secret-scanner.ts'

/** Made while the test runs, so that no scanner takes this file for a leak; the same in every run. */
function random(seed: number, alphabet: string, length: number): string {
  let state = seed * 2_654_435_761 + 97
  let text = ''
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + at * 3_266_489_917) | 0
    text += alphabet[(state >>> 8) % alphabet.length] ?? ''
  }
  return text
}
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LOWER = UPPER.toLowerCase()
const DIGIT = '0123456789'
const ALNUM = UPPER + LOWER + DIGIT
const HEX = `${DIGIT}abcdef`
const BASE64 = `${ALNUM}+/`
const URL64 = `${ALNUM}-_`

/** Forms of tokens as their providers document them: name, then text and random parts in turn. */
const FORMS: Readonly<Record<string, (seed: number) => string>> = {
  'AWS access key': (s) => `AKIA${random(s, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`,
  'AWS temporary key': (s) => `ASIA${random(s, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`,
  'GitHub classic': (s) => `ghp_${random(s, ALNUM, 36)}`,
  'GitHub OAuth': (s) => `gho_${random(s, ALNUM, 36)}`,
  'GitHub server': (s) => `ghs_${random(s, ALNUM, 36)}`,
  'GitHub fine-grained': (s) => `github_pat_${random(s, ALNUM, 22)}_${random(s + 1, ALNUM, 59)}`,
  'GitLab personal': (s) => `glpat-${random(s, URL64, 20)}`,
  'GitLab deploy': (s) => `gldt-${random(s, URL64, 20)}`,
  'GitLab trigger': (s) => `glptt-${random(s, HEX, 40)}`,
  'Slack bot': (s) => `xoxb-${random(s, DIGIT, 12)}-${random(s + 1, DIGIT, 12)}-${random(s + 2, ALNUM, 24)}`,
  'Slack webhook': (s) =>
    `https://hooks.slack.com/services/T${random(s, UPPER + DIGIT, 8)}/B${random(s + 1, UPPER + DIGIT, 10)}/${random(s + 2, ALNUM, 24)}`,
  'Stripe live': (s) => `sk_live_${random(s, ALNUM, 24)}`,
  'Stripe restricted': (s) => `rk_live_${random(s, ALNUM, 24)}`,
  'Google API': (s) => `AIza${random(s, URL64, 35)}`,
  'Google OAuth secret': (s) => `GOCSPX-${random(s, URL64, 28)}`,
  'Google access token': (s) => `ya29.${random(s, URL64, 68)}`,
  'OpenAI project': (s) => `sk-proj-${random(s, ALNUM, 48)}`,
  Anthropic: (s) => `sk-ant-api03-${random(s, URL64, 93)}AA`,
  'Hugging Face': (s) => `hf_${random(s, LOWER + UPPER, 34)}`,
  Replicate: (s) => `r8_${random(s, ALNUM, 37)}`,
  Groq: (s) => `gsk_${random(s, ALNUM, 52)}`,
  SendGrid: (s) => `SG.${random(s, URL64, 22)}.${random(s + 1, URL64, 43)}`,
  Mailchimp: (s) => `mailchimp_key=${random(s, HEX, 32)}-us12`,
  Twilio: (s) => `SK${random(s, HEX, 32)}`,
  npm: (s) => `npm_${random(s, ALNUM, 36)}`,
  PyPI: (s) => `pypi-AgEIcHlwaS5vcmc${random(s, URL64, 70)}`,
  RubyGems: (s) => `rubygems_${random(s, HEX, 48)}`,
  'Docker Hub': (s) => `dckr_pat_${random(s, URL64, 27)}`,
  DigitalOcean: (s) => `dop_v1_${random(s, HEX, 64)}`,
  Databricks: (s) => `dapi${random(s, HEX, 32)}`,
  'Shopify app': (s) => `shpat_${random(s, HEX, 32)}`,
  Square: (s) => `EAAA${random(s, ALNUM, 60)}`,
  Linear: (s) => `lin_api_${random(s, ALNUM, 40)}`,
  Notion: (s) => `ntn_${random(s, DIGIT, 11)}${random(s + 1, ALNUM, 35)}`,
  Figma: (s) => `figd_${random(s, URL64, 40)}`,
  Supabase: (s) => `sbp_${random(s, HEX, 40)}`,
  Grafana: (s) => `glsa_${random(s, ALNUM, 32)}_${random(s + 1, HEX, 8)}`,
  'New Relic': (s) => `NRAK-${random(s, UPPER + DIGIT, 27)}`,
  Sentry: (s) => `sntryu_${random(s, HEX, 64)}`,
  Postman: (s) => `PMAK-${random(s, HEX, 24)}-${random(s + 1, HEX, 34)}`,
  Doppler: (s) => `dp.pt.${random(s, ALNUM, 43)}`,
  Vault: (s) => `hvs.${random(s, URL64, 95)}`,
  Terraform: (s) => `${random(s, ALNUM, 14)}.atlasv1.${random(s + 1, URL64, 67)}`,
  Atlassian: (s) => `ATATT3xFfGF0${random(s, URL64, 180)}`,
  'age key': (s) => `AGE-SECRET-KEY-1${random(s, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`,
  JWT: (s) => `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ${random(s, ALNUM, 60)}.${random(s + 1, URL64, 43)}`,
  'private key': (s) =>
    `-----BEGIN RSA PRIVATE KEY-----\n${random(s, BASE64, 64)}\n${random(s + 1, BASE64, 64)}\n-----END RSA PRIVATE KEY-----`,
  'database URL': (s) => `postgres://app:${random(s, ALNUM, 16)}@db.internal:5432/app`,
  'Azure storage': (s) => `AccountName=a;AccountKey=${random(s, BASE64, 86)}==;`,
}

/** Where secrets stand in what agents write and read. */
const PLACES: Readonly<Record<string, (value: string) => string>> = {
  'an environment assignment': (v) => `export SERVICE_CREDENTIAL='${v}' && npm run deploy`,
  'a commit message': (v) => `git commit -m "rotate ${v} before release"`,
  JSON: (v) => JSON.stringify({ config: { value: v } }),
  'JSON in JSON': (v) => JSON.stringify({ body: JSON.stringify({ value: v }) }),
}

describe('R-IFC-3: fresh secrets of many providers', () => {
  const scanner = new SecretScanner()
  const cases = Object.entries(FORMS).flatMap(([form, make], at) =>
    Object.entries(PLACES).map(([place, put], nth) => ({ form, place, value: make(at * 10 + nth + 1), put })),
  )

  test.each(cases)('$form in $place', ({ value, put }) => {
    const text = put(value)
    const { finds } = scanner.search(text)
    let left = text
    for (const { start, end } of finds.toReversed()) left = left.slice(0, start) + left.slice(end)
    expect(finds.length).toBeGreaterThan(0)
    // Nothing of any use stays.
    expect(left).not.toContain(value.slice(-24))
  })
})

const CLEAN: readonly string[] = [
  ...Array.from({ length: 10 }, (_, at) => `commit ${random(at, HEX, 40)}\nAuthor: Ada <ada@example.org>`),
  ...Array.from({ length: 10 }, (_, at) => `  "integrity": "sha512-${random(at, BASE64, 86)}=="`),
  ...Array.from({ length: 10 }, (_, at) => `"src/auth/token-${at}.ts": "${random(at, HEX, 40)}",`),
  ...Array.from({ length: 10 }, (_, at) => `id: ${uuid(at)}`),
  ...Array.from({ length: 8 }, (_, at) => `"primaryKey": "${uuid(at + 50)}"`),
  ...Array.from({ length: 8 }, (_, at) => `"checksum": "${random(at, HEX, 64)}"`),
  ...Array.from({ length: 8 }, (_, at) => `cache_key = "${random(at, HEX, 32)}"`),
  ...Array.from({ length: 6 }, (_, at) => `etag: W/"${random(at, HEX, 32)}"`),
  ...Array.from({ length: 6 }, (_, at) => `nextPageToken: "${random(at, URL64, 40)}"`),
  ...Array.from(
    { length: 6 },
    (_, at) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${random(at, BASE64, 43)} ada@laptop`,
  ),
  ...Array.from(
    { length: 6 },
    (_, at) => `-----BEGIN PUBLIC KEY-----\n${random(at, BASE64, 64)}\n-----END PUBLIC KEY-----`,
  ),
  ...Array.from(
    { length: 6 },
    (_, at) => `<img src="data:image/png;base64,iVBORw0KGgo${random(at, BASE64, 200)}">`,
  ),
  ...Array.from({ length: 6 }, (_, at) => `FROM node:22@sha256:${random(at, HEX, 64)}`),
  ...Array.from({ length: 6 }, (_, at) => `uses: actions/checkout@${random(at, HEX, 40)}`),
  ...Array.from({ length: 6 }, (_, at) => `https://cdn.example.org/app.${random(at, HEX, 20)}.js`),
  'api_key = os.environ["API_KEY"]',
  'const apiKey = process.env.API_KEY ?? ""',
  'api_key: ${{ secrets.API_KEY }}',
  'token: {{ .Values.token }}',
  'password = getpass.getpass()',
  'password: str = Field(min_length=8)',
  'DATABASE_URL=postgres://user:password@localhost:5432/app',
  'DATABASE_URL=postgres://postgres:postgres@db/app',
  'mongodb://root:example@mongo:27017/',
  'Authorization: Bearer YOUR_TOKEN_HERE',
  'Authorization: Bearer ${TOKEN}',
  'curl -H "Authorization: Bearer $GITHUB_TOKEN" https://api.github.com',
  'curl -u "$USER:$PASS" https://a.test',
  'aws_access_key_id = <your key>',
  'AWS_SECRET_ACCESS_KEY=your-secret-access-key',
  'secretName: db-credentials',
  'secretKeyRef:\n  name: db-secret\n  key: password',
  'private const val KEY_USER = "user_id"',
  'const tokenType = "Bearer"',
  'tokens: 4096, max_tokens: 1024',
  'function tokenize(source: string): Token[] {',
  'sort_key=created_at&page_token=2',
  'className="password-field-container-with-long-name"',
  'import { KeyObject, X509Certificate } from "node:crypto"',
  'key: "ArrowDown", keyCode: 40',
  'i18n key: settings.security.password.reset.title',
  'passwordResetTokenExpiresInMinutes = 30',
  'assert token == "test-token"',
  "password: 'secret123'",
  "client_secret = 'oauth-client-secret'",
  'glpat-xxxxxxxxxxxxxxxxxxxx',
  'sk_test_...',
  'ghp_************************************',
  'AKIAIOSFODNN7EXAMPLE',
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'sk-ant-api03-...',
  '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
  'openssl genrsa -out private.key 2048',
  'ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519',
  'vault kv get -field=password secret/data/app',
  'kubectl create secret generic app --from-literal=password="$PASS"',
  'The password must have at least 12 characters and one digit.',
  'Set `GITHUB_TOKEN` to a token with the `repo` scope.',
]

function uuid(seed: number): string {
  return [8, 4, 4, 4, 12].map((length, at) => random(seed * 7 + at, HEX, length)).join('-')
}

test.each(CLEAN)('R-IFC-3: %s is none', (text) => {
  expect(new SecretScanner().search(text)).toEqual({ finds: [], complete: true })
})

test('R-IFC-3: a harmless name beside a secret hides nothing', () => {
  const value = random(3, ALNUM, 32)
  for (const text of [
    `{"author":"ada","api_key":"${value}"}`,
    `cache_key=users; api_key="${value}"`,
    `{"nextPageToken":"x","secret_token":"${value}"}`,
    `commit: abc, token = "${value}"`,
  ]) {
    expect(new SecretScanner().search(text).finds).toHaveLength(1)
  }
})
