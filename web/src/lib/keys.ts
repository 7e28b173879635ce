import { useEffect, useRef, useSyncExternalStore } from 'react'

/** One key of a page. */
export interface KeyBinding {
  /** As `KeyboardEvent.key` has it: `z`, `ArrowLeft`, `Shift+ArrowLeft`, `Mod+k` (Ctrl or ⌘), or two in a row: `g l`. */
  readonly keys: string
  /** What it does, for the list behind `?`. A binding without one is another way to do the same. */
  readonly label?: string
  run(event: KeyboardEvent): void
}

interface Scope {
  readonly title: string
  readonly bindings: readonly KeyBinding[]
}

const SEQUENCE_MS = 1200

const scopes: Scope[] = []
const listeners = new Set<() => void>()
let listed: readonly Scope[] = []
let before: { readonly key: string; readonly at: number } | undefined

/** The keys that work for as long as the component is there; of two for the same key the newer wins. */
export function useKeys(title: string, bindings: readonly KeyBinding[]): void {
  const latest = useRef(bindings)
  latest.current = bindings
  const labels = bindings.map(({ keys, label }) => `${keys}=${label}`).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the labels stand for the bindings, whose functions change with each render
  useEffect(() => {
    const live = latest.current.map((binding, i) => ({
      ...binding,
      run: (event: KeyboardEvent) => latest.current[i]?.run(event),
    }))
    const scope = { title, bindings: live }
    scopes.push(scope)
    tell()
    return () => {
      scopes.splice(scopes.indexOf(scope), 1)
      tell()
    }
  }, [title, labels])
}

/** All keys that work now, those of the page last. */
export function useKeyList(): readonly Scope[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => listed,
  )
}

function tell(): void {
  listed = [...scopes]
  for (const listener of listeners) listener()
}

window.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing) return
  const name = nameOf(event)
  if (!name || (isBusy(event.target) && !name.startsWith('Mod+'))) return
  const sequence = before && event.timeStamp - before.at < SEQUENCE_MS ? `${before.key} ${name}` : undefined
  const binding = find(sequence) ?? find(name)
  before = binding ? undefined : { key: name, at: event.timeStamp }
  if (!binding) return
  event.preventDefault()
  binding.run(event)
})

function find(keys: string | undefined): KeyBinding | undefined {
  if (keys === undefined) return undefined
  return scopes.toReversed().flatMap(({ bindings }) => bindings.find((binding) => binding.keys === keys) ?? [])[0]
}

function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string | undefined {
  if (altKey || key === 'Shift' || key === 'Control' || key === 'Meta') return undefined
  const name = key.length === 1 ? key.toLowerCase() : key
  if (ctrlKey || metaKey) return `Mod+${name}`
  return shiftKey && (key.length > 1 || key !== key.toLowerCase()) ? `Shift+${name}` : name
}

/** Somebody types, or an open dialog has the word. */
function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select, [role=slider]')
}
