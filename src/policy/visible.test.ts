import { beforeEach, expect, test } from 'vitest'
import { compilerOf, packCompiler } from '../../test/policy/compiled.ts'
import { chain, task, visibility } from '../../test/policy/samples.ts'
import type { PolicySet } from './policy-set.ts'

const compile = compilerOf(`
@id("call") permit (principal in Workflow::"fix-tests", action == Action::"tool.call", resource in Server::"files");
@id("read") permit (principal is Task, action == Action::"file.read", resource) when { resource.labels.contains("source") };
@id("write") permit (principal is Task, action == Action::"file.write", resource) when { context.environment == "sandbox" };
@id("delete") permit (principal is Task, action == Action::"file.delete", resource);
@id("no-delete") forbid (principal is Task, action == Action::"file.delete", resource) when { context.door == "mcp" };
@id("move") permit (principal is Task, action == Action::"file.move", resource);
@id("ask-move") @consent("move") forbid (principal is Task, action == Action::"file.move", resource);
@id("files-only") permit (principal is Task, action == Action::"git.read", resource) when { context.server == "files" && context.tool like "git_*" };
@id("list") permit (principal is Task, action == Action::"file.list", resource) when { context.opaque && context.sandboxed };
`)
const compilePack = packCompiler()
let set: PolicySet
let pack: PolicySet
beforeEach(() => {
  set = compile()
  pack = compilePack()
})

test('R-MCP-1: a tool that some argument could use is shown', () => {
  expect(set.visible(visibility(['file.read']))).toBe('maybe')
  expect(set.visible(visibility(['file.move']))).toBe('maybe')
})

test('R-MCP-1: a tool whose permit can never hold is hidden', () => {
  expect(set.visible(visibility(['file.write']))).toBe('never')
  expect(set.visible(visibility(['file.write'], { environment: 'sandbox' }))).toBe('maybe')
  expect(set.visible(visibility(['file.list']))).toBe('never')
  expect(set.visible(visibility(['file.list'], { sandboxed: true }))).toBe('maybe')
  expect(set.visible(visibility(['git.push']))).toBe('never')
})

test('R-MCP-1: policies that name a server or tool are heeded, in whatever order tools are asked about', () => {
  const git = { ...visibility(['git.read']), tool: 'git_log' }
  const ask = (tool: string) => set.visible({ ...git, tool })
  expect(['git_log', 'read', 'git_show', 'read'].map(ask)).toEqual(['maybe', 'never', 'maybe', 'never'])
})

test('R-MCP-1: what one list was told does not colour another', () => {
  const first = visibility(['file.write'])
  const answers = ['laptop', 'sandbox', 'laptop', 'ci', 'staging', 'production', 'sandbox'].map(
    (environment) => set.visible({ ...first, facts: { ...first.facts, environment: environment as 'ci' } }),
  )
  expect(answers).toEqual(['never', 'maybe', 'never', 'never', 'never', 'never', 'maybe'])
})

test('R-MCP-1: a tool that a hard forbid surely denies is hidden', () => {
  expect(set.visible(visibility(['file.delete']))).toBe('never')
  expect(set.visible(visibility(['file.delete'], { door: 'hook' }))).toBe('maybe')
  expect(set.visible(visibility(['file.read'], { taskState: 'revoked' }))).toBe('never')
})

test('R-MCP-1: one usable action is enough, but calling the tool is always needed', () => {
  expect(set.visible(visibility(['file.write', 'file.read']))).toBe('maybe')
  expect(set.visible({ ...visibility(['file.read']), server: 'other' })).toBe('never')
  expect(set.visible({ ...visibility(['file.read']), chain: chain(task({ workflow: 'docs' })) })).toBe(
    'never',
  )
})

test('R-ID-1: what an ancestor of the task can never do is hidden', () => {
  const child = task({ parent: 'tsk_0' })
  const parent = task({ id: 'tsk_0', workflow: 'docs' })
  expect(set.visible({ ...visibility(['file.read']), chain: chain(child, parent) })).toBe('never')
})

test('R-MCP-1: the default pack shows ordinary tools and hides what never passes', () => {
  expect(pack.visible(visibility(['file.read']))).toBe('maybe')
  expect(pack.visible(visibility(['data.read', 'data.write']))).toBe('maybe')
  expect(pack.visible(visibility([]))).toBe('maybe')
  expect(pack.visible(visibility(['account.administer']))).toBe('never')
  expect(pack.visible(visibility(['secret.read']))).toBe('never')
})

test('R-MCP-1: a request that cannot be judged shows nothing', () => {
  expect(pack.visible(null as never)).toBe('never')
})

const RULES = `
@id("call") permit (principal is Task, action == Action::"tool.call", resource);
@id("read") permit (principal is Task, action == Action::"file.read", resource);
@id("list") permit (principal is Task, action == Action::"file.list", resource);
@id("ask-list") @consent("list") forbid (principal is Task, action == Action::"file.list", resource);
@id("write") permit (principal is Task, action == Action::"file.write", resource);
@id("no-write") forbid (principal is Task, action == Action::"file.write", resource) when { resource.labels.contains("ci") };
@id("move") permit (principal is Task, action == Action::"file.move", resource);
@id("ask-move") @consent("move") forbid (principal is Task, action == Action::"file.move", resource) when { context.opaque || context.history.calls * 9007199254740991 * 9007199254740991 > 0 };
@id("fetch") permit (principal is Task, action == Action::"net.fetch", resource in Domain::"a.test");
@id("sum") permit (principal is Task, action == Action::"git.read", resource) when { context.history.calls * 9007199254740991 * 9007199254740991 > 0 };
@id("absorbed") permit (principal is Task, action == Action::"git.fetch", resource);
@id("no-fetch") forbid (principal is Task, action == Action::"git.fetch", resource) when { context.opaque && context.door == "hook" };
`
const history = { ...visibility([]).facts.history, calls: 2 }

