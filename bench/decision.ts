import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs'
import { NO_HISTORY } from '../src/core/facts.ts'
import type { Operation } from '../src/core/operation.ts'
import { loadPolicySet } from '../src/policy/load-policy-set.ts'
import type { DecisionRequest } from '../src/policy/policy-set.ts'
import { splitPolicies } from '../src/policy/split-policies.ts'
import { casbinDecision } from './decision-casbin.ts'

/**
 * Decision time of the compiled engine beside the official wasm engine and casbin, on the same policies and call;
 * `list100` is the filtering of a list of 100 tools.
 * Prints a table and one line of JSON. A chunk is 200 calls; the best chunk is the one least disturbed.
 */
const SIZES = [20, 200, 2000]
const CHUNK = 200
const SCHEMA_FILE = fileURLToPath(new URL('../policies/remit.cedarschema', import.meta.url))

/** Rules of one team's repository: permits, hard forbids and gates. */
function teamRules(team: number): string {
  const repository = `Repository::"acme/service-${team}"`
  const name = (rule: string): string => `@id("team-${team}/${rule}")`
  return `
${name('read')} permit (principal is Task, action in [Action::"file.read", Action::"file.list"], resource in ${repository}) when { principal.human in Team::"team-${team}" };
${name('write')} permit (principal is Task, action == Action::"file.write", resource in ${repository}) when { principal.human in Team::"team-${team}" && context.history.writes < 500 };
${name('secret')} forbid (principal is Task, action, resource in ${repository}) when { resource.labels.contains("secret") };
${name('ci')} @consent("ci") forbid (principal is Task, action in Action::"write", resource in ${repository}) when { resource.labels.contains("ci") };
${name('lock')} @consent("dependencies") forbid (principal is Task, action == Action::"file.write", resource in ${repository}) when { resource.labels.containsAny(["lockfile", "manifest"]) };
${name('shell')} permit (principal is Task, action == Action::"shell.execute", resource) when { context.sandboxed && principal.workflow == "fix-${team}" };
${name('push')} permit (principal is Task, action == Action::"git.push", resource in ${repository}) when { !resource.labels.contains("protected") };
${name('night')} forbid (principal is Task, action in Action::"write", resource in ${repository}) when { context.hour < 6 && context.environment == "production" };
${name('taint')} forbid (principal is Task, action in Action::"egress", resource in ${repository}) when { context.history.labels.contains("untrusted") };
${name('old')} permit (principal is Task, action == Action::"repo.read", resource in ${repository}) when { context.now < datetime("2030-01-01") };
`
}

const COMMON = `@id("call") permit (principal is Task, action == Action::"tool.call", resource is Tool);`

function call(labels: Operation['labels']): DecisionRequest {
  const tool = { type: 'Tool', id: 'files/write_file', ancestors: [{ type: 'Server', id: 'files' }] } as const
  const file = {
    type: 'File',
    id: 'src/app/main.ts',
    ancestors: ['src/app', 'src']
      .map((id) => ({ type: 'Directory', id }))
      .concat({ type: 'Repository', id: 'acme/service-1' }),
  } as const
  const origin = { pointer: '' }
  return {
    chain: {
      task: {
        id: 'tsk_1',
        human: 'ada',
        agent: { id: 'claude-1', kind: 'claude-code' },
        workflow: 'fix-1',
        intent: 'fix the failing test',
        environment: 'laptop',
        environmentProved: false,
        origin: 'human-session',
      },
      ancestors: [],
    },
    human: { id: 'ada', teams: ['team-1'], roles: ['developer'] },
    operations: [
      { action: 'tool.call', resource: tool, labels: [], opaque: false, origin },
      { action: 'file.write', resource: file, labels, opaque: false, origin },
    ],
    facts: {
      now: Date.UTC(2026, 10, 22, 10),
      door: 'mcp',
      kind: 'tool',
      server: 'files',
      tool: 'write_file',
      pinned: true,
      inferred: false,
      protection: 'advisory',
      environment: 'laptop',
      sandboxed: false,
      holderBound: false,
      hooked: false,
      taskState: 'active',
      budgetExhausted: false,
      history: NO_HISTORY,
      provenance: [],
      approvals: [],
      outside: [[], []],
    },
  } as unknown as DecisionRequest
}

interface Timing {
  readonly min: number
  readonly p50: number
  readonly p99: number
}

/** Microseconds in the best chunk. */
function measure(chunks: number, run: () => void): Timing {
  let best: Timing = { min: Infinity, p50: Infinity, p99: Infinity }
  for (let chunk = 0; chunk < chunks; chunk++) {
    const times: number[] = []
    for (let index = 0; index < CHUNK; index++) {
      const start = process.hrtime.bigint()
      run()
      times.push(Number(process.hrtime.bigint() - start) / 1000)
    }
    times.sort((a, b) => a - b)
    const p50 = times[CHUNK / 2] ?? 0
    if (p50 < best.p50) best = { min: times[0] ?? 0, p50, p99: times[Math.floor(CHUNK * 0.99)] ?? 0 }
  }
  return best
}

