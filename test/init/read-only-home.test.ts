import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/running-gateway.ts'
import { hasBubblewrap } from '../support/require-bubblewrap.ts'
import { makeAgentHome } from './agent-homes.ts'

const sandbox = hasBubblewrap()
if (!sandbox)
  console.log('not run: `remit init` in a home that is mounted read-only, since there is no bubblewrap')

test.runIf(sandbox)(
  'R-AGT-2: in a home that is mounted read-only nothing is done, and it is said why',
  () => {
    const place = makeAgentHome(undefined, { '.cursor/mcp.json': '{ "mcpServers": {} }' })
    const before = place.all()
    const { home, project } = place
    const box = ['--dev-bind', '/', '/', '--ro-bind', home, home, '--chdir', project, '--']
    const command = [
      process.execPath,
      join(ROOT, 'src/cli/main.ts'),
      'init',
      '--yes',
      '--config',
      join(home, 'remit.yaml'),
    ]
    const { status, stderr } = spawnSync('bwrap', [...box, ...command], {
      env: { ...place.environ, PATH: process.env['PATH'] },
      encoding: 'utf8',
    })
    expect(stderr).toMatch(/cannot be (written|made)/)
    expect(status).toBe(1)
    expect(place.all()).toEqual(before)
  },
)
