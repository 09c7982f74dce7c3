import { createHash } from 'node:crypto'
import { canonicalJson } from '../../core/canonical-json.ts'
import type { StartReport } from '../../core/fleet.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type {
  AgentConfiguration,
  ConfigurationFile,
  ConfigurationLevel,
} from '../agents/agent-configuration.ts'
import type { AgentSurroundings } from '../agents/agent-surroundings.ts'
import { asksGateway, gatewayCommands } from '../agents/gateway-commands.ts'
import { readJsonText } from '../import/read-json-text.ts'
import { readTomlText } from '../import/read-toml-text.ts'
import { asks, asksAlike } from './asks-alike.ts'
import { isLedAstray, isSwitchedOff, memberAt } from './settings-against-hooks.ts'

/** What asks the gateway in one file. */
interface Asking {
  readonly level: ConfigurationLevel
  /** Event, where the place has events. */
  readonly event: string
  readonly entry: Json
}

/** Without these an agent's tools are asked about all the same. */
const OPTIONAL = /^(?:session|sub-?agent)/i

/**
 * How the hooks of an agent stand in its files: everybody's, its user's and the project's.
 * @param read a file's text; undefined = there is none, or it cannot be read here.
 * @returns undefined = it is not known where its hooks would stand.
 */
export function hookFilesOf(
  configuration: AgentConfiguration,
  at: AgentSurroundings,
  read: (path: string) => string | undefined,
): StartReport['hooks'] {
  const commands = gatewayCommands({ agent: configuration.agent, platform: at.platform, connect: [] })
  const files = configuration.files(at)
  const hooks = files.flatMap((file) => file.parts.filter((part) => part.kind === 'hooks'))
  const plugins = files.flatMap((file) =>
    file.parts.filter((part) => part.kind === 'item' && asksGateway(part.item(commands))),
  )
  const scripts = files.flatMap((file) => file.parts.filter((part) => part.kind === 'script'))
  if (hooks.length + plugins.length + scripts.length === 0) return undefined
  const found = files.map((file) => ({ file, text: read(file.path) }))
  const asking = found.flatMap(({ file, text }) => (text === undefined ? [] : askingIn(file, text)))
  if (asking.length === 0) return { files: 'missing' }
  const digest = digestOf(asking)
  const settings = found.flatMap(({ file, text }) =>
    text === undefined ? [] : [{ level: file.level, of: settingsIn(file, text) }],
  )
  // A user's switch leaves hooks alone that an administrator set up.
  const holds = asking.some(({ level }) => level === 'managed')
  if (settings.some(({ level, of }) => (level === 'managed' || !holds) && isSwitchedOff(of)))
    return { files: 'disabled', digest }
  const isLed = settings.some(({ level, of }) => level === 'project' && isLedAstray(of))
  const whole = !isLed && hooks.every((part) => isWhole(part.entries(commands), asking))
  return { files: whole ? 'present' : 'changed', digest }
}

/** The same for every project, where hooks stand in files that are not a project’s. */
function digestOf(asking: readonly Asking[]): string {
  const wide = asking.filter(({ level }) => level !== 'project')
  const texts = (wide.length > 0 ? wide : asking).map(({ event, entry }) => canonicalJson([event, entry]))
  return createHash('sha256')
    .update(canonicalJson([...new Set(texts)].toSorted()))
    .digest('hex')
}

function askingIn(file: ConfigurationFile, text: string): readonly Asking[] {
  const { level } = file
  if (file.format === 'script') {
    return asksGateway(text) ? [{ level, event: '', entry: text }] : []
  }
  const settings = settingsIn(file, text)
  return file.parts.flatMap((part) => {
    if (part.kind !== 'hooks' && part.kind !== 'item') return []
    const value = memberAt(settings, part.at)
    const lists: readonly (readonly [string, Json])[] = isJsonObject(value)
      ? Object.entries(value)
      : [['', value ?? null]]
    return lists.flatMap(([event, list]) =>
      (Array.isArray(list) ? (list as readonly Json[]) : [])
        .filter(asks)
        .map((entry) => ({ level, event, entry })),
    )
  })
}

/** A file that is not understood has nothing that its agent would run. */
export function settingsIn(file: ConfigurationFile, text: string): JsonObject {
  try {
    return file.format === 'toml' ? readTomlText(file.path, text) : readJsonText(file.path, text)
  } catch {
    return {}
  }
}

/** Whether everything that has to be asked about is, as it would be set up: how long an agent waits is its user's. */
function isWhole(wanted: Readonly<Record<string, JsonObject>>, asking: readonly Asking[]): boolean {
  return Object.entries(wanted).every(
    ([event, entry]) =>
      OPTIONAL.test(event) || asking.some((each) => each.event === event && asksAlike(each.entry, entry)),
  )
}
