import { isAbsolute, join } from 'node:path'
import type { Json } from '../../../core/json.ts'
import { PACKAGE_ROOT } from '../../package-version.ts'
import type { ConfigurationFile } from '../../agents/agent-configuration.ts'
import { asksGateway } from '../../agents/gateway-commands.ts'

/** The lines of a file that ask a gateway by a program. */
export function askingLines(file: ConfigurationFile, settings: Json, text: string): readonly string[] {
  const found =
    file.format === 'script' ? text.split('\n').map((line) => line.replace(/^exec /, '')) : textsIn(settings)
  return [...new Set(found.filter((line) => asksGateway(line) && !/\.js$|-defer["']?$/.test(line)))]
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((each) => textsIn(each))
}

export interface HookProgram {
  readonly program: string
  readonly args: readonly string[]
}

/**
 * What a line starts, where it is nothing but `remit-hook` with the name of an agent: doctor runs no shell line of a file, and
 * of a project, which others may have written, only what is of this installation.
 * @returns undefined = it is not run here.
 */
export function hookProgram(line: string, level: ConfigurationFile['level']): HookProgram | undefined {
  const [, quoted, plain, agent] = LINE.exec(line) ?? []
  const program = quoted ?? plain
  if (program === undefined || agent === undefined) return undefined
  const isOwn = program === join(PACKAGE_ROOT, 'bin', 'remit-hook')
  if (level === 'project' && !isOwn) return undefined
  return isAbsolute(program) || program === 'remit-hook' ? { program, args: [agent] } : undefined
}

const LINE = /^(?:'([^']*\/remit-hook)'|([\w@%+=:,./-]*remit-hook)) ([a-z0-9-]+)$/
