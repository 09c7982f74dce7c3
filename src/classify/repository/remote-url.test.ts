import { describe, expect, test } from 'vitest'
import { USUAL_FORGES } from './forge-hosts.ts'
import { readRemoteUrl } from './remote-url.ts'

function idOf(url: string, forges = USUAL_FORGES): string | undefined {
  const place = readRemoteUrl(url, forges)
  return place?.kind === 'path' ? `path ${place.path}` : place?.id
}

describe('R-CLS-1: one repository has one name, however its URL is written', () => {
  test.each([
    'git@github.com:acme/shop.git',
    'git@github.com:Acme/Shop',
    'github.com:acme/shop.git',
    'GitHub.com:/acme/shop.git/',
    'https://github.com/acme/shop',
    'https://github.com/acme/shop.git',
    'https://user:token@github.com/acme/shop.git',
    'https://github.com:443/acme/shop/',
    'http://www.github.com/acme/shop',
    'ssh://git@github.com/acme/shop.git',
    'ssh://git@github.com:22/acme/shop.git',
    'ssh://git@ssh.github.com:443/acme/shop.git',
    'git+ssh://git@github.com/acme/shop.git',
    'git://github.com/acme/shop.git',
    'https://github.com/acme%2Fshop',
    'https://GITHUB.com./acme/shop',
  ])('%s', (url) => expect(idOf(url)).toBe('acme/shop'))

  test.each([
    ['git@gitlab.com:group/sub/project.git', 'group/sub/project'],
    ['https://git.acme.example/Team/Shop.git', 'git.acme.example/Team/Shop'],
    ['ssh://git@git.acme.example:2222/team/shop', 'git.acme.example:2222/team/shop'],
    ['https://github.com:8443/acme/shop', 'github.com:8443/acme/shop'],
    ['https://github.com.evil.example/acme/shop', 'github.com.evil.example/acme/shop'],
    ['https://github.com@evil.example/acme/shop', 'evil.example/acme/shop'],
    ['https://127.0.0.1/acme/shop', '127.0.0.1/acme/shop'],
    ['https://0x7f.1/acme/shop', '127.0.0.1/acme/shop'],
    ['[::1]:acme/shop', '[::1]/acme/shop'],
    ['/srv/git/shop.git', 'path /srv/git/shop.git'],
    ['../shop', 'path ../shop'],
    ['file:///srv/git/shop.git', 'path /srv/git/shop.git'],
  ])('%s is %s', (url, id) => expect(idOf(url)).toBe(id))

  test.each([
    'ext::sh -c x',
    'ext::sh%20x',
    '-oProxyCommand=x',
    'https://github.com/acme/../evil/shop',
    'https://github.com/acme',
    'https://github.com/acme/shop?x',
    'https://github.com/acme/shop#x',
    'https://github.com\\@evil.example/acme/shop',
    'https://github.com/acme/%zz',
    'https://github.com/acme/sh op',
    'https://github.com/acme/shóp',
    'gopher://github.com/acme/shop',
    'file://host/srv/x',
    'ftp://',
    '',
  ])('%j is not told', (url) => expect(idOf(url)).toBeUndefined())

  test('which hosts go without their name is the configuration’s to say', () => {
    const own = new Set(['git.acme.example'])
    expect(idOf('https://git.acme.example/Team/Shop.git', own)).toBe('team/shop')
    expect(idOf('https://github.com/acme/shop', own)).toBe('github.com/acme/shop')
  })
})
