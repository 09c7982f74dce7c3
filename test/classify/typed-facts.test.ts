import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../../src/cli/run-command.ts'
import { type Answer, evaluateStream } from '../support/evaluate-stream.ts'

const cwd = mkdtempSync(join(tmpdir(), 'remit-facts-'))
const POLICIES = `
@id("use") @reason("the bank may be used")
permit (principal, action, resource);
@id("large") @consent("large-transfer") @reason("more than 1000 leaves the account")
forbid (principal is Task, action == Action::"money.send", resource)
when { context.facts has amount && context.facts.amount.greaterThan(decimal("1000.00")) };
@id("payee") @reason("only payees of the list")
forbid (principal is Task, action == Action::"money.send", resource)
when { context.facts has payee && !["carol@bank.test", "x@xn--bnk-6cd.test"].contains(context.facts.payee) };
@id("foreign") @consent("foreign") @reason("another currency")
forbid (principal is Task, action == Action::"money.send", resource)
when { context.facts has total && context.facts.total.currency != "EUR" };
@id("tags") @reason("blocked tag")
forbid (principal is Task, action, resource)
when { context.facts has tags && context.facts.tags.contains("blocked") };
`
const CONFIG = `policies: [rules]
servers:
  bank:
    command: bank
    tools:
      transfer:
        actions: [money.send]
        arguments: { to: money, amount: plain, note: plain, tags: plain }
        facts:
          amount: { pointer: /amount, type: decimal }
          payee: { pointer: /to, type: recipient }
      invoice:
        actions: [money.send]
        facts:
          total: { pointer: /sum/value, type: money, currency: /sum/currency }
          tags: { pointer: /tags, type: set }
      look:
        facts:
          place: { pointer: /place, type: url }
`
mkdirSync(join(cwd, 'rules'))
writeFileSync(join(cwd, 'rules', 'bank.cedar'), POLICIES)
writeFileSync(join(cwd, 'remit.yaml'), CONFIG)

async function decide(tool: string, input: object): Promise<Answer> {
  const { answers } = await evaluateStream(
    [
      { open: 's', task: { human: 'ada', scope: {} } },
      { session: 's', tools: [{ server: 'bank', name: tool, description: '', inputSchema: {} }] },
      { session: 's', id: 'c', call: { server: 'bank', tool, arguments: input } },
    ],
    { cwd },
  )
  return answers.find(({ id }) => id === 'c') ?? {}
}

describe('R-POL-2: an administrator types arguments, and policies read them', () => {
  test.each<[unknown, string]>([
    [999.99, 'allow'],
    [1000, 'allow'],
    ['1000.0000', 'allow'],
    [1000.01, 'consent'],
    ['1000.0001', 'consent'],
    [0.1 + 0.2, 'deny'],
    [1e21, 'deny'],
    ['1,000', 'deny'],
    ['1e3', 'deny'],
    ['0x10', 'deny'],
    [' 5', 'deny'],
    ['1000.00001', 'deny'],
    ['922337203685477.5808', 'deny'],
    [null, 'deny'],
    [[5], 'deny'],
    [{ __extn: { fn: 'decimal', arg: '1.0' } }, 'deny'],
  ])('a transfer of %j is %s', async (amount, effect) => {
    expect(await decide('transfer', { to: 'carol@bank.test', amount })).toMatchObject({ effect })
  })

  test('a missing fact denies, and says which and of what type', async () => {
    const answer = await decide('transfer', { to: 'carol@bank.test' })
    expect(answer).toMatchObject({ effect: 'deny', policies: ['remit:facts'] })
    expect(answer['reasons']).toEqual([
      'the fact `amount` of `bank__transfer` must be `decimal` (a number with at most four digits after the point), and `/amount` is missing',
    ])
  })

  test('a recipient is read in canonical form, and no disguise of it passes', async () => {
    const to = async (payee: unknown) => (await decide('transfer', { to: payee, amount: 1 }))['policies']
    expect(await to('Carol <CAROL@Bank.Test>')).toEqual(['use'])
    expect(await to('mallory@bank.test')).toEqual(['payee'])
    expect(await to('x@bаnk.test')).toEqual(['use'])
    expect(await to(['carol@bank.test', 'mallory@bank.test'])).toEqual(['remit:facts'])
    expect(await to({ __entity: { type: 'Account', id: 'carol@bank.test' } })).toEqual(['remit:facts'])
  })

  test('money is an amount with its currency', async () => {
    const of = async (sum: unknown, tags: unknown = []) =>
      (await decide('invoice', { sum, tags }))['policies']
    expect(await of({ value: 5, currency: 'EUR' })).toEqual(['use'])
    expect(await of({ value: 5, currency: 'USD' })).toEqual(['foreign'])
    expect(await of({ value: 5 })).toEqual(['remit:facts'])
    expect(await of({ value: 5, currency: 'eur' })).toEqual(['remit:facts'])
    expect(await of({ value: 5, currency: 'EUR' }, ['a', 'blocked'])).toEqual(['tags'])
    expect(await of({ value: 5, currency: 'EUR' }, 'blocked')).toEqual(['remit:facts'])
    expect(await of({ value: 5, currency: 'EUR' }, ['a', 1])).toEqual(['remit:facts'])
  })

  test('a tool with facts cannot be called through another', async () => {
    const inner = { to: 'carol@bank.test', amount: 5_000_000 }
    const answer = await decide('call_tool', { name: 'transfer', arguments: inner })
    expect(answer).toMatchObject({ effect: 'deny', policies: ['remit:facts'] })
    expect(JSON.stringify(answer['reasons'])).toContain('must be called by itself')
    const other = await decide('call_tool', { name: 'look_up', arguments: {} })
    expect(other['policies']).not.toContain('remit:facts')
  })

  test('observing does not lift a fault', async () => {
    writeFileSync(join(cwd, 'observe.yaml'), `observe: [{ workflow: code, until: 2099-01-01 }]\n${CONFIG}`)
    const { answers } = await evaluateStream(
      [
        { open: 's', task: { human: 'ada', workflow: 'code', scope: {} } },
        { session: 's', id: 'c', call: { server: 'bank', tool: 'transfer', arguments: { amount: 'x' } } },
      ],
      { cwd, file: join(cwd, 'observe.yaml') },
    )
    expect(answers.find(({ id }) => id === 'c')).toMatchObject({ effect: 'deny', policies: ['remit:facts'] })
  })

  test('facts alone leave a tool inferred', async () => {
    const answer = await decide('look', { place: 'https://a.test/' })
    expect(JSON.stringify(answer['operations'])).toContain('unclassified')
    expect(await decide('look', { place: 'nowhere' })).toMatchObject({ policies: ['remit:facts'] })
  })
})

