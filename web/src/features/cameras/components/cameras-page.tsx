import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation } from 'urql'
import { Answer } from '../../../components/ui/answer.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { Icon } from '../../../components/ui/icon.tsx'
import { Notice } from '../../../components/ui/notice.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { problemIn } from '../../../lib/message-of.ts'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { type Camera, CamerasDocument, UpdateCameraDocument } from '../api/cameras.ts'
import { CameraForm } from './camera-form.tsx'
import { CameraRow } from './camera-row.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { RemoveDialog } from './remove-dialog.tsx'

const PAGE = 100

type Open = { kind: 'add' } | { kind: 'import' } | { kind: 'edit' | 'remove'; camera: Camera }

export function CamerasPage() {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const [first, setFirst] = useState(PAGE)
  const [open, setOpen] = useState<Open>()
  const answer = useFreshQuery(CamerasDocument, { variables: { first, search: search || null }, everyMs: 5000 })
  const [problem, setProblem] = useState('')
  const [, update] = useMutation(UpdateCameraDocument)
  const change = async ({ id }: Camera, enabled: boolean) => {
    const { data, error } = await update({ input: { id, enabled } })
    setProblem(problemIn(data?.updateCamera.errors, error) ?? '')
  }
  const close = () => {
    setOpen(undefined)
    answer.refresh()
  }
  return (
    <>
      <PageHead title={t('cameras.title')}>
        <input
          type="search"
          aria-label={t('cameras.search')}
          placeholder={t('cameras.search')}
          value={search}
          onChange={({ target }) => setSearch(target.value)}
          className="min-h-8 w-44 rounded-md border border-line bg-surface px-2.5 py-1"
        />
        <Button onClick={() => setOpen({ kind: 'import' })}>
          <Icon name="upload" />
          {t('cameras.import')}
        </Button>
        <Button kind="primary" onClick={() => setOpen({ kind: 'add' })}>
          <Icon name="plus" />
          {t('cameras.add')}
        </Button>
      </PageHead>
      {problem && <Notice kind="bad">{problem}</Notice>}
      <Answer of={answer}>
        {({ cameras: { edges, pageInfo } }) => (
          <>
            {edges.length === 0 && <NoCamera search={search} />}
            <ul className="divide-y divide-line">
              {edges.map(({ node }) => (
                <CameraRow
                  key={node.id}
                  camera={node}
                  onEdit={() => setOpen({ kind: 'edit', camera: node })}
                  onSwitch={(enabled) => void change(node, enabled)}
                  onRemove={() => setOpen({ kind: 'remove', camera: node })}
                />
              ))}
            </ul>
            {pageInfo.hasNextPage && first < 500 && (
              <div className="p-4 text-center">
                <Button onClick={() => setFirst(first + PAGE)}>{t('cameras.more')}</Button>
              </div>
            )}
          </>
        )}
      </Answer>
      {open?.kind === 'add' && <CameraForm onClose={close} />}
      {open?.kind === 'edit' && <CameraForm camera={open.camera} onClose={close} />}
      {open?.kind === 'remove' && <RemoveDialog camera={open.camera} onClose={close} />}
      {open?.kind === 'import' && <ImportDialog onClose={close} />}
    </>
  )
}

function NoCamera({ search }: { readonly search: string }) {
  const { t } = useTranslation()
  if (search === '') return <Empty title={t('live.none')}>{t('live.noneHelp')}</Empty>
  return <Empty title={t('cameras.noMatch', { search })}>{t('cameras.noMatchHelp')}</Empty>
}
