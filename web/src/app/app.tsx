import { lazy } from 'react'
import { BrowserRouter, Navigate, Route, Routes } from 'react-router'
import { Provider } from 'urql'
import { LivePage } from '../features/live/components/live-page.tsx'
import { client } from '../lib/client.ts'
import { Named, NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'

const EventsPage = lazy(() =>
  import('../features/events/components/events-page.tsx').then((m) => ({ default: m.EventsPage })),
)
const MapPage = lazy(() => import('../features/map/components/map-page.tsx').then((m) => ({ default: m.MapPage })))
const CamerasPage = lazy(() =>
  import('../features/cameras/components/cameras-page.tsx').then((m) => ({ default: m.CamerasPage })),
)

const TriagePage = lazy(() =>
  import('../features/triage/components/triage-page.tsx').then((m) => ({ default: m.TriagePage })),
)
const DisputesPage = lazy(() =>
  import('../features/triage/components/disputes-page.tsx').then((m) => ({ default: m.DisputesPage })),
)
const TrainingPage = lazy(() =>
  import('../features/training/components/training-page.tsx').then((m) => ({ default: m.TrainingPage })),
)
const DatasetsPage = lazy(() =>
  import('../features/datasets/components/datasets-page.tsx').then((m) => ({ default: m.DatasetsPage })),
)
const ModelsPage = lazy(() =>
  import('../features/models/components/models-page.tsx').then((m) => ({ default: m.ModelsPage })),
)
const VerdictsPage = lazy(() =>
  import('../features/verdicts/components/verdicts-page.tsx').then((m) => ({ default: m.VerdictsPage })),
)
const VerdictPage = lazy(() =>
  import('../features/verdicts/components/verdict-page.tsx').then((m) => ({ default: m.VerdictPage })),
)
const HealthPage = lazy(() =>
  import('../features/health/components/health-page.tsx').then((m) => ({ default: m.HealthPage })),
)

export function App() {
  return (
    <Provider value={client}>
      <BrowserRouter>
        <Routes>
          <Route element={<Shell />}>
            <Route path="/live" element={<LivePage />} />
            <Route path="/map" element={<MapPage />} />
            <Route path="/events" element={<EventsPage />} />
            <Route path="/triage" element={<TriagePage />} />
            <Route path="/triage/disputes" element={<DisputesPage />} />
            <Route path="/training" element={<TrainingPage />} />
            <Route path="/datasets" element={<DatasetsPage />} />
            <Route path="/models" element={<ModelsPage />} />
            <Route path="/verdicts" element={<VerdictsPage />} />
            <Route path="/verdicts/:id" element={<VerdictPage />} />
            <Route path="/cameras" element={<CamerasPage />} />
            <Route path="/health" element={<HealthPage />} />
            <Route path="/live/:id" element={<Named to="/live?focus=" />} />
            <Route path="/cameras/:id" element={<Named to="/live?focus=" />} />
            <Route path="/events/:id" element={<Named to="/events?open=" />} />
            <Route path="/training/:id" element={<Named to="/training?run=" />} />
            <Route path="/datasets/:id" element={<Named to="/datasets?dataset=" />} />
            <Route path="/models/:id" element={<Named to="/models?model=" />} />
            <Route path="/" element={<Navigate to="/live" replace />} />
            <Route path="*" element={<NotFound />} />
          </Route>
        </Routes>
      </BrowserRouter>
    </Provider>
  )
}
