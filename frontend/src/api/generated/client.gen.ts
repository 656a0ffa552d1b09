/* Stand-in until `npm run api` writes this folder from docs/openapi.json. */
export type CreateClientConfig = (config?: Record<string, unknown>) => Record<string, unknown>
