import type { FeatureCollection } from 'geojson'
import { feature } from 'topojson-client'
import countries from 'world-atlas/countries-50m.json?url'

/** The countries of the earth (Natural Earth, 1:50 million), served with the dashboard. */
export async function loadLand(): Promise<FeatureCollection> {
  const topology = (await (await fetch(countries)).json()) as Parameters<typeof feature>[0]
  return feature(topology, topology.objects.countries!) as FeatureCollection
}
