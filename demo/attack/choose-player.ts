import { CLAUDE_CODE } from '../../test/agents/drivers/claude-code.ts'
import { CODEX } from '../../test/agents/drivers/codex.ts'
import { installAgent, isInstalled } from '../../test/agents/installed-agent.ts'
import { obedientPlayer } from '../../test/agents/obedient-player.ts'
import type { RealAgent } from '../../test/agents/real-agent.ts'
import type { Player } from './play.ts'
import { SMALL_PLAYER } from './small-agent.ts'

const AGENTS: readonly RealAgent[] = [CLAUDE_CODE, CODEX]

export interface Chosen {
  readonly player: Player
  /** Who works, in words. */
  readonly who: string
}

/**
 * The agent that is named, fetched where it is not here yet; else the first that is here; else the loop of the demo.
 * @param named name of a real agent, `small` for the loop of the demo, or undefined.
 * @throws Error where it is unknown or cannot be had.
 */
export function choosePlayer(named: string | undefined, tell: (line: string) => void): Chosen {
  if (named === 'small') return small('')
  if (named === undefined) {
    const here = AGENTS.find(isInstalled)
    return here === undefined ? small(', since no real agent is installed') : real(here)
  }
  const agent = AGENTS.find(({ name }) => name === named)
  if (agent === undefined)
    throw new Error(`no agent \`${named}\`; there are small, ${AGENTS.map(({ name }) => name).join(', ')}`)
  if (!isInstalled(agent))
    tell(
      `fetching ${agent.package}@${agent.version} with npm, once; it is large, and stays outside of this repository…`,
    )
  return real(agent)
}

function real(agent: RealAgent): Chosen {
  const installed = installAgent(agent)
  if ('missing' in installed) throw new Error(`${installed.missing}; \`npm run demo:attack\` does without`)
  return {
    player: obedientPlayer(agent, installed.program),
    who: `${agent.name} ${agent.version}, the real program, with a scripted model behind it`,
  }
}

function small(why: string): Chosen {
  return {
    player: SMALL_PLAYER,
    who: `a small agent of this demo${why} (a real MCP client with real tools, hooked as Claude Code is)`,
  }
}
