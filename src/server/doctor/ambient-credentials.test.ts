import { describe, expect, test } from 'vitest'
import { ambientCredentials } from './ambient-credentials.ts'
import { CREDENTIAL_FILES } from './credential-files.ts'
import type { Surroundings } from './surroundings.ts'

const SECRET = 'never-to-be-shown-4711'

/** @param files by path, `~` = the home. */
function around(environ: Record<string, string>, files: Record<string, string> = {}): Surroundings {
  const all = new Map(Object.entries(files).map(([path, text]) => [path.replace(/^~/, '/home/u'), text]))
  return {
    environ,
    home: '/home/u',
    exists: (path) => [...all.keys()].some((each) => each === path || each.startsWith(`${path}/`)),
    read: (path) => all.get(path),
    list: (path) =>
      [...all.keys()].flatMap((each) => (each.startsWith(`${path}/`) ? [each.slice(path.length + 1)] : [])),
  }
}
const names = (from: Surroundings): readonly string[] => ambientCredentials(from).map(({ name }) => name)

describe('R-CRED-1: `remit doctor` names what an agent would inherit', () => {
  const variables =
    'AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN GITHUB_TOKEN GH_TOKEN NPM_TOKEN OPENAI_API_KEY STRIPE_SECRET PGPASSWORD DATABASE_URL GOOGLE_APPLICATION_CREDENTIALS KUBECONFIG MY_PAT REMIT_APPROVER'
  test.each(variables.split(' '))('the variable %s', (name) => {
    expect(names(around({ [name]: SECRET }))).toEqual([name])
  })

  test.each([
    'PATH',
    'HOME',
    'EDITOR',
    'PATIENCE',
    'AUTHOR',
    'TOKENIZERS',
    'KEYBOARD',
    'REMIT_TOKEN',
    'XAUTHORITY',
  ])('and not %s, nor a variable that is empty', (name) => {
    expect(names(around({ [name]: 'x', GH_TOKEN: '' }))).toEqual([])
  })

  const texts: Record<string, readonly [string, string?]> = {
    '.npmrc': [`//registry.npmjs.org/:_authToken=${SECRET}`, 'save-exact=true'],
    '.yarnrc.yml': [`npmAuthToken: ${SECRET}`, 'nodeLinker: pnp'],
    '.pypirc': [`[pypi]\npassword = ${SECRET}`, '[distutils]'],
    '.docker/config.json': [`{"auths":{"r":{"auth":"${SECRET}"}}}`, '{"auths":{},"detachKeys":"x"}'],
    '.netrc': [`machine a login b password ${SECRET}`, 'machine a'],
    '.gitconfig': ['[credential]\n\thelper = store', '[user]\n\tname = x'],
    '.config/git/config': ['[credential]\n\thelper = store', '[user]\n\tname = x'],
    '.config/glab-cli/config.yml': [`hosts:\n  gitlab.com:\n    token: ${SECRET}`, 'hosts: {}'],
    '.fly/config.yml': [`access_token: ${SECRET}`, 'auto_update: true'],
  }
  test.each(CREDENTIAL_FILES.map(({ path }) => path))(
    'the login in ~/%s, and not a file without one',
    (path) => {
      const [login, none = ''] = texts[path] ?? [SECRET]
      expect(names(around({}, { [`~/${path}`]: login }))).toEqual([`~/${path}`])
      const other: Record<string, string> = path in texts ? { [`~/${path}`]: none } : {}
      expect(names(around({}, other))).toEqual([])
    },
  )

  test('keys and sockets, each with its fix, and no value of anything', () => {
    const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${SECRET}`
    const from = around(
      { SSH_AUTH_SOCK: '/tmp/agent', GH_TOKEN: SECRET },
      {
        '~/.ssh/work': key,
        '~/.ssh/work.pub': 'ssh-ed25519 AAAA',
        '~/.ssh/config': 'Host x',
        '~/.gnupg/private-keys-v1.d/a.key': SECRET,
        '/tmp/agent': '',
        '/var/run/docker.sock': '',
      },
    )
    expect(names(from)).toEqual([
      'GH_TOKEN',
      '~/.ssh/work',
      '~/.gnupg/private-keys-v1.d',
      'SSH_AUTH_SOCK',
      '/var/run/docker.sock',
    ])
    expect(JSON.stringify(ambientCredentials(from))).not.toContain(SECRET)
    expect(ambientCredentials(from).every(({ fix }) => fix.length > 10)).toBe(true)
    expect(names(around({ SSH_AUTH_SOCK: '/tmp/gone' }))).toEqual([])
  })
})
