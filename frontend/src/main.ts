import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { onSessionEnd, onStandingRefused } from './api/client'
import { createQueryClient } from './api/query'
import { i18n, setLocale } from './i18n'
import { router } from './router'
import { registerServiceWorker } from './shell/serviceWorker'
import { usePreferences } from './state/preferences'
import { useSession } from './state/session'
import './styles/main.css'

const app = createApp(App)
const queryClient = createQueryClient()
app.use(createPinia()).use(i18n).use(VueQueryPlugin, { queryClient })

const preferences = usePreferences()
preferences.apply()
await setLocale(preferences.locale)
app.use(router)

onSessionEnd(() => {
  const session = useSession()
  if (!session.signedIn) return
  session.forget()
  queryClient.clear()
  const { fullPath, meta } = router.currentRoute.value
  if (meta.role) void router.push({ path: '/sign-in', query: { next: fullPath, ended: '1' } })
})

// Flagged while the page was open: the banner with the reason appears with the first refusal.
onStandingRefused(() => void useSession().load())

await router.isReady().catch(() => undefined)
app.mount('#app')
registerServiceWorker()
