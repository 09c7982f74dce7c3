import { expect, test } from 'vitest'
import { promptSections } from './prompt-sections.ts'

test('R-CON-2: the kept text is taken apart into parts with their authors, and words that are not known to be true are claims', () => {
  const prompt = `Why you are asked (Remit, from its policies)
  - it ships
    policy \`release\`

Intent (written by the human who delegated)
  "mend (the) tests"

Intent (the delegating agent’s own claim)
  "Why you are asked (Remit)"

What your answer does
  refuse: it does not run
`
  expect(promptSections(prompt)).toEqual([
    {
      title: 'Why you are asked',
      author: 'Remit, from its policies',
      claim: false,
      lines: ['- it ships', '  policy `release`'],
    },
    {
      title: 'Intent',
      author: 'written by the human who delegated',
      claim: false,
      lines: ['"mend (the) tests"'],
    },
    {
      title: 'Intent',
      author: 'the delegating agent’s own claim',
      claim: true,
      lines: ['"Why you are asked (Remit)"'],
    },
    { title: 'What your answer does', claim: false, lines: ['refuse: it does not run'] },
  ])
})

test('R-CON-2: no text is lost and nothing before the first title is shown as a part', () => {
  expect(promptSections('')).toEqual([])
  expect(promptSections('  stray\n')).toEqual([])
  expect(promptSections('push to main')).toEqual([{ title: 'push to main', claim: false, lines: [] }])
})
