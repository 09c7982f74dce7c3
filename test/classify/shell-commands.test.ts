import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CommandDesk } from '../support/decide-command.ts'
import { naivePack } from '../support/naive-pack.ts'

/** Lines of a list of commands with the `# class` that they stand under. */
function readCommands(name: string): readonly { readonly kind: string; readonly command: string }[] {
  let kind = ''
  return readFileSync(join(import.meta.dirname, 'commands', name), 'utf8')
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('# ')) kind = line.slice(2)
      return line === '' || line.startsWith('# ') ? [] : [{ kind, command: line }]
    })
}

const mustNot = readCommands('must-not.txt')
const may = readCommands('may.txt')
let desk: CommandDesk
beforeAll(async () => {
  desk = await CommandDesk.open()
})
afterAll(() => desk.close())

const allowed = (commands: readonly string[], where: 'laptop' | 'sandbox') =>
  commands.filter((command) => desk.decide(command, where).effect === 'allow')

describe('R-CLS-4: what executes, writes elsewhere, connects, destroys or shows secrets', () => {
  test.each([...new Set(mustNot.map(({ kind }) => kind))])('asks on a laptop: %s', (kind) => {
    const commands = mustNot.filter((each) => each.kind === kind).map(({ command }) => command)
    expect(allowed(commands, 'laptop')).toEqual([])
  })
})

describe('R-CLS-4: near-misses', () => {
  const commands = may.map(({ command }) => command)

  test('on a laptop only what runs code of the repository asks', () => {
    const asked = may.filter(({ command }) => desk.decide(command, 'laptop').effect !== 'allow')
    expect(asked.filter(({ kind }) => kind !== 'runs-repository-code')).toEqual([])
  })

  test('in a sandbox only what reaches out of it asks', () => {
    const passed = new Set(allowed(commands, 'sandbox'))
    expect(commands.filter((command) => !passed.has(command))).toEqual([
      'docker build -t app .',
      'npx vitest run src/a.test.ts',
    ])
  })
})

test('R-CLS-4: an admin who lets every program run by its name lets none of its doors pass', async () => {
  const pack = naivePack('all')
  const naive = await CommandDesk.open(pack)
  try {
    const passed = mustNot.filter(({ command }) => naive.decide(command, 'laptop').effect === 'allow')
    expect(passed.map(({ command }) => command)).toEqual(['terraform plan -lock=false'])
  } finally {
    naive.close()
    rmSync(pack, { recursive: true })
  }
})

/** What no sandbox contains: it leaves the machine, shows secrets, or steers what runs elsewhere. */
const NEVER_SILENT = /^(secret\.|control\.weaken|net\.|git\.push|package\.publish|account\.|sql\.)/
const STEERING = new Set(['secret', 'ci', 'agent-config', 'git-hook', 'remit-control', 'production'])

test('R-CLS-4: what a sandbox lets pass has no operation that it does not contain', () => {
  const passed = mustNot.filter(({ command }) => desk.decide(command, 'sandbox').effect === 'allow')
  expect(passed.length).toBeGreaterThan(100)
  const leaks = passed.filter(({ command }) =>
    desk
      .classify(command)
      .operations.some(
        ({ action, labels }) =>
          NEVER_SILENT.test(action) ||
          (action !== 'file.list' && action !== 'file.read' && labels.some((label) => STEERING.has(label))),
      ),
  )
  expect(leaks).toEqual([])
})
