import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommandDesk } from '../support/decide-command.ts'
import { disguised, simpleAttacks } from '../support/shell-disguises.ts'

const LINES = 600_000
const DISGUISES = 400_000
const WORDS =
  'ls cat rm git find sed awk xargs sh bash -c -rf -e -- -n . .. * ? ~ .env src/a.ts $X ${X:-a} $(ls) `ls` "$@" $((1+1)) {a,b} <(ls) >(sh) a[$(b)] \\ " \' ${x@P} push origin +main curl https://a.b/c @x -exec {} \\; s/a/b/ ! [[ ]] [ ] npm i pip tar kubectl get > >> < <<< <<E E -d -o for in do done case esac if then fi function () { } ( ) time sudo env A=b timeout 5 #'

let desk: CommandDesk
beforeAll(async () => {
  desk = await CommandDesk.open()
})
afterAll(() => desk.close())

test('R-CLS-4: hundreds of thousands of lines are read without a throw', () => {
  const word = fc.constantFrom(...WORDS.split(' '))
  const gap = fc.constantFrom(' ', ' ', ' ', ' | ', ' && ', '; ', ' || ', '\n', ' & ', '', '\t')
  const line = fc
    .array(fc.tuple(word, gap), { maxLength: 40 })
    .map((parts) => parts.map(([text, after]) => text + after).join(''))
  let slowest = { millis: 0, text: '' }
  fc.assert(
    fc.property(line, (text) => {
      const from = performance.now()
      const { operations } = desk.classify(text)
      const millis = performance.now() - from
      if (millis > slowest.millis) slowest = { millis, text }
      // A call that could not be read at all would say so; the extractor never lets it come to that.
      return operations.every(({ labels }) => !labels.includes('unclassified'))
    }),
    { numRuns: LINES },
  )
  console.log(
    `slowest by the wall clock: ${slowest.millis.toFixed(1)} ms for ${JSON.stringify(slowest.text)}`,
  )
  expect(slowest.text).not.toBe('')
})

test('R-CLS-4: none of hundreds of thousands of disguises turns a command that asks into one that does not', () => {
  const attacks = simpleAttacks()
  expect(attacks.length).toBeGreaterThan(500)
  fc.assert(
    fc.property(disguised(attacks), ({ line }) => desk.decide(line, 'laptop').effect !== 'allow'),
    { numRuns: DISGUISES },
  )
})
