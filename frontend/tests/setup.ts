import { config, enableAutoUnmount } from '@vue/test-utils'
import { afterEach, beforeAll } from 'vitest'
import { i18n, setLocale } from '@/i18n'

config.global.plugins = [i18n]
enableAutoUnmount(afterEach)
beforeAll(() => setLocale('en'))
