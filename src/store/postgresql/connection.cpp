#include "store/postgresql/connection.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>
#include <unistd.h>

#include <random>

#include "store/postgresql/failure.hpp"
#include "store/sql/failure.hpp"
#include "store/sql/query.hpp"

namespace jobmedic::postgresql {
namespace {

constexpr sql::Dialect postgresql_dialect{.last_patch_number = "SELECT nextval('patch_ids') - 1"};

// What a statement may take that waits for no one, and how much longer the server's own limit is waited for.
constexpr std::chrono::seconds statement_work{30};
constexpr std::chrono::seconds answer_grace{5};

// enable_seqscan: a scan of a whole table would make a SERIALIZABLE transaction depend on every row of it; each query
// of the store that matters has its index. synchronous_commit: what is acknowledged is durable, whatever the server's
// default.
constexpr const char* settings =
    "SET search_path = jobmedic; SET enable_seqscan = off; SET client_min_messages = warning;"
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

std::string random_name() {
  std::random_device random;
  std::string name;
  for (int i = 0; i < 4; ++i) name += fmt::format("{:08x}", random());
  return name;
}

// False at the deadline.
bool wait_for(int socket, short events, std::chrono::steady_clock::time_point until) {
  pollfd wanted{socket, events, 0};
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    const int ready = ::poll(&wanted, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready > 0) return true;
    if (ready == 0 && left <= 0) return false;
  }
}

}  // namespace

void CloseConnection::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

Connection::Connection(const Location& location, const Deadline& deadline)
    : sql::Connection(postgresql_dialect), location_(location), writer_(random_name()) {
  connect(deadline);
  patience_ = deadline.at() + answer_grace;
  run(settings);
}

void Connection::connect(const Deadline& deadline) {
  const Location::Parameters parameters = location_.parameters();
  connection_.reset(PQconnectStartParams(parameters.keywords.data(), parameters.values.data(), 1));
  if (!connection_) throw std::bad_alloc();
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK; next = PQconnectPoll(connection_.get())) {
    if (next == PGRES_POLLING_FAILED || PQstatus(connection_.get()) == CONNECTION_BAD) {
      fail_lost(location_, connection_.get());
    }
    const short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!wait_for(PQsocket(connection_.get()), events, deadline.at())) {
      const std::string waited = sql::in_words(location_.options.busy_timeout);
      throw Failure(Failure::Kind::timeout, location_, fmt::format("the server did not answer within {}", waited));
    }
  }
}

void Connection::wait_for_answer() {
  while (PQisBusy(connection_.get()) != 0) {
    if (!wait_for(PQsocket(connection_.get()), POLLIN, patience_)) {
      throw Failure(Failure::Kind::lost, location_, "the server does not answer");
    }
    if (PQconsumeInput(connection_.get()) == 0) fail_lost(location_, connection_.get());
  }
}

// The last result of what was sent; the first failure, where there is one.
Result Connection::answer(bool sent) {
  if (!sent) fail_lost(location_, connection_.get());
  Result last;
  bool failed = false;
  while (true) {
    wait_for_answer();
    Result next(PQgetResult(connection_.get()));
    if (!next) break;
    if (failed) continue;
    const ExecStatusType status = PQresultStatus(next.get());
    failed = status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK;
    last = std::move(next);
  }
  if (!last) fail_lost(location_, connection_.get());
  if (failed) fail(location_, last.get());
  return last;
}

void Connection::run(const std::string& sql) {
  answer(PQsendQuery(connection_.get(), sql.c_str()) != 0);
}

void Connection::prepare(const std::string& name, const std::string& sql) {
  answer(PQsendPrepare(connection_.get(), name.c_str(), sql.c_str(), 0, nullptr) != 0);
}

Result Connection::execute(const std::string& name, const std::vector<const char*>& values,
                           const std::vector<int>& sizes) {
  const std::vector<int> binary(values.size(), 1);
  Result result = answer(PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()),
                                             values.data(), sizes.data(), binary.data(), 1) != 0);
  const std::string_view rows = PQcmdTuples(result.get());
  changes_ = rows.empty() ? 0 : std::stoll(std::string(rows));
  return result;
}

sql::Statement& Connection::statement(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second;
  const std::string name = fmt::format("s{}", statements_.size());
  prepare(name, numbered(sql));
  return statements_.try_emplace(sql, *this, name).first->second;
}

void Connection::begin(Kind kind, const Deadline& deadline) {
  constexpr const char* of_kind[] = {"REPEATABLE READ READ ONLY", "SERIALIZABLE READ WRITE",
                                     "READ COMMITTED READ WRITE"};
  // A time of 0 would mean for ever.
  const auto left = std::max(deadline.left(), std::chrono::milliseconds(1));
  patience_ = std::chrono::steady_clock::now() + left + statement_work + answer_grace;
  // The last: a scheduler whose machine vanished must not keep its locks.
  run(
      fmt::format("BEGIN ISOLATION LEVEL {}; SET LOCAL lock_timeout = {}; SET LOCAL statement_timeout = {};"
                  "SET LOCAL idle_in_transaction_session_timeout = {}",
                  of_kind[static_cast<int>(kind)], left.count(),
                  (left + std::chrono::milliseconds(statement_work)).count(), kind == Kind::read ? 0 : 60'000));
}

void Connection::commit() {
  const Result result = answer(PQsendQuery(connection_.get(), "COMMIT") != 0);
  // A transaction in which something failed is rolled back by COMMIT, without an error.
  if (std::string_view(PQcmdStatus(result.get())) == "COMMIT") return;
  throw Failure(Failure::Kind::final, location_, "a change that had failed was to be saved", "other");
}

void Connection::commit_write() {
  ++commits_;
  run(
      fmt::format("INSERT INTO writers(id, commits) VALUES('{}', {}) "
                  "ON CONFLICT(id) DO UPDATE SET commits = excluded.commits, at = now(); COMMIT",
                  writer_, commits_));
}

bool Connection::committed(const Mark& mark, const Deadline& deadline) {
  begin(Kind::schema, deadline);
  // Not a SELECT: it would neither wait for a row that is being inserted, nor keep a commit that is still on its way to
  // the server from being made later. That one finds a row changed after its snapshot, and fails.
  sql::Query row(*this,
                 "INSERT INTO writers(id, commits) VALUES(?, 0) "
                 "ON CONFLICT(id) DO UPDATE SET at = now() RETURNING commits",
                 mark.writer);
  const bool found = row.step() && row.integer(0) == mark.number;
  commit();
  return found;
}

bool Connection::settle() noexcept {
  if (PQstatus(connection_.get()) != CONNECTION_OK) return false;
  const PGTransactionStatusType status = PQtransactionStatus(connection_.get());
  if (status == PQTRANS_IDLE) return true;
  if (status != PQTRANS_INTRANS && status != PQTRANS_INERROR) return false;
  try {
    run("ROLLBACK");
  } catch (...) {  // the server ends it with the connection
    return false;
  }
  return true;
}

void Connection::close_inherited() noexcept {
  // PQfinish() says good-bye: into the void, not to the server that the parent goes on talking to.
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere < 0 || ::dup2(nowhere, PQsocket(connection_.get())) < 0) static_cast<void>(connection_.release());
  if (nowhere >= 0) ::close(nowhere);
  statements_.clear();
  connection_.reset();
}

}  // namespace jobmedic::postgresql
