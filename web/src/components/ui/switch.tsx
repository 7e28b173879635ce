interface SwitchProps {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}

export function Switch({ label, isOn, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      title={label}
      onClick={() => onChange(!isOn)}
      className="group flex h-6 w-10 shrink-0 items-center rounded-full border border-line bg-canvas p-0.5 transition-colors aria-checked:border-accent aria-checked:bg-accent"
    >
      <span className="size-4.5 rounded-full bg-muted transition-transform group-aria-checked:translate-x-4 group-aria-checked:bg-accent-text" />
    </button>
  )
}
