import { useEffect, useRef } from 'react'

/** Keys of a screen; not while somebody types or a dialog is open. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
      const { target } = event
      if (!(target instanceof Element)) return
      if (target.closest('input, textarea, select, [role=dialog]') !== null) return
      // What a button or link does with Enter is its own business.
      if (event.key === 'Enter' && target.closest('button, a') !== null) return
      const act = latest.current[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}
