/* Preloaded before libc: a disk that is sick while a file of that name is in the folder $SICK_DISK.
 *   fail      nothing becomes durable: fsync and fdatasync end with EIO
 *   hold      they do not end until the file is taken away
 *   full      nothing can be written: ENOSPC
 *   readonly  nothing can be written: EROFS
 * Writing at a place in a file is what SQLite does; everything else goes on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static int is_on(const char *what) {
  const char *folder = getenv("SICK_DISK");
  char path[4096];
  if (folder == NULL) return 0;
  snprintf(path, sizeof path, "%s/%s", folder, what);
  return access(path, F_OK) == 0;
}

static int cannot_sync(void) {
  while (is_on("hold")) usleep(2000);
  if (!is_on("fail")) return 0;
  errno = EIO;
  return 1;
}

static int cannot_write(void) {
  if (is_on("full")) errno = ENOSPC;
  else if (is_on("readonly")) errno = EROFS;
  else return 0;
  return 1;
}

typedef int (*sync_call)(int);
typedef ssize_t (*write_call)(int, const void *, size_t, off_t);

int fsync(int file) {
  return cannot_sync() ? -1 : ((sync_call)dlsym(RTLD_NEXT, "fsync"))(file);
}

int fdatasync(int file) {
  return cannot_sync() ? -1 : ((sync_call)dlsym(RTLD_NEXT, "fdatasync"))(file);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at) {
  return cannot_write() ? -1 : ((write_call)dlsym(RTLD_NEXT, "pwrite"))(file, bytes, size, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off_t at) {
  return cannot_write() ? -1 : ((write_call)dlsym(RTLD_NEXT, "pwrite64"))(file, bytes, size, at);
}
