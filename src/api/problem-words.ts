import { type Html, markup, NOTHING } from './html.ts'

export function problemWords(problem: string | undefined): Html {
  return problem === undefined ? NOTHING : markup`<p class="error" role="alert">${problem}</p>`
}
