// Where does the UI begin?
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './kit/tokens.css'
import './kit/base.css'
import './kit/mantine.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { newQueryClient } from './app/queryClient'
import { newRouter } from './app/router'
import { cssVariables, theme } from './kit/theme'
import { ToastProvider } from './kit/toast'

const queryClient = newQueryClient(() => {
  void router.navigate({
    to: '/sign-in',
    search: { next: router.state.location.href },
    replace: true,
  })
})
const router = newRouter(queryClient)
const schemeManager = localStorageColorSchemeManager({ key: 'rapport-theme' })

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={schemeManager}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <ToastProvider>
          <RouterProvider router={router} />
        </ToastProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
