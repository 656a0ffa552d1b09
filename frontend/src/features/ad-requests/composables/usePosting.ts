import { computed, ref } from 'vue'
import { Problem } from '@/api/problem'
import type { useAdRequest } from './useAdRequest'
import { useUpload } from './useUpload'

/** Writing to the other side: files go first, then the message that they hang on. */
export function usePosting({ post: deed, seen }: Pick<ReturnType<typeof useAdRequest>, 'post' | 'seen'>) {
  const { upload, problem: refusedFile } = useUpload()
  const sent = ref(0)
  const uploading = ref(false)
  async function post(text: string, files: File[]) {
    deed.reset()
    uploading.value = true
    try {
      const file_ids = files.length ? await upload(files) : []
      if (file_ids === null) return
      await deed.mutateAsync({ text, file_ids })
      sent.value += 1
    } catch { /* shown beside the box */ } finally { uploading.value = false }
  }
  return {
    post,
    /** Up to this message everything was shown to the reader. Nothing is lost where that cannot be kept. */
    markRead: (messageId: string) => seen.mutate(messageId),
    /** Grows with each message that went out. */
    sent,
    sending: computed(() => uploading.value || deed.isPending.value),
    problem: computed(() => refusedFile.value ?? (deed.error.value ? Problem.of(deed.error.value) : null)),
  }
}
