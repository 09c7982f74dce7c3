import type { FoundAgent } from '../../agents/find-agents.ts'
import type { AgentSurroundings } from '../../agents/agent-surroundings.ts'
import { hookFilesOf } from '../../start-report/hook-files.ts'
import type { AgentFinding } from './agent-finding.ts'

type Reading = (path: string) => string | undefined

/** How the hooks of an agent stand in its files. */
export function lookAtHooks(
  { configuration }: FoundAgent,
  at: AgentSurroundings,
  read: Reading,
): readonly AgentFinding[] {
  const { agent, title } = configuration
  const hooks = hookFilesOf(configuration, at, read)
  if (hooks === undefined)
    return [{ about: 'hooks', result: 'note', says: `${title}: its files do not tell whether it has hooks` }]
  switch (hooks.files) {
    case 'present':
      return agent === 'codex' ? trustOf(title, configuration.files(at), read) : []
    case 'missing':
      return [
        {
          about: 'hooks',
          result: 'bad',
          says: `${title}: no hook asks the gateway`,
          fix: 'run `remit init`',
        },
      ]
    case 'disabled':
      return [
        {
          about: 'hooks',
          result: 'bad',
          says: `${title}: its hooks are switched off (\`disableAllHooks\`, \`hooksConfig.enabled\`, \`features.hooks\`)`,
          fix: 'take that out of its settings, or have an administrator run `remit init --managed`',
        },
      ]
    case 'changed':
      return [
        {
          about: 'hooks',
          result: 'bad',
          says: `${title}: its hooks are not what \`remit init\` writes: something is not asked about, goes on where the hook fails, or is led elsewhere by variables of the project (\`env\`)`,
          fix: 'run `remit init`',
        },
      ]
  }
}

/** Codex passes over hooks that nobody trusted; those of administrators need no trust. */
function trustOf(
  title: string,
  files: ReturnType<FoundAgent['configuration']['files']>,
  read: Reading,
): readonly AgentFinding[] {
  const texts = files.map(({ path, level }) => ({ level, text: read(path) ?? '' }))
  const isManaged = texts.some(({ level, text }) => level === 'managed' && text.includes('remit-hook'))
  if (isManaged || texts.some(({ text }) => text.includes('trusted_hash'))) return []
  return [
    {
      about: 'hooks',
      result: 'note',
      says: `${title}: nothing in its settings says that somebody trusted its hooks, and it passes over those that nobody did`,
      fix: 'start it and say `/hooks`, or have an administrator run `remit init --managed`',
    },
  ]
}
