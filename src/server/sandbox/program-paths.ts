import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs'
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import { findProgram } from './find-bubblewrap.ts'
import { isSystem, isWithin, SHARED_FOLDERS } from './system-paths.ts'

export interface ProgramPlace {
  /** What the command's name is looked for on. */
  readonly path: string
  readonly home: string
  /** What relative paths start from. */
  readonly cwd: string
}

const INTERPRETER = /^(?:node|nodejs|bun|deno|tsx|ts-node|uv|python[\d.]*|pypy[\d.]*|ruby|perl|php|bash|sh)$/
const INSTALLED = /^(?:pyvenv\.cfg|node_modules|python[\d.]+)$/

/** The command as it will be run, absolute; undefined = there is no such program. */
export function resolveCommand(command: string, { path, cwd }: ProgramPlace): string | undefined {
  if (!command.includes('/')) return findProgram(command, path)
  const file = resolve(cwd, command)
  return existsSync(file) ? file : undefined
}

/** The script that an interpreter is given; undefined = the program itself is what runs. */
export function scriptOf(program: string, args: readonly string[], cwd: string): string | undefined {
  if (!INTERPRETER.test(basename(program))) return undefined
  return args
    .filter((arg) => !arg.startsWith('-') && /[./]/.test(arg))
    .map((arg) => resolve(cwd, arg))
    .find((file) => isFile(file))
}

/** Everything a program consists of and that lies outside of the system's folders; to be shown read-only. */
export function programPaths(
  program: string,
  args: readonly string[],
  place: ProgramPlace,
): ReadonlySet<string> {
  const paths = new Set<string>()
  for (const folder of place.path.split(delimiter)) {
    if (isAbsolute(folder) && existsSync(folder)) addFolder(folder, place, paths)
  }
  addProgram(program, place, paths)
  const script = scriptOf(program, args, place.cwd)
  if (script !== undefined) addProgram(script, place, paths)
  return paths
}

function addProgram(file: string, place: ProgramPlace, paths: Set<string>, depth = 0): void {
  const real = realpathSync(file)
  for (const each of new Set([file, real])) {
    const folder = installation(each, place)
    if (isShared(folder, place)) paths.add(each)
    else addFolder(folder, place, paths)
  }
  const interpreter = depth > 4 ? undefined : interpreterOf(real, place)
  if (interpreter !== undefined) addProgram(interpreter, place, paths, depth + 1)
}

function addFolder(folder: string, place: ProgramPlace, paths: Set<string>): void {
  if (isSystem(folder) || isShared(folder, place)) return
  paths.add(folder)
  const modules = join(folder, 'node_modules')
  for (const each of [folder, modules]) {
    if (!existsSync(each)) continue
    const real = realpathSync(each)
    if (!isWithin(real, folder) && !isShared(real, place) && !isSystem(real)) paths.add(real)
  }
}

/** The folder that was installed as one thing. */
function installation(file: string, { home }: ProgramPlace): string {
  const modules = file.indexOf('/node_modules/')
  if (modules > 0) return file.slice(0, modules + '/node_modules'.length)
  const folder = dirname(file)
  const prefix = dirname(folder)
  if (basename(folder) === 'bin' && [prefix, join(prefix, 'lib')].some(hasInstalled)) return prefix
  for (let each = folder; each !== '/' && each !== home; each = dirname(each)) {
    if (existsSync(join(each, 'package.json'))) return each
  }
  return folder
}

function hasInstalled(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => INSTALLED.test(name))
  } catch {
    return false
  }
}

function isShared(folder: string, { home }: ProgramPlace): boolean {
  return SHARED_FOLDERS.has(folder) || isWithin(home, folder) || folder === join(home, '.local')
}

/** What its first line says that it is run by. */
function interpreterOf(file: string, place: ProgramPlace): string | undefined {
  const words = firstLine(file).split(/\s+/)
  const [program = '', ...rest] = words
  if (!isAbsolute(program)) return undefined
  if (basename(program) !== 'env') return existsSync(program) ? program : undefined
  const name = rest.find((word) => !word.startsWith('-') && !word.includes('='))
  return name === undefined ? undefined : resolveCommand(name, place)
}

function firstLine(file: string): string {
  const buffer = Buffer.alloc(256)
  try {
    const handle = openSync(file, 'r')
    try {
      const text = buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, 0))
      return text.startsWith('#!') ? (text.slice(2).trimStart().split('\n')[0] ?? '') : ''
    } finally {
      closeSync(handle)
    }
  } catch {
    return ''
  }
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
