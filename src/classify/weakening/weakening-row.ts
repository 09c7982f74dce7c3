/** What is loosened, lower-case words of which the text has one at least (`*` = any text), and what is counted. */
export type WeakeningRow = readonly [what: string, keywords: string, pattern: RegExp]
