import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../components/ui/icon.tsx'
import { Keys } from '../../components/ui/key.tsx'
import { useModal } from '../../components/ui/use-modal.ts'
import type { Opened } from '../shell.tsx'
import { type Command, useCommands } from './commands.ts'

interface PaletteProps {
  readonly onClose: () => void
  readonly onOpen: (what: Opened) => void
}

/** Everything by its name: type, choose with the arrows, Enter. */
export function Palette({ onClose, onOpen }: PaletteProps) {
  const { t } = useTranslation()
  const list = useId()
  const dialog = useModal()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const commands = useCommands(typed, onOpen)
  const chosen = Math.min(at, commands.length - 1)
  useEffect(() => document.getElementById(`${list}-${chosen}`)?.scrollIntoView({ block: 'nearest' }), [list, chosen])
  const run = (command: Command | undefined) => {
    if (!command) return
    onClose()
    command.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) setAt((chosen + step + commands.length) % commands.length)
    else if (event.key === 'Enter') run(commands[chosen])
    else return
    event.preventDefault()
  }
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-label={t('palette.title')}
      className="mx-auto mt-[12vh] w-[min(36rem,calc(100vw-1.5rem))] overflow-hidden rounded-xl border border-line bg-raised p-0 text-text shadow-2xl backdrop:bg-black/50"
    >
      <div className="flex items-center gap-2.5 border-line border-b px-4 text-muted">
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={commands.length > 0 ? `${list}-${chosen}` : undefined}
          aria-label={t('palette.title')}
          placeholder={t('palette.hint')}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
          className="min-h-12 flex-1 bg-transparent text-base text-text outline-none placeholder:text-muted"
        />
      </div>
      <div id={list} role="listbox" aria-label={t('palette.title')} className="max-h-[50vh] overflow-auto p-1.5">
        {commands.map((command, i) => (
          <Line
            key={command.id}
            id={`${list}-${i}`}
            command={command}
            isChosen={i === chosen}
            onPoint={() => setAt(i)}
            onChoose={() => run(command)}
          />
        ))}
      </div>
      <p role="status" className="px-4 text-center text-muted not-empty:pb-5">
        {commands.length === 0 && t('palette.nothing')}
      </p>
    </dialog>
  )
}

interface LineProps {
  readonly id: string
  readonly command: Command
  readonly isChosen: boolean
  readonly onPoint: () => void
  readonly onChoose: () => void
}

function Line({ id, command: { label, icon, keys }, isChosen, onPoint, onChoose }: LineProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field that owns the list
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the option as active
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      onPointerMove={onPoint}
      onClick={onChoose}
      className="flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-2.5 text-muted aria-selected:bg-accent-soft aria-selected:text-text"
    >
      <Icon name={icon} />
      <span className="flex-1 truncate text-text">{label}</span>
      {keys && <Keys keys={keys} />}
    </div>
  )
}
