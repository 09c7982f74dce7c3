import type { SecretScanner } from '../../classify/secrets/secret-scanner.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { WrittenServer } from '../edit-servers.ts'
import { type Draft, Findings, found, type ImportOptions, keyOf } from './draft.ts'
import { type Hiding, hideValues, refuseHidden } from './hide-values.ts'
import { unpinnedPackage } from './pinned-package.ts'
import { type GivenValues, objectsOf, openText, readValue, textOf, wordsOf } from './registry-values.ts'

export interface RegistryOptions extends ImportOptions {
  readonly given: GivenValues
  readonly scanner: SecretScanner
}

/**
 * A `server.json` of the official registry: the first package that a program on this machine can run, else the first
 * remote that speaks Streamable HTTP.
 */
export function readRegistryEntry(entry: JsonObject, options: RegistryOptions): Draft {
  const from = textOf(entry['name']) ?? ''
  const key = keyOf(from.split('/').at(-1) ?? '')
  const findings = new Findings()
  const purpose = textOf(entry['description'])
  const reader = new RegistryReader({ key, scanner: options.scanner, findings }, options)
  const server = reader.read(objectsOf(entry['packages']), objectsOf(entry['remotes']))
  return { from, key, server, ...(purpose === undefined ? {} : { purpose }), ...found(findings) }
}

/** How packages of each registry are run. */
const RUN: Readonly<Record<string, { readonly runtime: string; readonly base: RegExp }>> = {
  npm: { runtime: 'npx', base: /^https:\/\/registry\.npmjs\.org\/?$/ },
  pypi: { runtime: 'uvx', base: /^https:\/\/pypi\.org\/?$/ },
  oci: { runtime: 'docker', base: /^https:\/\/(?:docker\.io|ghcr\.io)\/?$/ },
}

class RegistryReader {
  readonly #hiding: Hiding
  readonly #options: RegistryOptions

  constructor(hiding: Hiding, options: RegistryOptions) {
    this.#hiding = hiding
    this.#options = options
  }

  read(packages: readonly JsonObject[], remotes: readonly JsonObject[]): WrittenServer {
    const { notes, problems } = this.#hiding.findings
    const local = packages.find((each) => runnable(each))
    const remote = remotes.find((each) => each['type'] === 'streamable-http')
    if (local !== undefined) {
      if (remote !== undefined)
        notes.push(`its remote \`${textOf(remote['url']) ?? ''}\` is not taken, its package is`)
      return this.#package(local)
    }
    if (remote !== undefined) return this.#remote(remote)
    const kinds = [...packages.map((each) => each['registryType']), ...remotes.map((each) => each['type'])]
    const named = kinds.map(String).join(', ') || 'nothing'
    problems.push(
      `offers ${named}; Remit takes npm, pypi and oci packages on stdio, and streamable-http remotes`,
    )
    return {}
  }

  #package(entry: JsonObject): WrittenServer {
    const { findings, key } = this.#hiding
    const { allowUnpinned, given } = this.#options
    const type = textOf(entry['registryType']) ?? ''
    const { runtime = '', base = /^$/ } = RUN[type] ?? {}
    const command = textOf(entry['runtimeHint']) ?? runtime
    const registry = textOf(entry['registryBaseUrl'])
    if (registry !== undefined && !base.test(registry)) {
      findings.problems.push(`comes from \`${registry}\`; add it with \`remit servers add\``)
    }
    const env = this.#values('env', objectsOf(entry['environmentVariables']))
    const run = wordsOf(entry['runtimeArguments'], { given, findings })
    const own = wordsOf(entry['packageArguments'], { given, findings })
    const args = [...runnerWords(command, run, Object.keys(env)), packageText(type, entry), ...own]
    refuseHidden(this.#hiding, 'args', args)
    const loose = unpinnedPackage(command, args)
    if (loose !== undefined) {
      const text = `\`${loose}\` names no exact version`
      if (allowUnpinned) findings.notes.push(text)
      else findings.problems.push(`${text}; give --allow-unpinned to import it all the same`)
    }
    if (entry['fileSha256'] !== undefined) {
      findings.notes.push(
        `the hash of the package of \`${key}\` is not compared by the program that fetches it`,
      )
    }
    return { command, args, ...(Object.keys(env).length === 0 ? {} : { env }) }
  }

  #remote(entry: JsonObject): WrittenServer {
    const { findings } = this.#hiding
    const { text, secret } = readValue('url', { ...entry, value: entry['url'] ?? null }, this.#options.given)
    if (text === undefined || secret || /[{}]/.test(text)) {
      findings.problems.push('its `url` has a variable that is open; give it with --set')
    } else refuseHidden(this.#hiding, 'url', [text])
    const headers = this.#values('headers', objectsOf(entry['headers']))
    return { url: text ?? '', ...(Object.keys(headers).length === 0 ? {} : { headers }) }
  }

  /** What is secret becomes a reference, also where the file leaves its value open. */
  #values(field: 'env' | 'headers', list: readonly JsonObject[]): Readonly<Record<string, string>> {
    const { findings, key } = this.#hiding
    const values: Record<string, string> = {}
    for (const raw of list) {
      const { name, text, secret, required } = readValue(textOf(raw['name']) ?? '', raw, this.#options.given)
      if (secret && (required || text !== undefined)) {
        values[name] =
          text?.includes('${') === true ? text.replaceAll('${', `\${${key}-`) : `\${${key}-${name}}`
      } else if (text !== undefined) values[name] = text
      else if (required) findings.problems.push(openText(name))
      else findings.notes.push(`\`${name}\` is left out: nothing says its value`)
    }
    return hideValues(this.#hiding, field, values)
  }
}

function runnable({ registryType, transport }: JsonObject): boolean {
  const type = isJsonObject(transport ?? null) ? (transport as JsonObject)['type'] : 'stdio'
  return typeof registryType === 'string' && Object.hasOwn(RUN, registryType) && type === 'stdio'
}

function packageText(type: string, entry: JsonObject): string {
  const [id, version] = [textOf(entry['identifier']) ?? '', textOf(entry['version']) ?? '']
  if (version === '') return id
  if (type === 'npm') return `${id}@${version}`
  if (type === 'pypi') return `${id}==${version}`
  // The place of an image may hold its tag already.
  return /[:@][^/]+$/.test(id) ? id : `${id}:${version}`
}

function runnerWords(command: string, given: readonly string[], env: readonly string[]): readonly string[] {
  if (command === 'npx') return given.some((word) => /^(?:-y|--yes)$/.test(word)) ? given : ['-y', ...given]
  if (command !== 'docker' && command !== 'podman') return given
  const before = given[0] === 'run' ? given.slice(1) : given
  const passed = env.filter((name) => !before.some((word) => word === name || word.startsWith(`${name}=`)))
  return ['run', '-i', '--rm', ...passed.flatMap((name) => ['-e', name]), ...before]
}
