import { useState } from 'react'
import { useMutation } from 'urql'
import { problemIn } from '../../lib/message-of.ts'
import { type MapCamera, PlaceCameraDocument } from './api/map-cameras.ts'
import type { Position } from './camera-map.ts'

interface Placing {
  place(id: string, position: Position): void
  /** Why the last one did not stay where it was put. */
  readonly problem: string | undefined
}

/** Puts cameras where they stand, and says so when the server does not take it. */
export function usePlacing(onPlaced: (camera: MapCamera) => void): Placing {
  const [, update] = useMutation(PlaceCameraDocument)
  const [problem, setProblem] = useState<string>()
  const place = (id: string, { latitude, longitude }: Position): void => {
    void update({ input: { id, latitude, longitude } }).then(({ data, error }) => {
      const camera = data?.updateCamera.camera
      if (camera) onPlaced(camera)
      setProblem(camera ? undefined : problemIn(data?.updateCamera.errors, error))
    })
  }
  return { place, problem }
}
