import type { RoadUser } from './protocol.ts'
import type { Simulation, State } from './simulation/simulation.ts'

/** Road users of one step as the stage draws them; `paint` gives everybody another look. */
export function usersAt(
  { spawns, steps }: Simulation,
  step: number,
  paint = 0,
): { parked: RoadUser[]; moving: RoadUser[] } {
  const users = steps[step]!.map((state): RoadUser => {
    const spawn = spawns[state.spawn]!
    return { ...placeOf(state), kind: spawn.kind, look: (spawn.look + paint) % 1 }
  })
  return {
    parked: users.filter(({ kind }) => kind === 'parked'),
    moving: users.filter(({ kind }) => kind !== 'parked'),
  }
}

const placeOf = ({ id, x, z, headingX, headingZ, speed, braking, metres }: State): Omit<RoadUser, 'kind' | 'look'> => ({
  id,
  x,
  z,
  headingX,
  headingZ,
  speed,
  braking,
  metres,
})
