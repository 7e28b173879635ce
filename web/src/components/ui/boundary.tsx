import i18next from 'i18next'
import { Component, type ReactNode } from 'react'
import { Failure } from './failure.tsx'

interface BoundaryProps {
  readonly children: ReactNode
}

/** A page that breaks (or whose script cannot be loaded) says so in its own place; the rest goes on. */
export class Boundary extends Component<BoundaryProps, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {}

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override render() {
    if (!this.state.error) return this.props.children
    return <Failure message={i18next.t('failure.page')} onRetry={() => location.reload()} />
  }
}
