/**
 * One coordinate that moves at a nearly constant speed: a Kalman filter over (value, speed) with white-noise acceleration
 * (Bar-Shalom, Li, Kirubarajan, "Estimation with Applications to Tracking and Navigation", 2001, section 6.2).
 */
export interface Axis {
  readonly value: number
  /** Per second. */
  readonly speed: number
  /** Covariance of value and speed: [value², value·speed, speed²]. */
  readonly covariance: readonly [number, number, number]
}

export function firstSeen(value: number, noise: number, speedNoise: number): Axis {
  return { value, speed: 0, covariance: [noise * noise, 0, speedNoise * speedNoise] }
}

/** @param seconds since the last step. @param acceleration standard deviation, per second². */
export function predict({ value, speed, covariance: [a, b, c] }: Axis, seconds: number, acceleration: number): Axis {
  const q = acceleration * acceleration
  const s2 = seconds * seconds
  return {
    value: value + speed * seconds,
    speed,
    covariance: [
      a + 2 * seconds * b + s2 * c + (q * s2 * s2) / 4,
      b + seconds * c + (q * s2 * seconds) / 2,
      c + q * s2,
    ],
  }
}

/** @param noise standard deviation of the measurement. */
export function correct({ value, speed, covariance: [a, b, c] }: Axis, measured: number, noise: number): Axis {
  const total = a + noise * noise
  const gain = a / total
  const speedGain = b / total
  const surprise = measured - value
  return {
    value: value + gain * surprise,
    speed: speed + speedGain * surprise,
    covariance: [(1 - gain) * a, (1 - gain) * b, c - speedGain * b],
  }
}
