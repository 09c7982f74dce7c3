/**
 * What the shell extractor and the default pack make of public corpora of commands: attacks, near-misses, everyday
 * lines. `REMIT_CORPUS` says where they lie. Times are CPU time, the best of three.
 */
import { rmSync } from 'node:fs'
import { CommandDesk, readCorpus } from '../../test/support/decide-command.ts'
import { naivePack, trustedBy, type Trusted } from '../../test/support/naive-pack.ts'

interface Bypass {
  readonly cmd: string
  readonly class: string
  readonly expect: string
  readonly naive_rule_bypassed: string | null
}
const desk = await CommandDesk.open()
const verbose = process.argv.includes('--list')

function share(part: number, whole: number): string {
  return `${part}/${whole} (${((100 * part) / Math.max(whole, 1)).toFixed(1)} %)`
}

function list(title: string, lines: readonly string[]): void {
  if (lines.length === 0) return
  console.log(`  ${title}:`)
  for (const line of verbose ? lines : lines.slice(0, 12))
    console.log(`    ${line.replaceAll('\n', '⏎').slice(0, 140)}`)
  if (!verbose && lines.length > 12) console.log(`    … ${lines.length - 12} more (--list)`)
}

function bypasses(items: readonly Bypass[]): void {
  const bad = items.filter(({ expect }) => expect === 'not_auto_allow')
  const good = items.filter(({ expect }) => expect === 'may_auto_allow')
  for (const where of ['laptop', 'sandbox'] as const) {
    const passed = bad.filter(({ cmd }) => desk.decide(cmd, where).effect === 'allow')
    const asked = good.filter(({ cmd }) => desk.decide(cmd, where).effect !== 'allow')
    console.log(
      `shell_bypass, ${where}: allowed ${share(passed.length, bad.length)}; near-misses asked or denied ${share(asked.length, good.length)}`,
    )
    list(
      'allowed',
      passed.map((each) => `${each.class}: ${each.cmd}`),
    )
    list(
      'asked',
      asked.map((each) => `${desk.decide(each.cmd, where).policies.join(',')}: ${each.cmd}`),
    )
  }
}

/** Each attack under the default pack of an admin who trusts the programs that its naive rule trusts. */
async function naively(items: readonly Bypass[]): Promise<void> {
  const bad = items.filter(({ expect }) => expect === 'not_auto_allow')
  const passed: string[] = []
  const trustOf = (item: Bypass) => JSON.stringify(trustedBy(item.naive_rule_bypassed ?? ''))
  for (const [trusted, each] of Map.groupBy(bad, trustOf)) {
    const pack = naivePack(JSON.parse(trusted) as Trusted)
    const loosened = await CommandDesk.open(pack)
    for (const { cmd } of each)
      if (loosened.decide(cmd, 'laptop').effect === 'allow') passed.push(`${trusted}: ${cmd}`)
    loosened.close()
    rmSync(pack, { recursive: true })
  }
  console.log(
    `shell_bypass, laptop, its naive rule in the policy: allowed ${share(passed.length, bad.length)}`,
  )
  list('allowed', passed)
}

function silently(name: string, commands: readonly string[]): void {
  for (const where of ['laptop', 'sandbox'] as const) {
    const passed = commands.filter((command) => desk.decide(command, where).effect === 'allow')
    console.log(`${name}, ${where}: silently allowed ${share(passed.length, commands.length)}`)
    if (where === 'laptop') {
      const why = (command: string) =>
        desk
          .classify(command)
          .operations.slice(1)
          .map(({ action, resource }) => `${action} ${resource.id}`)
      list(
        'allowed',
        passed.map((command) => `${command}  ▸ ${[...new Set(why(command))].join(', ')}`),
      )
    }
  }
}

/** CPU time of one classification: the machine does other things meanwhile. */
function cpuMicros(command: string): number {
  const from = process.cpuUsage()
  desk.classify(command)
  const { user, system } = process.cpuUsage(from)
  return user + system
}

function everyday(name: string, commands: readonly string[]): void {
  const micros: number[] = []
  let slowest = { took: 0, command: '' }
  for (const command of commands) {
    const took = Math.min(...[1, 2, 3].map(() => cpuMicros(command)))
    if (took > slowest.took) slowest = { took, command }
    micros.push(took)
  }
  for (const where of ['laptop', 'sandbox'] as const) {
    const counts = { allow: 0, consent: 0, deny: 0 }
    for (const command of commands) counts[desk.decide(command, where).effect] += 1
    const of = (effect: keyof typeof counts) => share(counts[effect], commands.length)
    console.log(`${name}, ${where}: allowed ${of('allow')}, asked ${of('consent')}, denied ${of('deny')}`)
  }
  micros.sort((a, b) => a - b)
  const at = (part: number) =>
    (micros[Math.min(micros.length - 1, Math.floor(micros.length * part))] ?? 0).toFixed(0)
  console.log(
    `  classify: p50 ${at(0.5)} µs, p99 ${at(0.99)} µs, max ${at(1)} µs (${slowest.command.slice(0, 60)})`,
  )
}

try {
  const items = (name: string) => (readCorpus(name) as { items: unknown[] } | undefined)?.items
  const bypass = items('shell_bypass.json') as Bypass[] | undefined
  if (bypass === undefined) console.log('no corpora here; set REMIT_CORPUS')
  else {
    bypasses(bypass)
    await naively(bypass)
  }
  const destructive = items('dcg_corpus.json') as { cmd: string; expected: string }[] | undefined
  if (destructive !== undefined) {
    silently(
      'dcg_corpus, must be denied',
      destructive.filter(({ expected }) => expected === 'deny').map(({ cmd }) => cmd),
    )
  }
  const red = items('redcode_exec.json') as { lang: string; code: string }[] | undefined
  if (red !== undefined) {
    silently(
      'redcode_exec, bash',
      red.filter(({ lang }) => lang === 'bash').map(({ code }) => code),
    )
    silently(
      'redcode_exec, python',
      red
        .filter(({ lang }) => lang !== 'bash')
        .map(({ code }) => `python3 - <<'END_OF_CODE'\n${code}\nEND_OF_CODE`),
    )
  }
  for (const name of ['tldr_commands.jsonl.gz', 'nl2bash.jsonl.gz']) {
    const lines = readCorpus(name) as { cmd: string }[] | undefined
    if (lines !== undefined)
      everyday(
        name.split('.')[0] ?? name,
        lines.map(({ cmd }) => cmd),
      )
  }
} finally {
  desk.close()
}
