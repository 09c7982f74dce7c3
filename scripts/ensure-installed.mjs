// Run by npm before `start`, `test` and the like: installs what the lock file says, once. Plain JavaScript,
// since it runs before anything is installed, on whatever Node npm came with.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.remit-installed')
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')
const found = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''

if (found !== wanted) {
  process.stderr.write('installing what package-lock.json lists (once; about half a minute)…\n')
  const npm = process.env.npm_execpath
  // Not `npm ci`: it refuses a lock file that leaves out optional packages of platforms which a registry lacks.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  const result =
    npm === undefined
      ? spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
      : spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
  if (result.status !== 0) {
    process.stderr.write('`npm install` failed; its message above says why\n')
    process.exit(result.status ?? 1)
  }
  writeFileSync(stamp, wanted)
}
