import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AgentSurroundings } from '../agents/agent-surroundings.ts'
import type { FoundAgent } from '../agents/find-agents.ts'
import { readIfThere } from '../write-config.ts'
import type { AgentFile } from './agent-files.ts'
import { gitStateOf } from './git-state.ts'
import type { MovedServer } from './move-servers.ts'
import { placeAt } from './place-at.ts'
import type { FileChange } from './plan-file.ts'

/** Where a value that moves into the store would still be read. */
export function plainValues(
  files: readonly AgentFile[],
  changes: readonly FileChange[],
  values: ReadonlyMap<string, string>,
): readonly string[] {
  return files.flatMap((file) => {
    const text = changes.find((change) => change.file === file)?.after ?? file.text ?? ''
    return [...values].flatMap(([name, value]) => {
      const at = text.indexOf(value)
      if (at < 0) return []
      return [
        `${file.path}:${placeAt(text, at)}: the value of \`${name}\` still stands here in plain text; take it out by hand`,
      ]
    })
  })
}

/** Copies that agents made by themselves and that still hold a value which moves. */
export function copiedValues(
  agents: readonly FoundAgent[],
  at: AgentSurroundings,
  values: ReadonlyMap<string, string>,
): readonly string[] {
  return agents.flatMap(({ configuration }) =>
    (configuration.copies?.(at) ?? []).flatMap(filesAt).flatMap((path) => {
      const text = readIfThere(path) ?? ''
      const names = [...values].flatMap(([name, value]) => (text.includes(value) ? [name] : []))
      if (names.length === 0) return []
      return [
        `${path}: a copy that ${configuration.title} keeps still has ${names.join(', ')} in plain text; remove it`,
      ]
    }),
  )
}

function filesAt(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory() === true)
    return readdirSync(path)
      .map((name) => join(path, name))
      .filter(isFile)
  return found?.isFile() === true ? [path] : []
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** What of this others see who share the repository. */
export function gitWarnings(
  changes: readonly FileChange[],
  moved: readonly MovedServer[],
  level: 'user' | 'project',
): readonly string[] {
  return changes.flatMap(({ file, edits }) => {
    const state = gitStateOf(file.target)
    if (state === 'ignored' || state === 'no repository') return []
    const secrets = moved
      .filter(({ from }) => from.some((server) => server.file === file))
      .flatMap(({ secrets }) => secrets)
    const isWritten = level === 'project' && edits.some(({ change }) => change !== 'remove')
    return [
      ...(isWritten
        ? [
            `${file.path} ${state === 'tracked' ? 'is' : 'could be'} tracked by git, and would name places of this machine (no secret); leave out --project to write into your own settings`,
          ]
        : []),
      ...(state === 'tracked' && secrets.length > 0
        ? [
            `${file.path} is tracked by git, so its history has ${secrets.join(', ')}; give them new values (\`remit secrets rotate\`)`,
          ]
        : []),
    ]
  })
}
