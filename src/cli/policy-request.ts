import { text } from 'node:stream/consumers'
import type { DecisionRequest } from '../policy/policy-set.ts'
import { type Flag, type Invocation, listFlag, textFlag, UsageError } from './command.ts'

/** Flags that make up one request; without `--action` it is read from standard input. */
export const REQUEST_FLAGS: readonly Flag[] = [
  { name: 'action', takes: 'action', summary: 'what would be done, as in `file.write`' },
  { name: 'resource', takes: 'entity', summary: 'to what, as in `File::"src/a.ts"`' },
  { name: 'in', takes: 'entity', many: true, summary: 'what the resource lies in, nearest first' },
  { name: 'label', takes: 'label', many: true, summary: 'a label of the resource' },
  { name: 'opaque', summary: 'the operation is not fully understood' },
  { name: 'outside', takes: 'dimension', many: true, summary: 'dimension of the scope that it leaves' },
  { name: 'fact', takes: 'name=value', many: true, summary: 'a fact of the call, as in `sandboxed=true`' },
  { name: 'approval', takes: 'scope', many: true, summary: 'a gate that an approval exists for' },
  { name: 'server', takes: 'key', summary: 'server of the tool' },
  { name: 'tool', takes: 'name', summary: 'tool that is called' },
  { name: 'workflow', takes: 'name', summary: 'workflow of the task' },
  { name: 'agent', takes: 'kind', summary: 'kind of agent' },
  { name: 'environment', takes: 'name', summary: 'proved environment of the task' },
  { name: 'human', takes: 'id', summary: 'who delegated' },
  { name: 'team', takes: 'team', many: true, summary: 'a team of the human' },
  { name: 'role', takes: 'role', many: true, summary: 'a role of the human' },
]

export const REQUEST_NOTES =
  'Without --action a request is read from standard input: JSON with the keys of a\ncase (task, facts, server, tool, operations), as docs/policy.md has them. What\nis left out is ordinary: an active task on a laptop, a known tool, no approvals.'

/** @throws UsageError for a request that is none. */
export async function readRequest(invocation: Invocation, command: string): Promise<DecisionRequest> {
  const { readRequestCase } = await import('../policy/read-cases.ts')
  const { requestOf } = await import('../policy/case-request.ts')
  const given =
    textFlag(invocation, 'action') === undefined ? await fromInput(command) : fromFlags(invocation)
  const parsed = readRequestCase(given)
  if (typeof parsed === 'string') throw new UsageError(`the request is not understood: ${parsed}`, command)
  return requestOf(parsed)
}

async function fromInput(command: string): Promise<unknown> {
  if (process.stdin.isTTY)
    throw new UsageError('give a request with `--action`, or as JSON on standard input', command)
  try {
    return JSON.parse(await text(process.stdin)) as unknown
  } catch (error) {
    throw new UsageError(`standard input is no JSON: ${(error as Error).message}`, command)
  }
}

function fromFlags(invocation: Invocation): unknown {
  const flag = (name: string): string | undefined => textFlag(invocation, name)
  const list = (name: string): readonly string[] | undefined => listFlag(invocation, name)
  const approvals = list('approval')
  return defined({
    server: flag('server'),
    tool: flag('tool'),
    task: defined({
      workflow: flag('workflow'),
      agent: flag('agent'),
      environment: flag('environment'),
      human: defined({ id: flag('human') ?? 'ada', teams: list('team'), roles: list('role') }),
    }),
    facts: defined({ approvals, ...Object.fromEntries((list('fact') ?? []).map(factOf)) }),
    operations: [
      defined({
        action: flag('action'),
        resource: flag('resource'),
        in: list('in'),
        labels: list('label'),
        outside: list('outside'),
        opaque: invocation.flags['opaque'] === true,
      }),
    ],
  })
}

/** Values are JSON where they can be, else text. */
function factOf(fact: string): readonly [string, unknown] {
  const equals = fact.indexOf('=')
  if (equals < 1) throw new UsageError(`\`--fact ${fact}\` is not understood; write \`name=value\``)
  const value = fact.slice(equals + 1)
  try {
    return [fact.slice(0, equals), JSON.parse(value) as unknown]
  } catch {
    return [fact.slice(0, equals), value]
  }
}

function defined(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
