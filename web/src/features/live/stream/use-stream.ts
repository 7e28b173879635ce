import { useEffect, useState } from 'react'
import type { WatchedCamera } from '../api/watched-cameras.ts'
import type { LiveConnection } from '../live-connection.ts'
import { useLive } from '../use-live.ts'
import type { StreamTrouble } from './hls-stream.ts'
import { useIsHidden } from './use-is-hidden.ts'

/** After so long a stream that was not to be had is asked for again. */
const AGAIN_MS = 30_000

/**
 * Plays the camera's stream from the media server into its tile, where there is one, and ends it while nobody sees it.
 *
 * @returns why it is not played, though there is one: the camera is shown as without a media server then.
 */
export function useStream(
  { id, playback }: WatchedCamera,
  connection: LiveConnection,
  isWanted: boolean,
): StreamTrouble | 'misfit' | undefined {
  // Told until the stream's first picture, also while it is tried again.
  const [trouble, setTrouble] = useState<StreamTrouble>()
  const [hasEnded, setHasEnded] = useState(false)
  const isHidden = useIsHidden()
  const isMisfit = useLive(connection).misfit === id
  const isOn = isWanted && !isHidden && !isMisfit && !hasEnded
  const url = isOn ? playback?.hls : undefined
  useEffect(() => {
    if (!url) return
    connection.stream(id, true)
    const end = open(url, {
      onPicture(frame, capturedAt) {
        setTrouble(undefined)
        connection.showStreamed(id, frame, capturedAt)
      },
      onEnd(why) {
        setTrouble(why)
        setHasEnded(true)
      },
    })
    return () => {
      end()
      connection.stream(id, false)
    }
  }, [url, id, connection])
  useEffect(() => {
    if (!hasEnded || trouble !== 'gone') return
    const again = setTimeout(() => setHasEnded(false), AGAIN_MS)
    return () => clearTimeout(again)
  }, [hasEnded, trouble])
  if (!playback) return undefined
  return isMisfit ? 'misfit' : trouble
}

/** The player is loaded with the first stream. @returns ends it. */
function open(
  url: string,
  listener: {
    readonly onPicture: (frame: VideoFrame, capturedAt: number) => void
    readonly onEnd: (trouble: StreamTrouble) => void
  },
): () => void {
  let isOver = false
  let close = (): void => {}
  import('./hls-stream.ts').then(
    ({ HlsStream }) => {
      if (isOver) return
      if (!HlsStream.isSupported) return listener.onEnd('unplayable')
      const stream = new HlsStream(url, listener)
      close = () => stream.close()
    },
    () => isOver || listener.onEnd('gone'),
  )
  return () => {
    isOver = true
    close()
  }
}