/** Without Remit’s own rules, which what only a call shows could always trip. */
const compileRules = compilerOf(RULES, { builtin: false })

test.each([
  ['always, where no argument could stop it', [], 'always'],
  ['always, with an action that nothing stops', ['file.read'], 'always'],
  ['the call itself is asked about once', ['tool.call', 'file.read'], 'always'],
  ['always, though it waits for consent: a gate is passable', ['file.list'], 'always'],
  ['maybe, where a label could stop it', ['file.write'], 'maybe'],
  ['maybe, where a gate could fail', ['file.move'], 'maybe'],
  ['maybe, where it depends on the resource', ['net.fetch'], 'maybe'],
  ['never, where the only permit fails', ['git.read'], 'never'],
  ['maybe, where an unknown was looked past in a forbid', ['git.fetch'], 'maybe'],
  ['maybe, when one of two is never allowed', ['file.read', 'git.read'], 'maybe'],
  ['never, when both are', ['git.read', 'git.push'], 'never'],
] as const)('R-MCP-1: %s', (_name, actions, expected) => {
  expect(compileRules().visible(visibility([...actions], { history }))).toBe(expected)
})

test('R-MCP-1: a list asks about one human and one set of facts at a time', () => {
  const rules = compilerOf(
    `@id("call") permit (principal is Task, action == Action::"tool.call", resource);
@id("own") permit (principal is Task, action == Action::"file.read", resource) when { principal.human in Team::"payments" };`,
  )()
  const asked = visibility(['file.read'])
  const stranger = { ...asked, human: { ...asked.human, teams: [] } }
  expect([asked, stranger, asked].map((each) => rules.visible(each))).toEqual(['maybe', 'never', 'maybe'])
})

const TOOL_RULES = compilerOf(
  `@id("one") permit (principal is Task, action, resource == Tool::"files/read_file")
  when { action == Action::"tool.call" && context.server == "files" && context.tool == "read_file" };
@id("read") permit (principal is Task, action, resource) when { action == Action::"file.read" };
@id("call") permit (principal is Task, action == Action::"tool.call", resource in Server::"files");
@id("no-call") forbid (principal is Task, action == Action::"tool.call", resource == Tool::"files/other");`,
  { builtin: false },
)

test.each([
  ['the call itself, named among the actions, is not asked about again', ['tool.call'], {}, 'always'],
  ['what else it does is asked about with its action', ['file.read'], {}, 'always'],
  ['one that policy names by server and tool', [], { tool: 'other' }, 'never'],
  ['another server', [], { server: 'other' }, 'never'],
] as const)('R-MCP-1: %s', (_name, actions, over, expected) => {
  expect(TOOL_RULES().visible({ ...visibility([...actions]), ...over })).toBe(expected)
})

test('R-MCP-1: a call that only its tool’s name permits is shown for that tool alone', () => {
  const only = compilerOf(
    `@id("one") permit (principal is Task, action, resource == Tool::"files/read_file")
when { action == Action::"tool.call" && context.server == "files" && context.tool == "read_file" };`,
    { builtin: false },
  )()
  expect(only.visible(visibility([]))).toBe('always')
  expect(only.visible({ ...visibility([]), tool: 'write_file' })).toBe('never')
  expect(only.visible({ ...visibility([]), server: 'mail' })).toBe('never')
})

test('R-MCP-1: one task is asked about under other facts, and under the first ones again', () => {
  const asked = visibility(['file.delete'])
  const hooked = { ...asked, facts: { ...asked.facts, door: 'hook' as const } }
  expect([asked, hooked, asked, hooked].map((each) => set.visible(each))).toEqual([
    'never',
    'maybe',
    'never',
    'maybe',
  ])
})

test.each([
  ['resource == Tool::"files/read"'],
  ['resource in [Tool::"files/read"]'],
  ['resource.name == "files/read"'],
  ['resource is Tool in Tool::"files/read"'],
  ['context.tool == "read"'],
  ['["read"].contains(context.tool)'],
])('R-MCP-1: one tool of a list is no answer for another where policy says `%s`', (condition) => {
  const rules = compilerOf(
    `@id("one") permit (principal is Task, action == Action::"tool.call", resource) when { ${condition} };`,
    { builtin: false },
  )()
  const asked = visibility([])
  const ask = (tool: string) => rules.visible({ ...asked, tool })
  expect(['read', 'write', 'read', 'write'].map(ask)).toEqual(['always', 'never', 'always', 'never'])
})

test('R-MCP-2: prompts and resources are shown by the rules for using them; a template by what holds for all it becomes', () => {
  const rules = compilerOf(
    `@id("prompts") permit (principal is Task, action == Action::"prompt.get", resource == Prompt::"files/greet");
@id("read") permit (principal is Task, action == Action::"resource.read", resource in Server::"files");
@id("no-read") forbid (principal is Task, action == Action::"resource.read", resource == McpResource::"note://two");
@id("no-web") forbid (principal is Task, action == Action::"resource.read", resource) when { context.server == "web" };`,
    { builtin: false },
  )()
  const of = (kind: 'prompt' | 'resource', tool: string | undefined, server = 'files') => {
    const { tool: _, ...asked } = visibility([], { kind })
    return rules.visible({ ...asked, server, ...(tool === undefined ? {} : { tool }) })
  }
  expect([of('prompt', 'greet'), of('prompt', 'other')]).toEqual(['always', 'never'])
  expect([of('resource', 'note://one'), of('resource', 'note://two')]).toEqual(['always', 'never'])
  expect([of('resource', undefined), of('resource', undefined, 'web')]).toEqual(['maybe', 'never'])
})
