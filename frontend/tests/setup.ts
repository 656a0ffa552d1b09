import { config } from '@vue/test-utils'
import { beforeAll } from 'vitest'
import { i18n, setLocale } from '@/i18n'

config.global.plugins = [i18n]
beforeAll(() => setLocale('en'))
