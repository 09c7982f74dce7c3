import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '../../src/core/json.ts'
import { composeGateway } from '../../src/server/compose.ts'
import { loadConfig } from '../../src/server/load-config.ts'
import { ask, type Answer } from '../tenants/ask.ts'
import { lendPolicies } from './shared-caches.ts'

/** A gateway in this process, with a task for each of its people, for applications that ask it. */
export interface AuthzenGateway {
  readonly agentUrl: string
  readonly workspace: string
  token(human: string): string
  task(human: string): string
  post(human: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  evaluate(human: string, body: JsonObject): Promise<Evaluated>
  /** On the admin plane, as this person. */
  admin(human: string, method: string, path: string, body?: JsonObject): Promise<JsonObject>
  remove(): Promise<void>
}

export interface Evaluated {
  readonly decision: boolean
  readonly context?: JsonObject
  readonly remit: JsonObject
}

const codeOf = (human: string): string => `${human}-approver-code-01`

export async function startAuthzenGateway(options: {
  /** Roles of each person; the first is whose the machine is. */
  readonly people: Readonly<Record<string, readonly string[]>>
  /** Folder of policies. */
  readonly policies: string
  /** More of `remit.yaml`. */
  readonly config?: string
}): Promise<AuthzenGateway> {
  const home = mkdtempSync(join(tmpdir(), 'remit-authzen-'))
  const workspace = join(home, 'workspace')
  mkdirSync(workspace)
  const people = Object.entries(options.people)
  const humans = people.map(([id, roles]) => `  - { id: "${id}", roles: [${roles.join(', ')}] }\n`).join('')
  writeFileSync(
    join(home, 'remit.yaml'),
    `listen: { agent: "127.0.0.1:0", admin: "localhost:0" }
state: ${home}/.remit
policies: [${options.policies}]
humans:
${humans}${options.config ?? ''}`,
  )
  lendPolicies(join(home, '.remit'))
  const gateway = await composeGateway({
    loaded: loadConfig({ environ: {}, cwd: home }),
    environ: {
      PATH: process.env['PATH'],
      REMIT_APPROVER: people.map(([id]) => `${id}:${codeOf(id)}`).join(','),
    },
    log: { log: () => {} },
    demo: false,
  })
  const agentUrl = gateway.urls.agent
  const admin = async (
    human: string,
    method: string,
    path: string,
    body?: JsonObject,
  ): Promise<JsonObject> => {
    const url = `${gateway.urls.admin}${path}`
    const { status, text } = await ask({ method, url, credential: codeOf(human), body })
    if (status >= 300) throw new Error(`${path}: ${text}`)
    return JSON.parse(text) as JsonObject
  }
  const tasks = new Map<string, { readonly id: string; readonly token: string }>()
  for (const [human] of people) {
    const work = { workflow: 'code', intent: 'run the application', workspace }
    const made = (await admin(human, 'POST', '/tasks', work)) as unknown as {
      readonly task: { readonly id: string }
      readonly token: string
    }
    tasks.set(human, { id: made.task.id, token: made.token })
  }
  const token = (human: string): string => tasks.get(human)?.token ?? ''
  const post: AuthzenGateway['post'] = (human, path, body, headers = {}) =>
    ask({
      method: 'POST',
      url: `${agentUrl}${path}`,
      credential: token(human),
      body: body as JsonObject,
      headers,
    })
  return {
    agentUrl,
    workspace,
    token,
    task: (human) => tasks.get(human)?.id ?? '',
    post,
    admin,
    async evaluate(human, body) {
      const answer = await post(human, '/access/v1/evaluation', body)
      if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`)
      const read = JSON.parse(answer.text) as { decision: boolean; context: { remit: JsonObject } }
      return { ...read, remit: read.context.remit }
    },
    async remove() {
      await gateway.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
