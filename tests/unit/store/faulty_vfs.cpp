#include "faulty_vfs.hpp"

#include <cerrno>
#include <memory>
#include <new>
#include <utility>

namespace {

using Operation = FaultyDisk::Operation;

// What SQLite allocates for one open file: this, and behind it the real VFS's own.
struct Opened {
  sqlite3_file base{};
  FaultyDisk* disk = nullptr;
  std::shared_ptr<FaultyDisk::File> file;
  bool syncs_folder = false;  // with its first sync, as the real one does for a journal it made
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  [[nodiscard]] const sqlite3_io_methods& call() { return *real()->pMethods; }
};

Opened& opened(sqlite3_file* file) {
  return *reinterpret_cast<Opened*>(file);
}

FaultyVfs::Under under(sqlite3_vfs* vfs) {
  return *static_cast<FaultyVfs::Under*>(vfs->pAppData);
}

int close(sqlite3_file* file) {
  const int code = opened(file).call().xClose(opened(file).real());
  std::destroy_at(&opened(file));
  return code;
}

int read(sqlite3_file* file, void* into, int bytes, sqlite3_int64 offset) {
  Opened& it = opened(file);
  if (!it.disk->admit(Operation::read)) return SQLITE_IOERR_READ;
  return it.call().xRead(it.real(), into, bytes, offset);
}

int write(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 offset) {
  Opened& it = opened(file);
  const bool admitted = it.disk->admit(Operation::write);
  const auto wanted = static_cast<std::size_t>(bytes);
  const std::size_t done = admitted ? it.disk->room_for(*it.file, offset, wanted) : it.disk->part_of(wanted);
  if (done > 0) {
    const int code = it.call().xWrite(it.real(), from, static_cast<int>(done), offset);
    if (code != SQLITE_OK) return code;
    it.disk->written(*it.file, offset, {static_cast<const char*>(from), done});
  }
  if (!admitted) return SQLITE_IOERR_WRITE;
  return done == wanted ? SQLITE_OK : SQLITE_FULL;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  Opened& it = opened(file);
  if (!it.disk->admit(Operation::truncate)) return SQLITE_IOERR_TRUNCATE;
  it.disk->truncated(*it.file, size);
  return it.call().xTruncate(it.real(), size);
}

int sync(sqlite3_file* file, int) {
  Opened& it = opened(file);
  if (!it.disk->admit(Operation::sync)) {
    if (it.disk->has_power()) it.disk->failed_to_sync(*it.file);
    return SQLITE_IOERR_FSYNC;
  }
  it.disk->synced(*it.file, std::exchange(it.syncs_folder, false));
  return SQLITE_OK;
}

int size(sqlite3_file* file, sqlite3_int64* into) {
  Opened& it = opened(file);
  return it.disk->admit(Operation::look) ? it.call().xFileSize(it.real(), into) : SQLITE_IOERR_FSTAT;
}

int lock(sqlite3_file* file, int level) {
  Opened& it = opened(file);
  return it.disk->admit(Operation::lock) ? it.call().xLock(it.real(), level) : SQLITE_IOERR_LOCK;
}

int unlock(sqlite3_file* file, int level) {
  return opened(file).call().xUnlock(opened(file).real(), level);
}

int is_reserved(sqlite3_file* file, int* into) {
  Opened& it = opened(file);
  return it.disk->admit(Operation::lock) ? it.call().xCheckReservedLock(it.real(), into)
                                         : SQLITE_IOERR_CHECKRESERVEDLOCK;
}

int control(sqlite3_file* file, int operation, void* argument) {
  return opened(file).call().xFileControl(opened(file).real(), operation, argument);
}

int sector_size(sqlite3_file* file) {
  return opened(file).call().xSectorSize(opened(file).real());
}

int characteristics(sqlite3_file* file) {
  return opened(file).call().xDeviceCharacteristics(opened(file).real());
}

int map_shared(sqlite3_file* file, int page, int bytes, int extend, void volatile** into) {
  Opened& it = opened(file);
  if (!it.disk->admit(Operation::map)) return SQLITE_IOERR_SHMMAP;
  if (extend != 0 && !it.disk->has_room_for_shared(static_cast<std::size_t>(bytes))) return SQLITE_IOERR_SHMSIZE;
  return it.call().xShmMap(it.real(), page, bytes, extend, into);
}

int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  Opened& it = opened(file);
  if ((flags & SQLITE_SHM_LOCK) != 0 && !it.disk->admit(Operation::lock)) return SQLITE_IOERR_SHMLOCK;
  return it.call().xShmLock(it.real(), offset, count, flags);
}

