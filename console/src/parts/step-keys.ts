import { useEffect } from 'react'

const FORWARD = new Set(['j', 'ArrowDown', 'ArrowRight'])
const BACK = new Set(['k', 'ArrowUp', 'ArrowLeft'])

/** J, K and the arrow keys go from step to step, unless something is typed into. */
export function useStepKeys(count: number, move: (change: (at: number) => number) => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { target } = event
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (target instanceof Element && target.closest('input, textarea, select, pre') !== null) return
      const by = FORWARD.has(event.key) ? 1 : BACK.has(event.key) ? -1 : 0
      if (by === 0) return
      event.preventDefault()
      move((at) => Math.min(Math.max(at + by, 0), Math.max(count - 1, 0)))
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [count, move])
}
