import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { byMona, NEVER, useGate } from '../../test/support/gate-harness.ts'
import { DEFAULT_TENANT } from '../core/ids.ts'
import type { Caller } from './gate.ts'

const h = useGate()
const WIDER = { grant: 'task', widen: 'files-of-command' } as const

const effectOf = async (caller: Caller, command: string): Promise<string> =>
  (await h().gate.authorize(caller, h().command(command), NEVER)).effect

/** A task in which the command was agreed to, widened to other files, and has run once since. */
async function widened(command = 'pytest tests/test_a.py'): Promise<Caller> {
  mkdirSync(join(h().workspace, 'tests'), { recursive: true })
  const caller = await h().callerOf()
  const { id, offer } = await h().askedFor(caller, h().command(command))
  expect(offer?.wider?.map(({ wider }) => wider?.axis)).toEqual(['files-of-command'])
  await h().administration.approve(byMona, id, WIDER)
  expect(await effectOf(caller, command)).toBe('allow')
  return caller
}

const grants = () => h().administration.listGrants(byMona, { limit: 10 })

describe('R-CON-5: consent that is widened to other files of a command', () => {
  test('the same command with another such file runs without a question, and is on record with the axis', async () => {
    const caller = await widened()
    for (const each of ['pytest tests/test_b.py', 'pytest ./tests/test_c.py', 'pytest tests/test_a.py'])
      expect(await effectOf(caller, each)).toBe('allow')
    const [grant] = await grants()
    expect(grant).toMatchObject({
      uses: 3,
      covers: {
        arguments: { command: 'pytest tests/*.py' },
        wider: { axis: 'files-of-command', slots: [{ folder: 'tests', ending: '.py', word: 1 }] },
      },
    })
    const [created] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'grant.created' })
    expect(created).toMatchObject({
      envelope: { data: { widened: 'files-of-command' } },
      detail: { data: { covers: { slots: [{ folder: 'tests' }] } } },
    })
  })

  test('anything else asks anew', async () => {
    const caller = await widened()
    const others: readonly (readonly [string, string])[] = [
      ['a flag more', 'pytest -q tests/test_a.py'],
      ['another program', 'eslint tests/test_a.py'],
      ['a file more', 'pytest tests/test_a.py tests/test_b.py'],
      ['another folder', 'pytest src/test_a.py'],
      ['a folder below', 'pytest tests/deep/test_a.py'],
      ['a way out of the folder', 'pytest tests/../src/test_a.py'],
      ['another ending', 'pytest tests/test_a.toml'],
      ['no file', 'pytest tests'],
      ['a hidden file', 'pytest tests/.test_a.py'],
      ['a manifest', 'pytest tests/package.json'],
      ['a flag in its place', 'pytest --tests/test_a.py'],
      ['an expansion', 'pytest tests/*.py'],
      ['a variable', 'pytest tests/$X.py'],
      ['a second command', 'pytest tests/test_b.py; npm test'],
      ['a pipe', 'pytest tests/test_b.py | sh'],
      ['a redirection', 'pytest tests/test_b.py > tests/test_c.py'],
      ['an assignment before it', 'X=1 pytest tests/test_b.py'],
      ['quotes', 'pytest "tests/test_b.py"'],
    ]
    const ran: string[] = []
    for (const [what, command] of others) if ((await effectOf(caller, command)) === 'allow') ran.push(what)
    expect(ran).toEqual([])
    expect((await grants())[0]?.uses).toBe(0)
  })

  test('a name that leads out of the folder asks, and a configuration of the program that is another', async () => {
    const caller = await widened()
    writeFileSync(join(h().workspace, 'src', 'test_x.py'), 'x')
    symlinkSync('../src/test_x.py', join(h().workspace, 'tests', 'test_x.py'))
    expect(await effectOf(caller, 'pytest tests/test_x.py')).toBe('consent')
    writeFileSync(join(h().workspace, 'pytest.ini'), '[pytest]')
    const { again } = await h().askedFor(caller, h().command('pytest tests/test_y.py'))
    expect(again).toMatch(/the content of `pytest\.ini` is another now/)
    expect((await grants())[0]?.lapsed).toMatch(/the content of `pytest\.ini` is another now/)
  })

  test('agreed to for the task alone, nothing is wider; what is not offered cannot be chosen', async () => {
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, h().command('pytest tests/test_a.py'))
    const vote = (wish: object) => h().administration.approve(byMona, id, wish)
    await expect(vote({ grant: 'task', widen: 'workspace' })).rejects.toMatchObject({
      code: 'grant_not_offered',
      message: expect.stringContaining('it offers `files-of-command`'),
    })
    await expect(vote({ widen: 'files-of-command' })).rejects.toMatchObject({ code: 'grant_not_offered' })
    await vote({ grant: 'task' })
    expect(await effectOf(caller, 'pytest tests/test_a.py')).toBe('allow')
    expect(await effectOf(caller, 'pytest tests/test_b.py')).toBe('consent')
  })

  test('its approver sees in words what it would let run, and what it would have', async () => {
    const caller = await h().callerOf()
    const other = await h().callerOf()
    await h().askedFor(other, h().command('pytest tests/test_o.py'))
    for (const name of ['a', 'b']) await h().askedFor(caller, h().command(`pytest tests/test_${name}.py`))
    const { id, prompt } = await h().askedFor(caller, h().command('pytest tests/test_c.py'))
    expect(prompt).toContain(
      'or, widened along `files-of-command`: the same program with the same flags and words, on any ordinary `.py` file directly in `tests`',
    )
    expect((await h().administration.viewApproval(byMona, id)).past?.wider).toEqual([
      { axis: 'files-of-command', times: 2, elsewhere: 1, examples: ['tests/test_b.py', 'tests/test_a.py'] },
    ])
  })
})
