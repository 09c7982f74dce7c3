import { bodyText, isObject, type Draft, type Mutation } from './draft.ts'
import type { Random } from './random.ts'

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  '',
  ' ',
  '\0',
  '\ud800',
  'a\udc00b',
  '\u202e\u200b',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  'x'.repeat(5_000),
  'é'.repeat(200),
  [],
  {},
  [[]],
  [null],
  { toString: null, valueOf: null, length: -1 },
  JSON.parse('{"then":"x"}'),
  JSON.parse('{"__proto__":{"admin":true}}'),
  JSON.parse('{"constructor":{"prototype":{"admin":true}}}'),
]

/** What is done to the message as a tree. */
export const TREE_MUTATIONS: readonly (readonly [name: string, weight: number, Mutation])[] = [
  ['odd value', 6, (draft, random) => change(draft, random, () => oddValue(random))],
  ['no member', 3, (draft, random) => change(draft, random, () => undefined)],
  ['wrapped', 1, (draft, random) => change(draft, random, (value) => random.pick([[value], { value }]))],
  ['as text', 1, (draft, random) => change(draft, random, (value) => JSON.stringify(value))],
  ['odd member', 3, addMember],
  ['deep', 1, (draft, random) => change(draft, random, () => nested(random.pick([100, 127, 129, 5_000])))],
  [
    'long list',
    1,
    (draft, random) => change(draft, random, () => Array(2_000).fill(random.pick([0, null, 'x']))),
  ],
  ['large', 0.15, (draft, random) => change(draft, random, () => 'L'.repeat(300_000))],
  ['other root', 1, (draft, random) => void (draft.json = oddValue(random))],
]

/** What is done to the message as text: the same to no reader, or different things to different ones. */
export const TEXT_MUTATIONS: readonly (readonly [name: string, weight: number, Mutation])[] = [
  ['key twice', 4, (draft, random) => retext(draft, (text) => keyTwice(text, random))],
  ['mark', 1, (draft) => retext(draft, (text) => `\ufeff${text}`)],
  [
    'batch',
    2,
    (draft, random) => retext(draft, (text) => random.pick([`[${text}]`, `[${text},${text}]`, '[]'])),
  ],
  ['two messages', 1, (draft) => retext(draft, (text) => `${text}\n${text}`)],
  ['cut', 2, (draft, random) => retext(draft, (text) => text.slice(0, random.int(text.length + 1)))],
  ['stray character', 3, (draft, random) => retext(draft, (text) => insert(text, random))],
  ['odd number', 2, (draft, random) => retext(draft, (text) => oddNumber(text, random))],
  ['escaped names', 1, (draft) => retext(draft, (text) => text.replaceAll('"m', '"\\u006d'))],
  ['other case', 1, (draft) => retext(draft, (text) => text.replace('"method"', '"Method"'))],
  ['space', 1, (draft) => retext(draft, (text) => `${' \n\t'.repeat(300)}${text}\r\n`)],
  ['nothing', 1, (draft) => void (draft.bytes = Buffer.alloc(0))],
  ['not utf-8', 2, (draft, random) => breakUtf8(draft, random)],
  ['utf-16', 1, (draft) => void (draft.bytes = Buffer.from(bodyText(draft), 'utf16le'))],
  ['deep text', 1, (draft, random) => retext(draft, () => random.pick(['[', '{"a":']).repeat(20_000))],
  ['noise', 1, (draft, random) => void (draft.bytes = noise(random))],
]

/** A value of its own each time, since later mutations change it. */
function oddValue(random: Random): unknown {
  return structuredClone(random.pick(ODD_VALUES))
}

function change(draft: Draft, random: Random, make: (value: unknown) => unknown): void {
  const places: (readonly [Record<string, unknown>, string])[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || places.length > 200) return
    for (const [key, member] of Object.entries(value)) {
      places.push([value as Record<string, unknown>, key])
      visit(member)
    }
  }
  visit(draft.json)
  if (places.length === 0) {
    draft.json = make(draft.json)
    return
  }
  const [owner, key] = random.pick(places)
  const made = make(owner[key])
  if (made === undefined) delete owner[key]
  else
    Object.defineProperty(owner, key, { value: made, enumerable: true, writable: true, configurable: true })
}

function addMember(draft: Draft, random: Random): void {
  if (!isObject(draft.json)) return
  const { params } = draft.json
  const owner = isObject(params) && random.chance(0.6) ? params : draft.json
  const name = random.pick([
    '__proto__',
    'constructor',
    'result',
    'error',
    'task',
    '_meta',
    'ID',
    '',
    'x\0',
    'requestState',
  ])
  const value = oddValue(random)
  Object.defineProperty(owner, name, { value, enumerable: true, writable: true, configurable: true })
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

function retext(draft: Draft, make: (text: string) => string): void {
  draft.bytes = Buffer.from(make(bodyText(draft)))
}

function keyTwice(text: string, random: Random): string {
  const keys = [...text.matchAll(/"(\w{1,20})":/g)]
  if (keys.length === 0) return text
  const { 1: key = '', index } = random.pick(keys)
  const again = random.chance(0.3)
    ? `\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}`
    : key
  const value = random.pick(['1', 'null', '"tools/list"', '"httpmodern__echo"', '{}'])
  return `${text.slice(0, index)}"${again}":${value},${text.slice(index)}`
}

function insert(text: string, random: Random): string {
  const at = random.int(text.length + 1)
  const stray = random.pick([
    '\0',
    '"',
    '\\',
    '{',
    '}',
    ',',
    ':',
    '\u2028',
    '//',
    '\\ud800',
    '\\u0000',
    '\n',
    "'",
  ])
  return text.slice(0, at) + stray + text.slice(at)
}

function oddNumber(text: string, random: Random): string {
  const numbers = [
    '1e999',
    '-0',
    '01',
    '9007199254740993',
    '1E+2',
    '0x10',
    'NaN',
    '.5',
    '1.',
    '-',
    `1${'0'.repeat(400)}`,
  ]
  return text.replace(/"id":[^,}]*/, `"id":${random.pick(numbers)}`)
}

function breakUtf8(draft: Draft, random: Random): void {
  const bytes = Buffer.from(bodyText(draft))
  const broken = random.pick(['ff', 'c0af', 'eda080', 'f4908080', 'c3', 'e282'])
  const at = random.int(bytes.length + 1)
  draft.bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(broken, 'hex'), bytes.subarray(at)])
}

function noise(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.int(200) }, () => random.int(256)))
}
