// Run by npm before `start`, `test` and packing: builds the console (`console/` ▸ `dist/console`) when what it is made of
// has changed. Plain JavaScript, like `ensure-installed.mjs`.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const built = join(root, 'dist', 'console')
const wanted = fingerprint(['console', 'pages', join('src', 'core')])

if (stampOf(built) !== wanted) build()

function build() {
  process.stderr.write('building the console (a few seconds, when its sources change)…\n')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  if (!existsSync(vite)) fail('its tools are not installed; run `npm install` (without `--omit=dev`)')
  // Beside its place, then moved: whoever reads meanwhile sees the one or the other.
  const fresh = join(root, 'dist', `.console-${process.pid}`)
  mkdirSync(fresh, { recursive: true })
  const args = [vite, 'build', join(root, 'console'), '--outDir', fresh]
  const env = { ...process.env, NODE_ENV: 'production' }
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2], env })
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    fail('the message above says why')
  }
  writeFileSync(join(fresh, 'stamp'), wanted)
  rmSync(built, { recursive: true, force: true })
  try {
    renameSync(fresh, built)
  } catch (error) {
    // Somebody else built the same meanwhile.
    rmSync(fresh, { recursive: true, force: true })
    if (stampOf(built) !== wanted) throw error
  }
}

function fail(why) {
  process.stderr.write(`the console cannot be built: ${why}\n`)
  process.exit(1)
}

function stampOf(folder) {
  const file = join(folder, 'stamp')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function fingerprint(folders) {
  const hash = createHash('sha256')
  for (const file of folders.flatMap(filesOf).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesOf(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.name === 'node_modules') return []
    return entry.isDirectory() ? filesOf(path) : [path]
  })
}
