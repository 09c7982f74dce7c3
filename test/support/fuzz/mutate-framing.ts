import type { Draft, Mutation } from './draft.ts'
import type { Random } from './random.ts'

const CRLF = '\r\n'
const SMUGGLED = 'POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}'
const CHUNK_SIZES = ['0x10', '-1', 'ffffffffffffffff', '1;ext="\n"', '5 ', ' 5', '+5', '5\n', 'g', '00000005']
const PREFIXES = [
  '',
  CRLF,
  `${CRLF}${CRLF}`,
  '\0',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'GET / HTTP/0.9\r\n\r\n',
]

/** What leaves it open where a message ends: each such request has a connection of its own. */
export const FRAMING_MUTATIONS: readonly (readonly [name: string, weight: number, Mutation])[] = [
  ['two lengths', 2, garbleHead((random, length) => [`Content-Length: ${String(random.int(length + 9))}`])],
  [
    'length and chunked',
    3,
    garbleHead((random) => [
      `Transfer-Encoding: ${random.pick(['chunked', 'Chunked', ' chunked', 'x, chunked'])}`,
    ]),
  ],
  [
    'odd coding',
    2,
    garbleHead((random) => [
      random.pick([
        'Transfer-Encoding: identity',
        'Transfer-Encoding: gzip, chunked',
        'Transfer-Encoding : chunked',
        'Transfer-Encoding:\tchunked',
        'Transfer-Encoding: chunked\r\nTransfer-Encoding: x',
        'Transfer_Encoding: chunked',
      ]),
    ]),
  ],
  [
    'odd length',
    2,
    replaceLength(['-1', '+5', '0x5', '1e3', '5,5', '', '99999999999999999999', '5 5', '4194305']),
  ],
  ['bad chunks', 3, (draft, random) => void (draft.garble = badChunks(random))],
  ['cut short', 4, (draft, random) => void (draft.garble = cut(random))],
  ['trickled', 2, (draft, random) => void (draft.garble = trickle(random))],
  ['folded header', 1, garbleHead((random) => [`X-Fold: a${CRLF}${random.pick([' ', '\t'])}b`])],
  [
    'bad header',
    2,
    garbleHead((random) => [
      random.pick([
        'No-Colon',
        ': no-name',
        'Sp ace: x',
        'X-Nul: a\0b',
        'X-Cr: a\rb',
        'X-Lf: a\nX-B: c',
        '\x7f: x',
      ]),
    ]),
  ],
  ['huge head', 1, garbleHead((random) => [`X-Huge: ${'h'.repeat(random.pick([17_000, 70_000]))}`])],
  [
    'upgrade',
    2,
    garbleHead((random) => [
      `Connection: Upgrade${CRLF}Upgrade: ${random.pick(['websocket', 'h2c', 'TLS/1.0', ','])}`,
      'Sec-WebSocket-Key: x',
    ]),
  ],
  [
    'no body method',
    1,
    (draft, random) => {
      draft.method = random.pick(['HEAD', 'CONNECT'])
      draft.garble = (whole) => [whole]
    },
  ],
  [
    'odd method',
    1,
    (draft, random) => {
      draft.method = random.pick(['', 'post', 'P OST', 'POST\0', 'X'.repeat(300), '{"jsonrpc"'])
      draft.garble = (whole) => [whole]
    },
  ],
  [
    'odd version',
    1,
    (draft, random) => {
      draft.version = random.pick(['HTTP/2.0', 'HTTP/1.2', 'HTTP/9', 'http/1.1', '', 'HTTP/1.1 x'])
      draft.garble = (whole) => [whole]
    },
  ],
  [
    'prefixed',
    1,
    (draft, random) => {
      const prefix = Buffer.from(random.pick(PREFIXES), 'latin1')
      draft.garble = (whole) => [Buffer.concat([prefix, whole])]
    },
  ],
  [
    'smuggled',
    2,
    (draft) => void (draft.garble = (whole) => [Buffer.concat([whole, Buffer.from(SMUGGLED)])]),
  ],
  ['flipped bytes', 3, (draft, random) => void (draft.garble = flip(random))],
]

function garbleHead(lines: (random: Random, length: number) => readonly string[]): Mutation {
  return (draft, random) => {
    draft.garble = (whole) => {
      const text = whole.toString('latin1')
      const end = text.indexOf(CRLF)
      const added = lines(random, whole.length).map((line) => `${CRLF}${line}`)
      return [Buffer.from(text.slice(0, end) + added.join('') + text.slice(end), 'latin1')]
    }
  }
}

function replaceLength(values: readonly string[]): Mutation {
  return (draft, random) => {
    draft.garble = (whole) => {
      const text = whole.toString('latin1')
      return [
        Buffer.from(text.replace(/content-length: \d+/i, `Content-Length: ${random.pick(values)}`), 'latin1'),
      ]
    }
  }
}

function badChunks(random: Random): Draft['garble'] {
  return (whole) => {
    const text = whole.toString('latin1')
    const end = text.indexOf(`${CRLF}${CRLF}`)
    if (end < 0) return [whole]
    const head = text.slice(0, end).replace(/\r\ncontent-length: \d+/i, '')
    const body = text.slice(end + 4)
    const size = random.chance(0.3) ? body.length.toString(16) : random.pick(CHUNK_SIZES)
    const last = random.pick(['0\r\n\r\n', '0\r\nAuthorization: x\r\n\r\n', '0\n\n', '', '0\r\n', '00\r\nx'])
    const chunk = `${size}${random.pick([CRLF, '\n', ''])}${body}${random.pick([CRLF, '', '\n'])}${last}`
    return [Buffer.from(`${head}${CRLF}Transfer-Encoding: chunked${CRLF}${CRLF}${chunk}`, 'latin1')]
  }
}

function cut(random: Random): Draft['garble'] {
  return (whole) => [whole.subarray(0, random.int(whole.length))]
}

function trickle(random: Random): Draft['garble'] {
  return (whole) => {
    const pieces: Buffer[] = []
    const step = Math.max(1, Math.ceil(whole.length / (2 + random.int(6))))
    for (let at = 0; at < whole.length; at += step) pieces.push(whole.subarray(at, at + step))
    return pieces
  }
}

function flip(random: Random): Draft['garble'] {
  return (whole) => {
    const bytes = Buffer.from(whole)
    const count = 1 + random.int(5)
    for (let round = 0; round < count && bytes.length > 0; round += 1) {
      bytes[random.int(bytes.length)] = random.int(256)
    }
    return [bytes]
  }
}
