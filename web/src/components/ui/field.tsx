import { useId } from 'react'

interface FieldProps {
  readonly label: string
  readonly name: string
  readonly defaultValue?: string | number | null | undefined
  readonly hint?: string
  readonly required?: boolean
  readonly inputMode?: 'text' | 'decimal'
  readonly placeholder?: string
}

export function Field({ label, hint, name, defaultValue, ...rest }: FieldProps) {
  const id = useId()
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1">
      <label htmlFor={id} className="font-medium text-muted text-xs">
        {label}
      </label>
      <input
        id={id}
        name={name}
        defaultValue={defaultValue ?? ''}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="w-full rounded-md border border-line bg-surface px-2.5 py-1.5 placeholder:text-muted/60"
        {...rest}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-muted text-xs">
          {hint}
        </p>
      )}
    </div>
  )
}
