import { Link } from 'react-router'
import { Digest } from './digest.tsx'

/** Leads to what a digest stands for. */
export function DigestLink({ to, of }: { readonly to: string; readonly of: string }) {
  return (
    <Link to={to} className="underline decoration-line underline-offset-2">
      <Digest of={of} />
    </Link>
  )
}
