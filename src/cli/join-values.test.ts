import { expect, test } from 'vitest'
import { taskCreate } from './task-create.ts'
import { COMMON_FLAGS, UsageError, type Io } from './command.ts'
import { joinValues } from './join-values.ts'
import { parseArguments } from './parse-arguments.ts'

const FLAGS = [...taskCreate.flags, ...COMMON_FLAGS]
const NOWHERE = {} as Io

test.each(['-Ab3_x', '-', '--Ab3', '-hAbc'])(
  'R-UX-3: what is base64url is a value, though it begins with a dash: `%s`',
  async (value) => {
    const args = ['task', 'create', '--intent', 'x', '--dpop-jkt', value, '--json']
    const parsed = await parseArguments(args, NOWHERE)
    expect(parsed).toMatchObject({ kind: 'run', invocation: { json: true, flags: { 'dpop-jkt': value } } })
  },
)

test.each([['--intent', '--json'], ['--intent', '-h'], ['--intent', '--expires=2h'], ['--intent']])(
  'R-UX-3: a flag of the command is never taken for the value of the one before: %s %s',
  async (...args) => {
    expect(joinValues(args, FLAGS)).toEqual(args)
    await expect(parseArguments(['task', 'create', ...args], NOWHERE)).rejects.toThrow(UsageError)
  },
)

test('R-UX-3: what stands behind `--`, after a switch or alone is left as it is', () => {
  const args = ['--json', '-x', '--path=-y', 'word', '--', '--intent', '-z']
  expect(joinValues(args, FLAGS)).toEqual(args)
})
