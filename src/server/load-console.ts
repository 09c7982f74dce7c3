import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import {
  type ConsoleAsset,
  type ConsoleBuild,
  type ConsoleFile,
  CONSOLE_PREFIX,
} from '../api/console-build.ts'
import { PACKAGE_ROOT } from './package-version.ts'

/** How Vite tells what it made; `console/vite.config.ts` asks for it. */
type Manifest = Readonly<Record<string, { readonly file: string; readonly isEntry?: boolean }>>

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** @returns undefined where the console was not built, as in sources that `npm start` never ran in. */
export function loadConsole(
  folder: string = join(PACKAGE_ROOT, 'dist', 'console'),
): ConsoleBuild | undefined {
  const manifest = join(folder, 'manifest.json')
  if (!existsSync(manifest)) return undefined
  const entries = Object.values(JSON.parse(readFileSync(manifest, 'utf8')) as Manifest)
  const files = new Map<string, ConsoleFile>()
  for (const { file } of entries) {
    const type = TYPES[extname(file)]
    if (type === undefined) continue
    const bytes = readFileSync(join(folder, file))
    files.set(CONSOLE_PREFIX + file, { bytes, packed: gzipSync(bytes), type })
  }
  const script = entries.find(({ isEntry }) => isEntry === true)?.file
  const style = entries.find(({ file }) => file.endsWith('.css'))?.file
  if (script === undefined || style === undefined) return undefined
  return { script: assetOf(files, script), style: assetOf(files, style), files }
}

function assetOf(files: ReadonlyMap<string, ConsoleFile>, file: string): ConsoleAsset {
  const path = CONSOLE_PREFIX + file
  const bytes = files.get(path)?.bytes ?? new Uint8Array()
  return { path, integrity: `sha384-${createHash('sha384').update(bytes).digest('base64')}` }
}
