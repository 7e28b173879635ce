import { useId } from 'react'

interface FieldProps {
  readonly label: string
  readonly name: string
  readonly defaultValue?: string | number | null | undefined
  readonly hint?: string
  readonly required?: boolean
  readonly inputMode?: 'text' | 'decimal'
  readonly placeholder?: string
  readonly onChange?: (value: string) => void
  /** What is wrong with what it holds. */
  readonly problem?: string | undefined
}

export function Field({ label, hint, problem, name, defaultValue, onChange, ...rest }: FieldProps) {
  const id = useId()
  const described = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1">
      <label htmlFor={id} className="font-medium text-muted text-xs">
        {label}
      </label>
      <input
        id={id}
        name={name}
        defaultValue={defaultValue ?? ''}
        aria-describedby={described || undefined}
        aria-invalid={problem !== undefined}
        className="w-full rounded-md border border-line bg-surface px-2.5 py-1.5 aria-invalid:border-bad placeholder:text-muted"
        onChange={onChange && (({ target }) => onChange(target.value))}
        {...rest}
      />
      {problem && (
        <p id={`${id}-problem`} role="alert" className="text-bad text-xs">
          {problem}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-muted text-xs">
          {hint}
        </p>
      )}
    </div>
  )
}
