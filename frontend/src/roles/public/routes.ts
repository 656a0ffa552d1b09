import type { RouteRecordRaw } from 'vue-router'

/** Pages that anyone may read. `guestOnly` ones send a signed-in person home; `bare` ones bring their own frame. */
export const publicRoutes: RouteRecordRaw[] = [
  { path: '', name: 'landing', component: () => import('@/features/landing/pages/LandingPage.vue'), meta: { title: 'landing.title' } },
  { path: 'campaigns', name: 'campaigns', component: () => import('@/features/directory/pages/CampaignDirectoryPage.vue'), meta: { title: 'directory.title' } },
  { path: 'campaigns/:id', name: 'campaign', component: () => import('@/features/directory/pages/OpenCampaignPage.vue'), meta: { title: 'directory.campaign' } },
  { path: 'influencers', name: 'influencers', component: () => import('@/features/influencers/pages/InfluencersPage.vue'), meta: { title: 'influencers.title' } },
  { path: 'influencers/:slug', name: 'influencer', component: () => import('@/features/influencers/pages/InfluencerPage.vue'), meta: { title: 'influencers.columns.name' } },
  { path: 'sponsors/:slug', name: 'sponsor', component: () => import('@/features/directory/pages/SponsorPage.vue'), meta: { title: 'directory.sponsor' } },
  { path: 'links/:code', name: 'link-terms', component: () => import('@/features/links/pages/LinkTermsPage.vue'), meta: { title: 'links.terms.title' } },
  { path: 'shared/dashboards/:token', name: 'shared-dashboard', component: () => import('@/features/dashboards/pages/SharedDashboardPage.vue'), meta: { title: 'dashboards.shared.title' } },
  { path: 'mailbox', name: 'mailbox', component: () => import('@/features/mailbox/pages/MailboxPage.vue'), meta: { title: 'mailbox.title' } },
  { path: 'accept-invitation', name: 'accept-invitation', component: () => import('@/features/account/pages/AcceptInvitationPage.vue'), meta: { title: 'account.invitation.title' } },
  { path: 'sign-in', name: 'sign-in', component: () => import('@/features/identity/pages/SignInPage.vue'), meta: { title: 'identity.sign_in.title', guestOnly: true } },
  { path: 'sign-up', name: 'sign-up', component: () => import('@/features/identity/pages/SignUpPage.vue'), meta: { title: 'identity.sign_up.title' } },
  { path: 'forgot-password', name: 'forgot-password', component: () => import('@/features/identity/pages/ForgotPasswordPage.vue'), meta: { title: 'identity.forgot.title' } },
  { path: 'reset-password', name: 'reset-password', component: () => import('@/features/identity/pages/ResetPasswordPage.vue'), meta: { title: 'identity.reset.title' } },
  { path: 'verify-email', name: 'verify-email', component: () => import('@/features/identity/pages/VerifyEmailPage.vue'), meta: { title: 'identity.verify.title' } },
]
