import { once } from 'node:events'
import type { StartedGateway } from '../server/start-gateway.ts'
import type { HostedTenant } from '../server/tenants/host-tenants.ts'
import { ownAgentSurroundings } from '../server/agents/agent-surroundings.ts'
import { findAgents } from '../server/agents/find-agents.ts'
import { connectLines, initLines } from './agent-settings.ts'
import { type Command, type Io, textFlag, UsageError } from './command.ts'
import { programName } from './program-name.ts'
import { paint } from './paint.ts'
import { plainText } from './plain-text.ts'

export const start: Command = {
  path: 'start',
  summary: 'run the gateway until Ctrl-C',
  positionals: [],
  flags: [{ name: 'demo', summary: 'with a demo project and real servers behind the gateway' }],
  notes: `The first start prints an approver code once; only its hash is kept. Give your
own with REMIT_APPROVER=human:code. On a terminal it also prints a link, good once
for ten minutes, to enrol a passkey in the browser. Remove approvers.json from the state folder
to have a new one printed.`,
  run: async (invocation) => {
    const { io, json } = invocation
    if (textFlag(invocation, 'tenant') !== undefined) {
      throw new UsageError('`start` runs every tenant of the configuration; leave `--tenant` out', 'start')
    }
    // Only this command pays for loading the gateway.
    const { startGateway } = await import('../server/start-gateway.ts')
    const gateway = await startGateway({
      environ: io.environ,
      cwd: io.cwd,
      file: textFlag(invocation, 'config'),
      demo: invocation.flags['demo'] === true,
      writeLog: io.err,
      terminal: process.stderr.isTTY,
    })
    // In the human’s own terminal only: what goes to a file or a pipe, an agent could read.
    const link = !json && process.stdout.isTTY ? await gateway.enrolLink() : undefined
    io.out(json ? `${JSON.stringify(startedJson(gateway))}\n` : startedText(io, gateway, link))
    if (!io.stopped.aborted) await once(io.stopped, 'abort')
    if (!json) io.err('stopping; open calls may finish\n')
    await gateway.stop()
    return 0
  },
}

function startedJson(gateway: StartedGateway): Readonly<Record<string, unknown>> {
  const { urls, newApprover, state, config, servers, workspace, protection } = gateway
  const planes = { agent: `${urls.agent}/mcp`, admin: urls.admin }
  return {
    planes,
    approver: newApprover,
    state,
    config,
    servers,
    workspace,
    protection,
    observing: gateway.observing(),
    ...(gateway.tenants().length === 0 ? {} : { tenants: gateway.tenants() }),
  }
}

function startedText(io: Io, gateway: StartedGateway, link: string | undefined): string {
  const { urls, newApprover, workspace, workflow, protection } = gateway
  const mcp = `${urls.agent}/mcp`
  const title = (text: string): string => `\n${paint(io, 'bold', text)}\n`
  const folder = workspace ?? '.'
  const remit = programName(process.cwd())
  return [
    `${paint(io, 'green', 'remit is running')}: agents at ${mcp}, people at ${urls.admin}/console/\n`,
    `servers: ${gateway.servers.join(', ') || 'none yet; add some under `servers` in remit.yaml'}\n`,
    `protection: ${protection.level}: ${protection.reason}\n`,
    ...gateway
      .observing()
      .map(({ what, until }) => `${paint(io, 'yellow', 'not enforced')}: ${what} until ${until}\n`),
    title('put an agent behind it: its MCP servers and its own tools; asks first, --undo takes it back'),
    initLines(remit, findAgents(ownAgentSurroundings(io.environ, io.cwd))),
    title('or lend it one task by hand, without hooks'),
    `  ${remit} task create --workflow ${workflow} --intent "say what it is for" --workspace ${folder}\n`,
    `  export REMIT_TASK_TOKEN=…   # the token that it prints\n`,
    connectLines(mcp),
    title('see and decide what waits'),
    `  ${remit} approvals watch\n`,
    `  ${remit} approvals show <approval>, then approve or refuse\n`,
    ...approverText(io, newApprover),
    ...linkText(io, link),
    ...gateway.tenants().flatMap((tenant) => tenantText(io, tenant)),
    '\n',
  ].join('')
}

function linkText(io: Io, link: string | undefined): readonly string[] {
  if (link === undefined) return []
  return [
    `\n${paint(io, 'yellow', `enrol a passkey: ${link}`)}\n`,
    'The link works once, for ten minutes. With a passkey you decide in the browser, without the code.\n',
  ]
}

function approverText(io: Io, made: StartedGateway['newApprover']): readonly string[] {
  if (made === undefined) return []
  return [
    `\n${paint(io, 'yellow', `approver code of ${made.human}: ${made.code}`)}\n`,
    'It is shown this once. Keep it where no agent can read it; without it nobody can approve.\n',
  ]
}

function tenantText(io: Io, { name, urls, closed, newApprover }: HostedTenant): readonly string[] {
  const title = `\n${paint(io, 'bold', `tenant ${name}`)}\n`
  const where = `  agents at ${urls.agent}/mcp, people at ${urls.admin}/console/\n`
  if (closed !== undefined) return [title, `  ${paint(io, 'red', 'closed')}: ${plainText(closed)}\n`]
  return [title, where, ...approverText(io, newApprover)]
}
