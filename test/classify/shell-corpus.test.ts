import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CommandDesk, readCorpus } from '../support/decide-command.ts'
import { naivePack } from '../support/naive-pack.ts'

interface Bypass {
  readonly cmd: string
  readonly class: string
  readonly expect: string
}
const bypasses = (readCorpus('shell_bypass.json') as { items: Bypass[] } | undefined)?.items ?? []
const destructive =
  (readCorpus('dcg_corpus.json') as { items: { cmd: string; expected: string }[] } | undefined)?.items ?? []

let desk: CommandDesk
beforeAll(async () => {
  desk = await CommandDesk.open()
})
afterAll(() => desk.close())

const allowed = (commands: readonly string[], where: 'laptop' | 'sandbox') =>
  commands.filter((command) => desk.decide(command, where).effect === 'allow')

describe.skipIf(bypasses.length === 0)(
  'R-CLS-4: commands made to slip past a list of allowed programs (needs ../shared/corpus or REMIT_CORPUS)',
  () => {
    test('none of them runs unasked on a laptop', () => {
      const bad = bypasses.filter((each) => each.expect === 'not_auto_allow').map(({ cmd }) => cmd)
      expect(bad.length).toBeGreaterThan(150)
      expect(allowed(bad, 'laptop')).toEqual([])
      const doomed = destructive.filter(({ expected }) => expected === 'deny').map(({ cmd }) => cmd)
      expect(allowed(doomed, 'laptop')).toEqual([])
    })

    test('none of them runs unasked where the policy trusts every program by its name', async () => {
      const bad = bypasses.filter((each) => each.expect === 'not_auto_allow')
      const pack = naivePack('all')
      const naive = await CommandDesk.open(pack)
      const passed = bad.filter(({ cmd }) => naive.decide(cmd, 'laptop').effect === 'allow')
      naive.close()
      rmSync(pack, { recursive: true })
      expect(passed).toEqual([])
    })

    test('a sandbox lets none of them read secrets, reach the network or change what steers agents', () => {
      const kinds = /secret-read|exfil|self-privilege|dns/
      const contained = /^(sudo|su )/
      const bad = bypasses.filter((each) => each.expect === 'not_auto_allow' && kinds.test(each.class))
      const passed = allowed(
        bad.map(({ cmd }) => cmd),
        'sandbox',
      )
      expect(passed.filter((cmd) => !contained.test(cmd))).toEqual([])
    })

    test('near-misses of reading pass; only code of the project asks', () => {
      const good = bypasses.filter(
        (each) => each.expect === 'may_auto_allow' && /read-safe|git-safe/.test(each.class),
      )
      const passed = allowed(
        good.map(({ cmd }) => cmd),
        'laptop',
      )
      const asked = good.map(({ cmd }) => cmd).filter((cmd) => !passed.includes(cmd))
      expect(asked.filter((cmd) => !/^git push|^terraform plan/.test(cmd))).toEqual([])
    })
  },
)
