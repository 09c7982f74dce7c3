import { resultOf, type Era, type Rpc } from './fuzz-server.ts'
import { linesOf } from './lines-of.ts'
import { garbleAnswer } from './garble-answer.ts'
import { Random } from './random.ts'

/** `node garbling-stdio.ts <era> <seed>`: a server whose answer to the call `g-<index>` is garbled in a way of its own. */
const [era, seed] = process.argv.slice(2)

for await (const line of linesOf(process.stdin)) {
  hear(line)
}

function hear(line: string): void {
  const message = JSON.parse(line) as Rpc
  if (message.id === undefined || message.method === undefined) return
  const result = resultOf(era as Era, message)
  const answer = result === undefined ? { error: { code: -32601, message: 'method not found' } } : { result }
  const whole = { jsonrpc: '2.0', id: message.id, ...answer }
  const index = /"g-(\d+)"/.exec(line)?.[1]
  if (index === undefined) process.stdout.write(`${JSON.stringify(whole)}\n`)
  else garbled(new Random(Number(seed), Number(index)), whole)
}

function garbled(random: Random, whole: Record<string, unknown>): void {
  if (random.chance(0.01)) process.exit(3)
  for (const bytes of garbleAnswer(random, whole))
    process.stdout.write(Buffer.concat([bytes, Buffer.from('\n')]))
}
