import { defineConfig } from '@hey-api/openapi-ts'

export default defineConfig({
  input: '../docs/openapi.json',
  output: { path: 'src/api/generated' },
  plugins: [
    '@hey-api/typescript',
    { name: '@hey-api/client-fetch', runtimeConfigPath: '../client', throwOnError: true },
    { name: '@hey-api/sdk', operations: { strategy: 'flat' }, responseStyle: 'data' },
  ],
})
