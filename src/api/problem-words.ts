import { type Html, markup } from './html.ts'

export function problemWords(problem: string): Html {
  return markup`<p class="error" role="alert">${problem}</p>`
}
