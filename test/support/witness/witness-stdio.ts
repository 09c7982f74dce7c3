import { createInterface } from 'node:readline'
import { Witness, type WitnessEra, type Witnessed } from './witness.ts'

/** The witness as a process; its argument is the era. */
const witness = new Witness(process.argv[2] as WitnessEra)

createInterface({ input: process.stdin }).on('line', (line) => {
  witness.receive({ message: JSON.parse(line) as Witnessed['message'] }, (said) => {
    process.stdout.write(`${JSON.stringify(said)}\n`)
  })
})
