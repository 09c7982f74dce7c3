import { expect, test } from 'vitest'
import { readLines } from './read-lines.ts'

async function linesOf(chunks: readonly (string | Uint8Array)[], maxLine?: number): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const group of readLines(streamOf(chunks), maxLine === undefined ? {} : { maxLine })) {
    found.push(
      ...group.map((line) => ('text' in line ? [line.number, line.text] : [line.number, line.error.code])),
    )
  }
  return found
}

async function* streamOf(chunks: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* chunks
}

test('R-API-3: lines are the same however the bytes arrive', async () => {
  const text = '{"a":"é"}\r\n\n  \nlast without a line feed'
  const bytes = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte))
  const expected = [
    [1, '{"a":"é"}'],
    [4, 'last without a line feed'],
  ]
  expect(await linesOf([text])).toEqual(expected)
  expect(await linesOf(bytes)).toEqual(expected)
  expect(await linesOf(['a\n', 'b\n'])).toEqual([
    [1, 'a'],
    [2, 'b'],
  ])
})

test('R-API-3: a line that is too long or no text is reported and skipped', async () => {
  expect(await linesOf(['1234\n12345678', '9012345\n', Uint8Array.of(0xff, 0x0a), 'ok'], 10)).toEqual([
    [1, '1234'],
    [2, 'body_too_large'],
    [3, 'json_invalid'],
    [4, 'ok'],
  ])
})
