import { z } from 'zod'

// The CSP allows no eval; without this the validator would try it. Import z from here, so that no page forgets.
z.config({ jitless: true })

export { z }
