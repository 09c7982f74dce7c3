import { readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { z } from 'zod'
import { RemitError } from '../core/errors.ts'
import { checkExposure } from './check-exposure.ts'
import { checkSecondPerson } from './check-second-person.ts'
import { checkSlack } from './check-slack.ts'
import { checkTenants } from './check-tenants.ts'
import { checkVirtualServers } from './check-virtual-servers.ts'
import { checkReviewOwner } from './check-review-owner.ts'
import { checkWorkloads } from './check-workloads.ts'
import { factConflicts } from './configured-facts.ts'
import { applyEnvironment } from './config-environment.ts'
import { knownKeys } from './config-keys.ts'
import { type Config, configSchema } from './config-schema.ts'
import { describeConfigIssue, describeVariableIssue } from './describe-config-issue.ts'
import { readBrokenYaml, readYaml, type YamlSource } from './yaml-source.ts'

export type Environ = Readonly<Record<string, string | undefined>>

const observePart = z.object({ observe: configSchema.shape.observe })

/** A valid configuration, with what it was read from so that later checks can point into it. */
export interface LoadedConfig {
  readonly config: Config
  readonly source: YamlSource
  /** Folder that relative paths of the configuration start from. */
  readonly folder: string
  /** The file it was read from; absent when there is none and defaults hold. */
  readonly file?: string
  /** What a tenant's configuration belongs to; absent = it is the installation's own. */
  readonly installation?: LoadedConfig
}

export interface ConfigLocation {
  readonly environ: Environ
  readonly cwd: string
  /** From the command line; outranks `REMIT_CONFIG`. Absent in both = `remit.yaml` if there is one. */
  readonly file?: string | undefined
  /** Tenant that a command means; outranks `REMIT_TENANT`. */
  readonly tenant?: string | undefined
}

/**
 * Reads the file, lays the environment over it and validates the whole.
 * @throws RemitError `config_invalid` with one line an error, each as `remit.yaml:12:5: …`.
 */
export function loadConfig(location: ConfigLocation): LoadedConfig {
  const named = location.file ?? location.environ['REMIT_CONFIG']
  const file = resolve(location.cwd, named ?? 'remit.yaml')
  const text = readConfigFile(file, named !== undefined)
  if (text === undefined) {
    return { ...parseConfig('remit.yaml', '', location.environ), folder: location.cwd }
  }
  return { ...parseConfig(basename(file), text, location.environ), folder: dirname(file), file }
}

/** Where the state folder is, by a file that may be wrong in every other part; undefined = that cannot be told either. */
export function looseStateFolder(location: ConfigLocation): string | undefined {
  const file = resolve(location.cwd, location.file ?? location.environ['REMIT_CONFIG'] ?? 'remit.yaml')
  const text = readConfigFile(file, false)
  if (text === undefined) return undefined
  const part = z.object({ state: configSchema.shape.state })
  const read = part.safeParse(applyEnvironment(readBrokenYaml(text), location.environ).value)
  return read.success ? resolve(dirname(file), read.data.state) : undefined
}

/**
 * The same file as it is now. One that is empty or gone is taken for one that is being written.
 * @throws RemitError `config_invalid`.
 */
export function rereadConfig(before: LoadedConfig, environ: Environ): LoadedConfig {
  const file = before.file ?? resolve(before.folder, 'remit.yaml')
  const text = readConfigFile(file, true) ?? ''
  if (text.trim() === '') throw new RemitError('config_invalid', `${basename(file)}:1:1: the file is empty`)
  return { ...parseConfig(basename(file), text, environ), folder: dirname(file), file }
}

/** @throws RemitError `config_invalid`. */
export function parseConfig(
  name: string,
  text: string,
  environ: Environ,
): { readonly config: Config; readonly source: YamlSource } {
  const source = readYaml(name, text)
  const overlaid = applyEnvironment(source.value, environ)
  const result = configSchema.safeParse(overlaid.value)
  if (!result.success) {
    const lines = result.error.issues.flatMap((issue) => {
      const variable = overlaid.variableOf(issue.path)
      if (variable !== undefined) return [describeVariableIssue(variable, issue)]
      return describeConfigIssue(source, issue, knownKeys)
    })
    throw new RemitError('config_invalid', inFileOrder(lines).join('\n'))
  }
  const problems = [
    checkExposure,
    checkTenants,
    checkSecondPerson,
    checkSlack,
    checkVirtualServers,
    checkReviewOwner,
    checkWorkloads,
    factConflicts,
  ].flatMap((check) => check(result.data))
  if (problems.length > 0) {
    const lines = problems.map(
      (problem) => `${source.position(problem.path)}: \`${problem.path.join('.')}\` ${problem.message}`,
    )
    throw new RemitError('config_invalid', lines.join('\n'))
  }
  return { config: result.data, source }
}

/**
 * The observe part of a configuration file, whatever the rest of it says.
 * @param file absolute path.
 * @throws RemitError `config_invalid` when the file or this part of it cannot be read.
 */
export function loadObserve(file: string): Config['observe'] {
  const source = readYaml(basename(file), readConfigFile(file, true) ?? '')
  const result = observePart.safeParse(source.value)
  if (result.success) return result.data.observe
  const lines = result.error.issues.flatMap((issue) => describeConfigIssue(source, issue, knownKeys))
  throw new RemitError('config_invalid', inFileOrder(lines).join('\n'))
}

/** The order in which an editor walks them, whatever order the checks ran in. */
function inFileOrder(lines: readonly string[]): readonly string[] {
  const place = (line: string): number => {
    const [, row, column] = /^[^:]*:(\d+):(\d+): /.exec(line) ?? []
    return Number(row ?? 0) * 100_000 + Number(column ?? 0)
  }
  return lines.toSorted((left, right) => place(left) - place(right))
}

/** @throws RemitError `config_invalid` when it cannot be read, or is not there and has to be. */
export function readConfigFile(file: string, required: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' && !required) return undefined
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? 'unknown'})`
    throw new RemitError('config_invalid', `the configuration file \`${file}\` ${why}`, { cause })
  }
}
