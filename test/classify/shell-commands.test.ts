import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CommandDesk } from '../support/decide-command.ts'

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
