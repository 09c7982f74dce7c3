import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { parseEntityText } from './entity-text.ts'
import { quote } from './print-expression.ts'

test('an id of any text is read as it was written', () => {
  assert(
    property(string({ unit: 'binary' }), (id) => {
      expect(parseEntityText(`App::File::${quote(id)}`)).toEqual({ type: 'App::File', id })
    }),
  )
})
