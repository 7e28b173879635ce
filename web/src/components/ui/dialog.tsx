import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { useModal } from './use-modal.ts'

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  readonly onClose: () => void
  /** For what is read rather than filled in. */
  readonly isWide?: boolean
}

/** The browser's own modal dialog: it keeps the focus inside and closes with Escape. */
export function Dialog({ title, children, onClose, isWide = false }: DialogProps) {
  const { t } = useTranslation()
  const dialog = useModal()
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-label={title}
      className={`m-auto ${isWide ? 'w-[min(56rem,calc(100vw-1.5rem))]' : 'w-[min(34rem,calc(100vw-1.5rem))]'} rounded-xl border border-line bg-raised p-0 text-text shadow-2xl backdrop:bg-black/50`}
    >
      <div className="flex items-center justify-between border-line border-b py-2 pr-2 pl-4">
        <h2 className="font-semibold">{title}</h2>
        <Button kind="quiet" label={t('close')} onClick={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      <div className="max-h-[75vh] overflow-auto p-4">{children}</div>
    </dialog>
  )
}
