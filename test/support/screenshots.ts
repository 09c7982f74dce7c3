import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** A folder to leave screenshots in, for people to look at; unset = none is taken. */
const SHOTS = process.env['REMIT_SCREENSHOTS']

export async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}.png`) })
}

/** For the documentation: both colours, and small. */
export async function shootBoth(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return
  await page.setViewportSize({ width: 1060, height: 640 })
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await shoot(page, `docs-${name}-${colorScheme}`)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}
