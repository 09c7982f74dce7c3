import type { Player } from '../../demo/attack/play.ts'
import { serveModel } from './model/scripted-model.ts'
import type { RealAgent } from './real-agent.ts'

/** A real agent on the poisoned project, with a model that obeys every text behind it. */
export function obedientPlayer(agent: RealAgent, program: string): Player {
  return {
    tools: agent,
    async work(world, mind) {
      const heard: string[] = []
      const model = await serveModel(mind, (request) => heard.push(request))
      const task = await world.delegate()
      const { HOME: home = world.root, ...env } = world.agentEnv
      heard.push(
        await agent.run({
          program,
          home,
          env,
          workspace: world.project,
          modelUrl: model.url,
          gatewayUrl: new URL(task.url).origin,
          token: task.token,
          connectToken: task.token,
          connected: agent.name,
          mcp: 'stdio',
        }),
      )
      model.close()
      return { heard, tasks: [task.id] }
    },
  }
}
