import type { DecideToolBody, ToolReviewAnswer, ToolReviewsAnswer } from '../api/contract.ts'
import { RemitError } from '../core/errors.ts'
import { type AdminClient, openAdminClient } from './admin-client.ts'
import { askLine, canAsk } from './ask-line.ts'
import { type Command, type Invocation, listFlag, textFlag, UsageError } from './command.ts'
import { type ReviewedTool, reviewText } from './format-review.ts'

const PATH = 'servers review'

export const serversReview: Command = {
  path: PATH,
  summary: 'show tools that are off because they are new or changed, and switch them on or off',
  positionals: [{ name: 'server', summary: 'only this server; needed to decide', optional: true }],
  flags: [
    { name: 'approve', takes: 'tool', many: true, summary: 'trust the definition that is shown' },
    { name: 'refuse', takes: 'tool', many: true, summary: 'keep the tool off, or switch it off' },
    { name: 'all', summary: 'approve every other tool that waits; one with a warning must be named' },
    { name: 'reason', takes: 'text', summary: 'why the tool is refused' },
    { name: 'action', takes: 'action', many: true, summary: 'what the one approved tool really does' },
    { name: 'known', summary: 'show tools that are on, too' },
  ],
  notes:
    'Deciding takes an approver code, from REMIT_APPROVER or a hidden prompt: an agent\non this machine could use the stored credential to approve a tool of its own. With REMIT_APPROVER set\nand at a terminal, each tool that waits is asked about.',
  run: async (invocation) => {
    const wishes = readWishes(invocation)
    const client = await openAdminClient(invocation, wishes === undefined ? 'read' : 'decide')
    const [server] = invocation.positionals
    const { tools } = await client.get<ToolReviewsAnswer>('/servers/review', { server })
    if (wishes !== undefined) await decide(invocation, client, choose(tools, wishes))
    else if (asksAtTerminal(invocation)) await askAboutEach(invocation, tools)
    else show(invocation, tools)
    return 0
  },
}

interface Wishes {
  readonly server: string
  readonly approve: readonly string[]
  readonly refuse: readonly string[]
  readonly all: boolean
  readonly reason: string
  readonly actions: readonly string[] | undefined
}

/** @returns undefined when nothing is to be decided. @throws UsageError. */
function readWishes(invocation: Invocation): Wishes | undefined {
  const approve = listFlag(invocation, 'approve') ?? []
  const refuse = listFlag(invocation, 'refuse') ?? []
  const all = invocation.flags['all'] === true
  const actions = listFlag(invocation, 'action')
  const reason = textFlag(invocation, 'reason')
  const [server] = invocation.positionals
  if (actions !== undefined && (approve.length !== 1 || all)) {
    throw new UsageError('`--action` says what one tool does; give exactly one `--approve`', PATH)
  }
  if (approve.length === 0 && refuse.length === 0 && !all) return undefined
  if (server === undefined) throw new UsageError('say of which server, before the flags', PATH)
  if (refuse.length > 0 && reason === undefined)
    throw new UsageError('`--refuse` needs `--reason <text>`', PATH)
  return { server, approve, refuse, all, reason: reason ?? '', actions }
}

interface Choice {
  readonly tool: ReviewedTool
  readonly body: DecideToolBody
}

/** Each wish bound to the definition that is shown. @throws RemitError `tool_not_seen`. */
function choose(tools: readonly ReviewedTool[], wishes: Wishes): readonly Choice[] {
  const find = (name: string): ReviewedTool => {
    const tool = tools.find((each) => each.tool === name)
    if (tool !== undefined) return tool
    throw new RemitError('tool_not_seen', `\`${wishes.server}\` has listed no tool \`${name}\``)
  }
  const rest = tools.filter(({ tool, status, flags }) => {
    const named = wishes.approve.includes(tool) || wishes.refuse.includes(tool)
    return wishes.all && !named && status === 'pending' && flags.length === 0
  })
  const actions = wishes.actions as Approval['actions']
  return [
    ...wishes.approve.map((name) => approve(find(name), actions)),
    ...wishes.refuse.map((name) => refuse(find(name), wishes.reason)),
    ...rest.map((tool) => approve(tool)),
  ]
}

type Approval = Extract<DecideToolBody, { verdict: 'approve' }>

function approve(tool: ReviewedTool, actions?: Approval['actions']): Choice {
  const { digest } = tool
  const body = { verdict: 'approve', tool: tool.tool, digest } as const
  return { tool, body: actions === undefined ? body : { ...body, actions } }
}

function refuse(tool: ReviewedTool, reason: string): Choice {
  return { tool, body: { verdict: 'refuse', tool: tool.tool, digest: tool.digest, reason } }
}

/** With a code at hand: after a hidden prompt for one, nothing more can be read from the terminal. */
function asksAtTerminal({ json, flags, io }: Invocation): boolean {
  const code = io.environ['REMIT_APPROVER'] ?? ''
  return !json && flags['known'] !== true && code !== '' && canAsk()
}

/** For a human at a terminal: each tool that waits is shown and asked about; nothing is decided without a word. */
async function askAboutEach(invocation: Invocation, tools: readonly ReviewedTool[]): Promise<void> {
  const { io } = invocation
  const waiting = tools.filter(({ status }) => status === 'pending')
  if (waiting.length === 0) io.out('nothing waits for a review\n')
  const client = await openAdminClient(invocation, 'decide')
  for (const tool of waiting) {
    io.out(`${reviewText(io, tool)}\n`)
    const word = await askLine('approve, refuse, or leave it? [a/r/Enter] ')
    const reason = word === 'r' ? await askLine('why? ') : ''
    const choice = word === 'a' ? approve(tool) : reason === '' ? undefined : refuse(tool, reason)
    if (choice === undefined) io.out('left as it is\n\n')
    else {
      await post(client, choice)
      io.out(`${choice.body.verdict === 'approve' ? 'approved' : 'refused'}\n\n`)
    }
  }
}

async function post(client: AdminClient, { tool, body }: Choice): Promise<ReviewedTool> {
  const path = `/servers/${encodeURIComponent(tool.server)}/review`
  return (await client.post<ToolReviewAnswer>(path, body)).tool
}

async function decide(
  { io, json }: Invocation,
  client: AdminClient,
  choices: readonly Choice[],
): Promise<void> {
  const decided: ReviewedTool[] = []
  for (const choice of choices) {
    const { tool, body } = choice
    if (!json) io.out(reviewText(io, tool))
    decided.push(await post(client, choice))
    if (!json) io.out(`${body.verdict === 'approve' ? 'approved' : 'refused'}\n\n`)
  }
  if (json) io.out(`${JSON.stringify({ tools: decided })}\n`)
  else if (decided.length === 0) io.out('nothing waits; tools with a warning must be named\n')
}

function show({ io, json, flags }: Invocation, tools: readonly ReviewedTool[]): void {
  const shown = flags['known'] === true ? tools : tools.filter(({ status }) => status !== 'trusted')
  if (json) {
    io.out(`${JSON.stringify({ tools: shown })}\n`)
    return
  }
  for (const tool of shown) io.out(`${reviewText(io, tool)}\n`)
  const waiting = shown.filter(({ status }) => status === 'pending').length
  if (waiting > 0) {
    io.out(
      `${waiting} to decide; switch on with \`remit servers review <server> --approve <tool>\`, off with --refuse\n`,
    )
  } else if (shown.length === 0) io.out('nothing waits for a review\n')
}
