import { useEffect, useState } from 'react'
import { get } from './gateway.ts'
import type { Resource } from './use-resource.ts'

const AGAIN_MS = 600_000

/**
 * An answer that the navigation needs: asked with each screen that is gone to, and every ten minutes.
 * @param path undefined = it is not for who is logged in. @param told event of the window after which it is asked, too.
 */
export function useBackground<Answer>(
  path: string | undefined,
  { screen, told }: { readonly screen: string; readonly told?: string },
): Pick<Resource<Answer>, 'value'> {
  const [answer, setAnswer] = useState<Answer>()
  useEffect(() => {
    if (path === undefined) return undefined
    let stale = false
    // What cannot be asked now is asked again; each screen says by itself that the gateway is not reached.
    const ask = async (): Promise<void> => {
      const found = await get<Answer>(path).catch(() => undefined)
      if (!stale && found !== undefined) setAnswer(found)
    }
    const again = (): void => void ask()
    again()
    const timer = setInterval(again, AGAIN_MS)
    if (told !== undefined) addEventListener(told, again)
    return () => {
      stale = true
      clearInterval(timer)
      if (told !== undefined) removeEventListener(told, again)
    }
  }, [path, screen, told])
  return path === undefined || answer === undefined ? {} : { value: answer }
}
