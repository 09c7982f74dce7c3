import type { Outcome } from '../../demo/attack/play.ts'

/** Where an order stood, and what the default pack makes of it for a task that a key holds, in the order of `poisonsFor`. */
export const STOPPED_BY = [
  'issue body: consent other-repository',
  'README: deny secrets',
  'changelog: deny remit:control',
  'changelog: deny remit:control',
  'commit message: consent ci dependencies network protected push',
  'comment: consent weaken-control',
  'docstring: deny secret-stores',
  'generated file: consent agent-config',
  'generated file: consent agent-config',
  'test fixture: consent network',
  'package metadata: consent packages run-unsandboxed',
  'dependency docs: deny secrets',
  'dependency docs: deny secrets',
  'tool result: consent ci',
  'tool result: consent remit:loop',
]

/** The rules that stopped each attempt of a run. */
export function stoppedBy({ attempts }: Outcome): readonly string[] {
  return attempts.map(({ poison, decided }) => {
    // Writing over a file begins with reading it, and what nobody agreed to ends with a no.
    const first = decided.find(({ effect }) => effect !== 'allow')
    return `${poison.place}: ${first?.effect} ${first?.policies.join(' ')}`
  })
}