void barrier(sqlite3_file* file) {
  opened(file).call().xShmBarrier(opened(file).real());
}

int unmap_shared(sqlite3_file* file, int forget) {
  return opened(file).call().xShmUnmap(opened(file).real(), forget);
}

constexpr sqlite3_io_methods methods{
    2,           close,   read,        write,           truncate,   sync,        size,    lock,         unlock,
    is_reserved, control, sector_size, characteristics, map_shared, lock_shared, barrier, unmap_shared, nullptr,
    nullptr};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  const auto [disk, real] = under(vfs);
  auto& it = *new (file) Opened;
  if (!disk->admit(Operation::open)) return SQLITE_CANTOPEN;
  const int code = real->xOpen(real, name, it.real(), flags, flags_out);
  if (code != SQLITE_OK) return code;
  it.base.pMethods = &methods;
  it.disk = disk;
  it.file = disk->open(name);
  it.syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  const auto [disk, real] = under(vfs);
  if (!disk->admit(Operation::remove)) return SQLITE_IOERR_DELETE;
  const int code = real->xDelete(real, name, 0);
  if (code == SQLITE_OK) disk->removed(name, sync_folder != 0);
  return code;
}

int exists(sqlite3_vfs* vfs, const char* name, int flags, int* into) {
  const auto [disk, real] = under(vfs);
  return disk->admit(Operation::look) ? real->xAccess(real, name, flags, into) : SQLITE_IOERR_ACCESS;
}

int full_name(sqlite3_vfs* vfs, const char* name, int bytes, char* into) {
  return under(vfs).real->xFullPathname(under(vfs).real, name, bytes, into);
}

int randomness(sqlite3_vfs* vfs, int bytes, char* into) {
  return under(vfs).real->xRandomness(under(vfs).real, bytes, into);
}

int sleep(sqlite3_vfs* vfs, int microseconds) {
  return under(vfs).real->xSleep(under(vfs).real, microseconds);
}

int time(sqlite3_vfs* vfs, double* into) {
  return under(vfs).real->xCurrentTime(under(vfs).real, into);
}

int time_in_ms(sqlite3_vfs* vfs, sqlite3_int64* into) {
  return under(vfs).real->xCurrentTimeInt64(under(vfs).real, into);
}

int last_error(sqlite3_vfs* vfs, int, char*) {
  return under(vfs).disk->full() ? ENOSPC : EIO;
}

}  // namespace

FaultyVfs::FaultyVfs(FaultyDisk& disk) : under_{&disk, sqlite3_vfs_find(nullptr)} {
  vfs_.iVersion = 2;
  vfs_.szOsFile = static_cast<int>(sizeof(Opened)) + under_.real->szOsFile;
  vfs_.mxPathname = under_.real->mxPathname;
  vfs_.zName = "faulty";
  vfs_.pAppData = &under_;
  vfs_.xOpen = open;
  vfs_.xDelete = remove;
  vfs_.xAccess = exists;
  vfs_.xFullPathname = full_name;
  vfs_.xRandomness = randomness;
  vfs_.xSleep = sleep;
  vfs_.xCurrentTime = time;
  vfs_.xCurrentTimeInt64 = time_in_ms;
  vfs_.xGetLastError = last_error;
  sqlite3_vfs_register(&vfs_, 1);
}

FaultyVfs::~FaultyVfs() {
  sqlite3_vfs_unregister(&vfs_);
}
