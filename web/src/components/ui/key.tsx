const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Shift: '⇧',
  Escape: 'Esc',
  Enter: '↵',
  Delete: 'Del',
  ' ': '␣',
  Mod: /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘' : 'Ctrl',
}

/** The caps of the keys to press, such as `Mod+k` or `g l`. */
export function Keys({ keys }: { readonly keys: string }) {
  const caps = keys === ' ' ? [' '] : keys.split(/[+ ]/)
  return (
    <span className="inline-flex gap-1">
      {caps.map((cap) => (
        <kbd
          key={cap}
          className="inline-flex h-5 min-w-5 items-center justify-center rounded border border-line bg-canvas px-1 font-sans text-[0.6875rem] text-muted"
        >
          {SIGNS[cap] ?? (cap.length === 1 ? cap.toUpperCase() : cap)}
        </kbd>
      ))}
    </span>
  )
}
