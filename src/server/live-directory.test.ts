import { expect, test } from 'vitest'
import { LiveDirectory } from './live-directory.ts'
import { type LoadedConfig, parseConfig } from './load-config.ts'

const loaded = (humans: string): LoadedConfig => ({
  ...parseConfig('remit.yaml', `humans: [${humans}]\n`, {}),
  folder: '/',
})

test('R-CON-4: who a member of Slack is follows the file at once, and nobody is who is gone', () => {
  const directory = new LiveDirectory(loaded('{ id: ann, slack: U0ANN }, { id: bob }'), {
    agentUrl: 'http://127.0.0.1:7410',
    ownPorts: () => new Set(),
    now: () => 0,
  })
  expect(directory.bySlack('U0ANN')).toEqual({ tenant: 'default', id: 'ann', teams: [], roles: [] })
  expect(directory.bySlack('U0BOB')).toBeUndefined()
  directory.take(loaded('{ id: ann }, { id: bob, slack: U0BOB }'))
  expect([directory.bySlack('U0ANN'), directory.bySlack('U0BOB')?.id]).toEqual([undefined, 'bob'])
  directory.drop(['bob'])
  expect(directory.bySlack('U0BOB')).toBeUndefined()
})