async function remit(
  ...args: readonly string[]
): Promise<{ readonly status: number; readonly text: string }> {
  let text = ''
  const status = await runCommand(args, {
    environ: {},
    cwd,
    out: (more) => (text += more),
    err: (more) => (text += more),
    colour: false,
    stopped: new AbortController().signal,
  })
  return { status, text }
}

describe('R-POL-2: policies and configuration agree on facts', () => {
  test('policies are checked against the configured facts, and cases can give them', async () => {
    expect(await remit('policy', 'check', 'rules')).toMatchObject({ status: 0 })
    writeFileSync(
      join(cwd, 'rules', 'cases.yaml'),
      `- name: a large transfer asks
  facts: { typed: { amount: { type: decimal, value: '1000.01' } } }
  operations: [{ action: money.send, resource: 'Account::"x"' }]
  expect: { effect: consent, gates: [large-transfer] }
- name: a fault denies
  facts: { faults: [nothing there] }
  operations: [{ action: money.send, resource: 'Account::"x"' }]
  expect: { effect: deny, policies: ['remit:facts'] }
`,
    )
    expect(await remit('policy', 'test', 'rules')).toMatchObject({ status: 0 })
    writeFileSync(join(cwd, 'empty.yaml'), '')
    const without = await remit('policy', 'check', 'rules', '--config', 'empty.yaml')
    expect(without.status).toBe(1)
    expect(without.text).toContain('bank.cedar:')
  })

  test('a name that means two types is refused where it stands', async () => {
    writeFileSync(join(cwd, 'two.yaml'), `${CONFIG}          amount: { pointer: /n, type: integer }\n`)
    const { text, status } = await remit('policy', 'check', 'rules', '--config', 'two.yaml')
    expect(status).toBe(1)
    expect(text).toContain('two.yaml:20:')
    expect(text).toContain('must be `decimal`, as for `bank__transfer`')
  })

  test('money without a currency, and a pointer that is none, are refused', async () => {
    for (const [fact, message] of [
      ['{ pointer: /a, type: money }', 'needs `currency`'],
      ['{ pointer: a, type: string }', 'must be a JSON pointer'],
      ['{ pointer: /a, type: string, currency: EUR }', 'cannot stand beside another type'],
    ] as const) {
      writeFileSync(join(cwd, 'bad.yaml'), CONFIG.replace('{ pointer: /place, type: url }', fact))
      const { text, status } = await remit('policy', 'check', 'rules', '--config', 'bad.yaml')
      expect(status).toBe(1)
      expect(text).toContain(message)
    }
  })
})
