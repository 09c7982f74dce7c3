import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/**
 * What axe-core finds that would keep somebody from using the page: `rule` and the first element that breaks it.
 * @param rules only these are looked at; absent = all.
 */
export async function faultsOf(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  const only = rules === undefined ? '' : `, runOnly: ${JSON.stringify(rules)}`
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Runtime.evaluate', { expression: readFileSync(AXE, 'utf8') })
  const { result } = await cdp.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations']${only} }).then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
    awaitPromise: true,
    returnByValue: true,
  })
  await cdp.detach()
  return result.value as readonly string[]
}
