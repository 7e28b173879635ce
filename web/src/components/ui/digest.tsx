/** The first letters of a digest, which are enough for people; all of it to hold the pointer over. */
export function Digest({ of }: { readonly of: string }) {
  return (
    <code title={of} className="rounded bg-canvas px-1 py-px font-mono text-[0.75rem] text-muted">
      {of.slice(0, 12)}
    </code>
  )
}
