import { type ChangeEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation } from 'urql'
import { Dialog } from '../../../components/ui/dialog.tsx'
import { Icon } from '../../../components/ui/icon.tsx'
import { problemIn } from '../../../lib/message-of.ts'
import { wordsOf } from '../../../lib/said.ts'
import { ImportCamerasDocument, type ImportResult } from '../api/cameras.ts'

export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [{ fetching }, run] = useMutation(ImportCamerasDocument)
  const [result, setResult] = useState<ImportResult>()
  const [problem, setProblem] = useState('')
  const choose = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0]
    if (!file) return
    const catalogue = await file.text()
    // The same file may be chosen again once it is mended.
    target.value = ''
    const { data, error } = await run({ input: { catalogue } })
    setResult(data?.importCameras)
    setProblem(problemIn(data?.importCameras.errors, error) ?? '')
  }
  return (
    <Dialog title={t('cameras.importTitle')} onClose={onClose}>
      <p className="mb-3 text-muted">{t('cameras.importHelp')}</p>
      <label className="inline-flex min-h-8 cursor-pointer items-center gap-1.5 rounded-md border border-line bg-surface px-2.5 py-1 font-medium hover:bg-canvas has-disabled:opacity-50 has-focus-visible:outline-2 has-focus-visible:outline-accent">
        <input
          type="file"
          accept=".json,.csv,.txt"
          disabled={fetching}
          onChange={(event) => void choose(event)}
          className="sr-only"
        />
        <Icon name="upload" />
        {t(fetching ? 'cameras.importing' : 'cameras.importChoose')}
      </label>
      {problem && (
        <p role="alert" className="mt-3 text-bad">
          {problem}
        </p>
      )}
      {result && !problem && <Report result={result} />}
    </Dialog>
  )
}

/** What a person reads; the file is mended by its first mistakes. */
const MOST_ROWS = 200

function Report({ result }: { readonly result: ImportResult }) {
  const { t } = useTranslation()
  const more = result.rejected.length - MOST_ROWS
  return (
    <div className="mt-4">
      <p role="status" className="font-medium">
        {t('cameras.importDone', { ...result, rejected: result.rejected.length })}
      </p>
      <ul className="mt-2 text-muted text-xs">
        {result.rejected.slice(0, MOST_ROWS).map(({ row, reason, said }) => (
          <li key={row}>{t('cameras.row', { row, reason: wordsOf(reason, said, '; ') })}</li>
        ))}
      </ul>
      {more > 0 && <p className="mt-2 text-muted text-xs">{t('cameras.moreRejected', { count: more })}</p>}
    </div>
  )
}
