import { BrowserRouter, Navigate, Route, Routes } from 'react-router'
import { Provider } from 'urql'
import { CamerasPage } from '../features/cameras/components/cameras-page.tsx'
import { EventsPage } from '../features/events/components/events-page.tsx'
import { LivePage } from '../features/live/components/live-page.tsx'
import { client } from '../lib/client.ts'
import { Shell } from './shell.tsx'

export function App() {
  return (
    <Provider value={client}>
      <BrowserRouter>
        <Routes>
          <Route element={<Shell />}>
            <Route path="/live" element={<LivePage />} />
            <Route path="/events" element={<EventsPage />} />
            <Route path="/cameras" element={<CamerasPage />} />
            <Route path="*" element={<Navigate to="/live" replace />} />
          </Route>
        </Routes>
      </BrowserRouter>
    </Provider>
  )
}
