import { configPlace } from './config-place.ts'
import type { Command } from './command.ts'
import { problemText } from '../policy/problem.ts'
import { paint } from './paint.ts'
import { PACK_FOLDER } from './policy-folder.ts'

const NO_CEILING =
  'nothing permits a human, so every call of their tasks is denied as remit:ceiling; ' +
  'say what humans may do, such as `permit (principal is Human, action, resource) unless { action == Action::"approve" };`'

export const policyCheck: Command = {
  path: 'policy check',
  summary: 'say whether the policies of a folder are sound',
  positionals: [PACK_FOLDER],
  flags: [{ name: 'no-ended', summary: 'exit with 1 when an exception has ended' }],
  notes:
    'Reads the folder together with what is built in; needs no running gateway.\nProblems are listed with file, line and column, and exceptions whose time is over.',
  run: async (invocation) => {
    const { io, json, flags, positionals } = invocation
    const { loadPack, packFolder, requestLifetime } = await import('../server/load-pack.ts')
    const { set, parsed } = await loadPack(packFolder(io.cwd, positionals[0] ?? ''), configPlace(invocation))
    const { endedExceptions } = await import('../policy/ended-exceptions.ts')
    const ended = endedExceptions(parsed.policies, Date.now())
    const { permitsAnyHuman } = await import('../policy/permits-for-humans.ts')
    const { unreachedEscalations } = await import('../policy/unreached-escalations.ts')
    const lifetime = requestLifetime(configPlace(invocation))
    const warnings = [
      ...(permitsAnyHuman(parsed.policies) ? [] : [NO_CEILING]),
      ...unreachedEscalations(parsed.policies, lifetime).map(problemText),
    ]
    if (json) {
      io.out(`${JSON.stringify({ hash: set.hash, policies: set.policies, ended, warnings })}\n`)
    } else {
      for (const problem of ended) io.out(`${paint(io, 'yellow', 'ended')}  ${problemText(problem)}\n`)
      for (const warning of warnings) io.out(`${paint(io, 'yellow', 'warning')}  ${warning}\n`)
      io.out(`${set.policies.length} policies are sound, hash ${set.hash}\n`)
    }
    return flags['no-ended'] === true && ended.length > 0 ? 1 : 0
  },
}
