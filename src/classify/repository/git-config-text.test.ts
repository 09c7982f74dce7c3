import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { parseGitConfig } from './git-config-text.ts'

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'remit-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function ours(text: string): string[] | undefined {
  return parseGitConfig(text)?.map(
    ({ section, subsection, name, value }) =>
      `${section}${subsection === undefined ? '' : `.${subsection}`}.${name}\n${value}`,
  )
}

/** What git itself reads. */
function theirs(text: string): string[] | undefined {
  const file = join(folder, 'config')
  writeFileSync(file, text)
  try {
    const listed = execFileSync('git', ['config', '--no-includes', '-z', '-f', file, '--list'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return listed
      .split('\0')
      .filter((entry) => entry !== '')
      .map((entry) => (entry.includes('\n') ? entry : `${entry}\ntrue`))
  } catch {
    return undefined
  }
}

describe('R-CLS-1: settings are read as git reads them', () => {
  test.each([
    '[remote "origin"]\n\turl = git@github.com:acme/shop.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n',
    '[core]\n\tbare\n[core] bare = false\n',
    '[url "git@github.com:"]\n  insteadOf = "gh:" ; short\n  insteadOf = https://github.com/ # long\n',
    '[a "x\\"y\\\\z"]\nk = "one \\"two\\"" three\\\n four\n',
    '[Remote.Origin]\nURL = x\n',
    '\uFEFF[a]\r\nb = c\r\n',
    '[a]\nb = c [d]\n[a]b=2',
    '[a]\nb = "open\n',
    '[a]\n1b = c\n',
    '[a]\nb = \\q\n',
    '[a]\nb =\n[a "b c"] d = e#f\n',
    '[a "b]\nc = d\n',
  ])('%j', (text) => expect(ours(text)).toEqual(theirs(text)))

  test('whatever this reads, git reads too', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '"',
      '\\',
      '\n',
      ' ',
      '\t',
      '=',
      '#',
      ';',
      'a',
      'B',
      '-',
      '.',
      'url',
      'x',
    )
    const wrong = fc.check(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const text = `[s "u"]\n${pieces.join('')}`
        const read = ours(text)
        return read === undefined || isDeepStrictEqual(read, theirs(text))
      }),
      { numRuns: 300 },
    )
    expect(wrong.counterexample).toBeNull()
  })
})
