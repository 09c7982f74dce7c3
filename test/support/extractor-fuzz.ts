import * as fc from 'fast-check'
import type { JsonObject } from '../../src/core/json.ts'
import type { ServerKey } from '../../src/core/ids.ts'
import { LABELS } from '../../src/core/labels.ts'
import { createClassifier } from '../../src/classify/create-classifier.ts'
import { SHIPPED } from '../../src/classify/catalogue/shipped.ts'
import type { Classifier } from '../../src/classify/classify.ts'

/** Pieces that extractors react to, beside any text at all. */
const PIECES = [
  'http://',
  'https://user:pw@',
  '127.1',
  '0x7f',
  '[::1]',
  ':4141',
  '/',
  '..',
  '\\',
  '@',
  '.',
  'xn--',
  'ａ',
  'file:///',
  'select ',
  '* from ',
  't',
  ';',
  'drop table ',
  '(',
  ')',
  "'",
  '"',
  '--',
  '/*',
  '$$',
  'copy ',
  'to program ',
  'with x as ',
  'a@b.c',
  ',',
  '<',
  '>',
  '\u202e',
  '\u200b',
  '#general',
  'main',
  '--orphan=',
  'refs/heads/',
  '$(id)',
  '`',
  '&&',
  'ghp_',
  'AKIA',
  'key=',
  'password: "',
  '\0',
  '\n',
  '\ud800',
  '.github/workflows/x.yml',
  '.env',
  '~',
]

const text = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 10 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
)
const value = fc.oneof(
  { weight: 5, arbitrary: text },
  fc.array(text, { maxLength: 4 }),
  fc.array(fc.dictionary(fc.constantFrom('path', 'email', 'name'), text), { maxLength: 3 }),
  fc.jsonValue({ maxDepth: 3 }),
)

const WORDS = [
  'get',
  'list',
  'delete',
  'run',
  'send',
  'email',
  'sql',
  'order',
  'file',
  'pull',
  'request',
  'or',
  '_',
  'É',
  'е',
]
const unknownTool = fc.record({
  name: fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }).map((words) => words.join('_')),
  description: fc.oneof(
    text,
    fc.array(fc.constantFrom(...WORDS, '.', ',', 'and'), { maxLength: 20 }).map((w) => w.join(' ')),
  ),
  inputSchema: fc.jsonValue({ maxDepth: 3 }).map((properties) => ({ properties }) as JsonObject),
})

/** Paths keep what a file system would. */
const OTHERS = /^Program$/

/** A call of any catalogued tool, or of one that nobody described, with arguments that mean to confuse. */
function anyCall(): fc.Arbitrary<Parameters<Classifier['classify']>[0]> {
  const known = [...SHIPPED].flatMap(([server, entry]) => [...entry.keys()].map((tool) => ({ server, tool })))
  const names = [
    'url',
    'host',
    'sql',
    'query',
    'to',
    'bcc',
    'channel_id',
    'owner',
    'repo',
    'branch',
    'path',
    'files',
    'repo_path',
    'branch_name',
    'pullNumber',
    'namespace',
    'kind',
    'name',
    'command',
    'code',
    'recipient',
    '__proto__',
  ]
  const input = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 })
  return fc
    .record({ at: fc.nat(known.length), unknown: unknownTool, input })
    .map(({ at, unknown, input }) => {
      const one = known[at]
      return {
        door: 'mcp',
        kind: 'tool',
        server: (one?.server ?? 'other') as ServerKey,
        tool: one?.tool ?? unknown.name,
        ...(one === undefined ? { definition: { ...unknown, digest: 'x' as never } } : {}),
        arguments: input as JsonObject,
        fileSystem: 'remote',
        correlation: { requestId: '1' },
      }
    })
}

/** The classifier answers every one of them: the call first, labels of the vocabulary, JSON all through. */
export function fuzzExtractors(runs: number): void {
  const classifier = createClassifier({
    servers: new Map([...SHIPPED.keys()].map((name) => [name as ServerKey, { catalogue: name }])),
    control: { folders: ['/state'], files: [], ports: [4141] },
    home: '/home/nobody',
  })
  fc.assert(
    fc.property(anyCall(), (call) => {
      const { operations } = classifier.classify(call, { workspace: '/work' })
      if (operations[0]?.action !== 'tool.call') return false
      // Only what went wrong inside is labelled both: nothing may.
      const failed = operations.some(
        ({ labels }) => labels.includes('unclassified') && labels.includes('inferred'),
      )
      if (failed) return false
      JSON.stringify(operations)
      return operations.every(
        ({ labels, resource }) =>
          labels.every((label) => Object.hasOwn(LABELS, label)) &&
          resource.id !== '' &&
          (OTHERS.test(resource.type) || resource.id.isWellFormed()),
      )
    }),
    { numRuns: runs },
  )
}
