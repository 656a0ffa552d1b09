import { ref } from 'vue'
import type { FileRead } from '@/api/generated'
import { api } from '@/api/client'
import { Problem } from '@/api/problem'

/** Sends chosen files and keeps their ids until they hang on something. */
export function useUpload() {
  const sending = ref(false)
  const problem = ref<Problem | null>(null)

  async function upload(files: readonly File[]): Promise<string[] | null> {
    sending.value = true
    problem.value = null
    try {
      const ids: string[] = []
      for (const file of files) {
        const body = new FormData()
        body.append('file', file)
        ids.push((await api.post<FileRead>('/api/v1/account/files', body)).id)
      }
      return ids
    } catch (error) {
      problem.value = Problem.of(error)
      return null
    } finally {
      sending.value = false
    }
  }
  return { upload, sending, problem }
}
