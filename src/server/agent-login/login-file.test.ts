import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeFreeLoginFile, takeLoginFile } from './login-file.ts'

test('R-ID-4: sessions of one agent side by side have a login each, and the next one takes what is free again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'remit-logins-'))
  const file = join(folder, 'claude-code.json')
  const [first, second, third] = [file, file, file].map(takeFreeLoginFile)
  const names = [first, second, third].map((each) => each?.path)
  expect(names).toEqual([file, join(folder, 'claude-code-2.json'), join(folder, 'claude-code-3.json')])
  expect(() => takeLoginFile(file)).toThrow('uses this login')
  second?.release()
  expect(takeFreeLoginFile(file).path).toBe(second?.path)
  expect(() => takeFreeLoginFile(join(folder, 'gone', 'x.json'))).toThrow('does not exist')
})
