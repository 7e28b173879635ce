import { useTranslation } from 'react-i18next'
import { Dialog } from '../components/ui/dialog.tsx'
import { Keys } from '../components/ui/key.tsx'
import { useKeyList } from '../lib/keys.ts'

/** Every key that works on this page, the page's own first. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const scopes = useKeyList().toReversed()
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <div className="flex flex-col gap-5">
        {scopes.map(({ title, bindings }) => (
          <section key={title}>
            <h3 className="mb-1.5 font-medium text-muted text-xs">{title}</h3>
            <dl className="grid gap-x-8 sm:grid-cols-2">
              {bindings
                .filter(({ label }) => label)
                .map(({ keys, label }) => (
                  <div key={keys} className="flex min-h-8 items-center justify-between gap-3 border-line border-b">
                    <dt>{label}</dt>
                    <dd>
                      <Keys keys={keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