/** The write alone, as the official engine is asked: one of the two decisions that Remit makes for the call. */
function wasmRequest(request: DecisionRequest): Parameters<typeof statefulIsAuthorized>[0] {
  const { facts } = request
  const [, write] = request.operations
  const file = write!.resource
  const uid = (type: string, id: string) => ({ type, id })
  const { now: _now, outside: _outside, ...context } = facts
  return {
    principal: uid('Task', 'tsk_1'),
    action: uid('Action', 'file.write'),
    resource: uid('File', file.id),
    context: {
      ...context,
      callLabels: write!.labels,
      hour: 10,
      weekday: 7,
      now: { __extn: { fn: 'datetime', arg: '2026-11-22T10:00:00Z' } },
      opaque: false,
      outside: [],
    },
    entities: [
      {
        uid: uid('Task', 'tsk_1'),
        attrs: {
          agent: { __entity: uid('Agent', 'claude-1') },
          depth: 0,
          environment: 'laptop',
          human: { __entity: uid('Human', 'ada') },
          intent: 'fix the failing test',
          origin: 'human-session',
          workflow: 'fix-1',
        },
        parents: [uid('Workflow', 'fix-1'), uid('AgentKind', 'claude-code')],
      },
      { uid: uid('Human', 'ada'), attrs: { id: 'ada' }, parents: [uid('Team', 'team-1')] },
      { uid: uid('Agent', 'claude-1'), attrs: { id: 'claude-1' }, parents: [] },
      { uid: uid('File', file.id), attrs: { labels: write!.labels, name: file.id }, parents: file.ancestors },
      { uid: uid('Action', 'file.write'), attrs: {}, parents: [uid('Action', 'write')] },
    ],
    preparsedPolicySetId: 'bench',
    preparsedSchemaName: 'remit',
    validateRequest: false,
  } as never
}

const results: Record<string, number | Timing>[] = []
preparseSchema('remit', readFileSync(SCHEMA_FILE, 'utf8'))
for (const size of SIZES) {
  const text = COMMON + Array.from({ length: size / 10 }, (_, team) => teamRules(team)).join('')
  const folder = mkdtempSync(join(tmpdir(), 'remit-bench-'))
  writeFileSync(join(folder, 'bench.cedar'), text)
  const locations = { folders: [folder], schemaFile: SCHEMA_FILE, cacheDir: join(folder, 'cache') }
  const timed = async (): Promise<readonly [number, Awaited<ReturnType<typeof loadPolicySet>>]> => {
    const start = performance.now()
    const set = await loadPolicySet(locations)
    return [performance.now() - start, set]
  }
  const [cold] = await timed()
  const [warm, set] = await timed()

  const write = call(['source'])
  const ci = call(['ci'])
  if (set.decide(write).effect !== 'allow' || set.decide(ci).effect !== 'consent')
    throw new Error('wrong decision')
  const compiled = measure(200, () => set.decide(write))
  const consent = measure(200, () => set.decide(ci))
  const { approvals: _a, outside: _o, server, tool, ...facts } = write.facts
  const tools = Array.from({ length: 100 }, (_, index) => ({
    chain: write.chain,
    human: write.human,
    server,
    tool: `${tool}-${index}`,
    actions: ['file.read', 'file.write'] as const,
    facts,
  }))
  const list = measure(1, () => tools.forEach((each) => set.visible(each)))

  const staticPolicies = Object.fromEntries(
    splitPolicies(text).map((each, index) => [`p${index}`, policyJson(each.text)]),
  )
  preparsePolicySet('bench', { staticPolicies })
  const request = wasmRequest(write)
  const answer = statefulIsAuthorized(request)
  if (answer.type === 'failure' || answer.response.decision !== 'allow')
    throw new Error('wasm decides otherwise')
  const wasm = measure(size > 1000 ? 1 : 5, () => statefulIsAuthorized(request))
  const casbin = await casbinDecision(size)
  if (!casbin(['source']) || casbin(['ci'])) throw new Error('casbin decides otherwise')
  const other = measure(size > 1000 ? 1 : 5, () => casbin(['source']))
  results.push({
    policies: size,
    compiled,
    consent,
    list100: list,
    wasm,
    casbin: other,
    wasmRatio: wasm.p50 / compiled.p50,
    casbinRatio: other.p50 / compiled.p50,
    cold,
    warm,
  })
}

function policyJson(text: string): never {
  const answer = policyToJson(text)
  if (answer.type === 'failure') throw new Error(answer.errors[0]?.message ?? text)
  return answer.json as never
}

const cell = (value: number | Timing): number | string =>
  typeof value === 'number'
    ? Math.round(value * 10) / 10
    : [value.p50, value.p99, value.min].map((each) => each.toFixed(1)).join(' / ')
console.log('µs: p50 / p99 / min of the best chunk of 200 calls; ratios of p50; cold and warm load in ms')
console.table(
  results.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)]))),
)
console.log(JSON.stringify({ bench: 'decision', node: process.version, results }))
