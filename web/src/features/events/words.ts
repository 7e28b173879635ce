import { useTranslation } from 'react-i18next'
import { colourOf } from '../../lib/class-colours.ts'
import { type Sentence, wordsOf } from '../../lib/said.ts'
import type { LoggedEvent } from './api/events.ts'

/** `sentinel.camera.online.v1` to the key of its words. */
export function typeKey(type: string): string {
  return `events.type.${shortType(type).replaceAll('.', '-')}`
}

function shortType(type: string): string {
  return type.replace(/^sentinel\./, '').replace(/\.v\d+$/, '')
}

const SIGNS: Readonly<Record<string, string>> = {
  'camera.online': 'var(--good)',
  'camera.offline': 'var(--bad)',
  'review.requested': 'var(--warn)',
  'review.resolved': 'var(--accent)',
}

/** The colour that stands for an event: of its class, or of what it means. */
export function signOf({ type, class: name }: Pick<LoggedEvent, 'type' | 'class'>): string {
  return name === null ? (SIGNS[shortType(type)] ?? 'var(--muted)') : colourOf(name)
}

/** What happened, in a few words. */
export function useDetail({ class: name, score, detail }: Pick<LoggedEvent, 'class' | 'score' | 'detail'>): string {
  const { t } = useTranslation()
  if (name !== null) return score === null ? name : `${name}, ${Math.round(score * 100)} %`
  const data = JSON.parse(detail) as Record<string, unknown>
  if (typeof data.reason === 'string' && 'retryAt' in data) return t([`reason.${data.reason}`, 'state.OFFLINE'])
  if (typeof data.width === 'number' && 'codec' in data) return `${data.width} × ${data.height}, ${data.codec}`
  if (typeof data.verdict === 'string') return t([`events.verdict.${data.verdict}`, data.verdict])
  if (typeof data.change === 'string') {
    const change = t([`events.change.${data.change}`, data.change])
    return hasName(data.zone) ? `${data.zone.name}, ${change}` : change
  }
  return typeof data.detail === 'string' ? wordsOf(data.detail, isSaid(data.told) ? data.told : []) : ''
}

/** Events of before have no names for what they say. */
function isSaid(told: unknown): told is readonly Sentence[] {
  return Array.isArray(told)
}

function hasName(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
}
