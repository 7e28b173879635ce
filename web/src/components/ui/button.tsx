import type { ReactNode } from 'react'

const KINDS = {
  plain: 'border border-line bg-surface text-text hover:bg-canvas',
  primary: 'bg-accent text-accent-text hover:brightness-110',
  danger: 'bg-bad text-surface hover:brightness-110',
  quiet: 'text-muted hover:bg-canvas hover:text-text',
} as const

interface ButtonProps {
  readonly children: ReactNode
  readonly kind?: keyof typeof KINDS
  readonly onClick?: () => void
  readonly type?: 'button' | 'submit'
  /** For a button that shows no words. */
  readonly label?: string
  readonly disabled?: boolean
  readonly pressed?: boolean
}

export function Button({ children, kind = 'plain', onClick, type = 'button', label, disabled, pressed }: ButtonProps) {
  return (
    <button
      type={type}
      onClick={onClick}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      className={`inline-flex min-h-8 items-center justify-center gap-1.5 rounded-md px-2.5 py-1 font-medium transition-colors disabled:opacity-50 aria-pressed:text-accent ${KINDS[kind]}`}
    >
      {children}
    </button>
  )
}
