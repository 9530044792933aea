#pragma once
#include <memory>

#include "store/sqlite/location.hpp"

namespace jobmedic::sqlite {

class Pool;

/// Every pool open in this process. SQLite keeps one list of open files per process, which fork() copies: a database
/// opened in the child while the parent's connections are still in the copy gets no locks of its own, and loses what it
/// writes when the parent closes. So what was inherited must be found and closed before anything is opened.
void enlist(std::shared_ptr<Pool> pool);
void delist(const std::shared_ptr<Pool>& pool) noexcept;
/// Throws Error (forked) where one of them, on the same file, was in use by a thread of the parent.
void close_inherited_pools(const Location& location);

}  // namespace jobmedic::sqlite
