import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startGateway } from '../support/running-gateway.ts'

/** Keeps the key in a file beside it, as a KMS would keep it behind its door. */
const KEEPER = `#!/bin/sh
read -r line
case "$1" in
  wrap) echo "$line" > "$0.kept"; echo kept ;;
  unwrap) cat "$0.kept" ;;
esac
`

test('R-SEC-1: a gateway whose keys somebody else keeps starts, is verified and backed up, and does not start without its keeper', async () => {
  let program = ''
  let gateway = await startGateway({
    config: ({ home }) => `keys: { in: command, command: ['${join(home, 'keeper')}'] }\n`,
    prepare: (home) => {
      program = join(home, 'keeper')
      writeFileSync(program, KEEPER)
      chmodSync(program, 0o700)
    },
  })
  try {
    const { task } = gateway.task()
    const backup = join(gateway.home, 'remit.backup')
    expect(gateway.remit(['backup', backup])).toMatchObject({ status: 0 })
    await gateway.kill('SIGTERM')
    expect(gateway.remit(['audit', 'verify']).status).toBe(0)
    const keys = join(gateway.home, '.remit', 'keys')
    expect(existsSync(join(keys, 'checkpoint.pem'))).toBe(false)
    const sealed = readFileSync(join(keys, 'checkpoint.pem.sealed'))

    writeFileSync(program, '#!/bin/sh\necho "the KMS is away" >&2\nexit 7\n')
    expect(gateway.remit(['start'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/key_unusable.*the KMS is away/),
    })
    expect(readFileSync(join(keys, 'checkpoint.pem.sealed'))).toEqual(sealed)
    writeFileSync(program, KEEPER)
    gateway = await gateway.restart()
    expect(gateway.remit(['task', 'show', task.id]).status).toBe(0)
  } finally {
    await gateway.remove()
  }
})
