// What a store says when it cannot be opened, read or written, and that nothing is lost then.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "jobmedic/store.hpp"
#include "process.hpp"
#include "scratch.hpp"

using namespace jobmedic;
namespace fs = std::filesystem;

namespace {

std::string refusal(const std::string& url, const StoreOptions& options = {}) {
  return message_of([&] { return Store::open(url, options); });
}

// A store with a page or more of attempts, closed.
void fill(const Scratch& scratch, int count = 300) {
  const auto store = Store::open(scratch.url());
  std::vector<Attempt> history;
  for (int i = 0; i < count; ++i) {
    history.push_back(attempt_of("j", i));
    history.back().plan = std::string(2000, 'p');
  }
  store->record_all(history);
}

void overwrite(const fs::path& file, std::streamoff at, const std::string& bytes) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(at);
  out << bytes;
}

}  // namespace

TEST_CASE("an unknown kind of store and a missing path are refused") {
  CHECK(refusal("mysql:x") == "store \"mysql:x\": unknown kind; use sqlite:PATH or postgresql://[USER@]HOST/DATABASE");
  CHECK(refusal("") == "store \"\": unknown kind; use sqlite:PATH or postgresql://[USER@]HOST/DATABASE");
  CHECK(refusal("sqlite") == "store \"sqlite\": unknown kind; use sqlite:PATH or postgresql://[USER@]HOST/DATABASE");
  CHECK(refusal("sqlite:") == "store \"sqlite:\": no path; use sqlite:PATH");
}

TEST_CASE("a path is a path, not a memory database or an URI", "[sqlite]") {
  const Scratch scratch;
  const fs::path before = fs::current_path();
  fs::current_path(scratch.path(""));
  Store::open("sqlite::memory:")->record(attempt_of("j"));
  Store::open("sqlite:file:x?mode=memory")->record(attempt_of("j"));
  fs::current_path(before);
  CHECK(fs::exists(scratch.path(":memory:")));
  CHECK(fs::exists(scratch.path("file:x?mode=memory")));
}

TEST_CASE("an open store stays with its file where the process changes its folder", "[sqlite]") {
  const Scratch scratch;
  const fs::path before = fs::current_path();
  fs::current_path(scratch.path(""));
  const auto store = Store::open("sqlite:here.db");
  fs::current_path(before);
  store->record(attempt_of("j"));
  store->each_attempt([&](const Attempt&) { CHECK(store->attempt_count() == 1); });
  CHECK_FALSE(fs::exists("here.db"));
}

TEST_CASE("a store that does not exist is made only where that was asked for", "[sqlite]") {
  const Scratch scratch;
  StoreOptions existing;
  existing.create = false;
  CHECK(refusal(scratch.url(), existing) == "store " + scratch.url() + ": cannot be opened: No such file or directory");
  CHECK_FALSE(fs::exists(scratch.path()));
  CHECK(refusal(scratch.url("no/folder.db")).find("cannot be opened: No such file or directory") != std::string::npos);
}

TEST_CASE("a store of a newer schema is refused with the way out", "[sqlite]") {
  const Scratch scratch;
  fill(scratch, 1);
  const std::string known = sql(scratch.path(), "PRAGMA user_version");
  sql(scratch.path(), "PRAGMA user_version = 99");
  CHECK(refusal(scratch.url()) == "store " + scratch.url() + " is from schema 99; this jobmedic 0.1.0 knows up to " +
                                      known + ": upgrade jobmedic");
  CHECK(sql(scratch.path(), "SELECT count(*) FROM attempts") == "1");
}

TEST_CASE("another application's database is refused and left alone", "[sqlite]") {
  const Scratch scratch;
  sql(scratch.path(), "CREATE TABLE theirs(x); INSERT INTO theirs VALUES(7)");
  CHECK(refusal(scratch.url()) ==
        "store " + scratch.url() + ": is another application's database: choose another file");
  CHECK(sql(scratch.path(), "SELECT group_concat(name) FROM sqlite_master") == "theirs");
  CHECK(sql(scratch.path(), "PRAGMA journal_mode") == "delete");
}

TEST_CASE("a file that is no database is refused and left alone", "[sqlite]") {
  const Scratch scratch;
  std::ofstream(scratch.path()) << std::string(5000, 'x');
  CHECK(refusal(scratch.url()) == "store " + scratch.url() + ": is not a SQLite database");
  CHECK(fs::file_size(scratch.path()) == 5000);
  CHECK(refusal("sqlite:" + scratch.path("").string()).find("cannot be opened") != std::string::npos);
}

TEST_CASE("garbage in the middle of a store is an error, and what lies elsewhere can still be read", "[sqlite]") {
  const Scratch scratch;
  fill(scratch);
  const auto size = static_cast<std::streamoff>(fs::file_size(scratch.path()));
  overwrite(scratch.path(), size / 2 / 4096 * 4096, std::string(4096 * 3, '\xA5'));
  const auto store = Store::open(scratch.url());
  const std::string message = message_of([&] {
    store->each_attempt([](const Attempt&) {});
    return 0;
  });
  CHECK(message.find("store " + scratch.url() + ": is damaged") == 0);
  CHECK(message.find(".recover") != std::string::npos);
  CHECK(store->attempt("j", "r1", 0));
}

TEST_CASE("a truncated store is an error wherever it was cut", "[sqlite]") {
  for (const double part : {0.002, 0.1, 0.5, 0.9, 0.999}) {
    const Scratch scratch;
    fill(scratch);
    fs::resize_file(scratch.path(),
                    static_cast<std::uintmax_t>(static_cast<double>(fs::file_size(scratch.path())) * part));
    const std::string message = message_of([&] {
      Store::open(scratch.url())->each_attempt([](const Attempt&) {});
      return 0;
    });
    CAPTURE(part);
    CHECK(message.find("store " + scratch.url() + ": is ") == 0);
  }
}

TEST_CASE("a locked store is waited for, then reported; reading goes on meanwhile", "[sqlite]") {
  const Scratch scratch;
  fill(scratch, 3);
  StoreOptions options;
  options.busy_timeout = std::chrono::milliseconds(150);
  const auto store = Store::open(scratch.url(), options);
  Process other({scratch.url(), "hold"});
  REQUIRE(other.line() == "held");
  CHECK(message_of([&] { return store->record(attempt_of("k")); }) ==
        "store " + scratch.url() + ": locked by another process for 150 ms");
  CHECK(store->attempt_count() == 3);
  CHECK(Store::open(scratch.url(), options)->attempt_count() == 3);
  other.close_input();
  other.exit_code();
  CHECK(store->record(attempt_of("k")));
}

TEST_CASE("a store opened for reading answers and refuses to write", "[sqlite]") {
  const Scratch scratch;
  fill(scratch, 3);
  StoreOptions reading;
  reading.read_only = true;
  const auto store = Store::open(scratch.url(), reading);
  CHECK(store->attempt_count() == 3);
  CHECK(message_of([&] { return store->record(attempt_of("k")); }) ==
        "store " + scratch.url() + ": was opened for reading only");
  Store::open(scratch.url())->record(attempt_of("k"));
  CHECK(store->attempt_count() == 4);
}

TEST_CASE("a read-only file or folder still answers, and says that it cannot be written", "[sqlite]") {
  const fs::perms reading = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
  const fs::perms entering = reading | fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  const auto check = [](const Scratch& scratch) {
    CHECK(run_process({"--nobody", scratch.url(), "count"}) == "3\n");
    CHECK(run_process({"--nobody", scratch.url(), "write", "k"}) ==
          "error: store " + scratch.url() + ": cannot be written: the file or its folder is read-only\n");
  };
  SECTION("the file") {
    const Scratch scratch;
    fs::permissions(scratch.path(""), fs::perms::all);
    fill(scratch, 3);
    fs::permissions(scratch.path(), reading);
    check(scratch);
  }
  SECTION("the folder") {
    const Scratch scratch;
    fill(scratch, 3);
    fs::permissions(scratch.path(), fs::perms::all & ~fs::perms::others_exec);
    fs::permissions(scratch.path(""), entering);
    check(scratch);
  }
  SECTION("both") {
    const Scratch scratch;
    fill(scratch, 3);
    fs::permissions(scratch.path(), reading);
    fs::permissions(scratch.path(""), entering);
    check(scratch);
  }
  SECTION("both, while its owner has it open and writes") {
    const Scratch scratch;
    fs::permissions(scratch.path(""), entering | fs::perms::owner_write);
    const auto owner = Store::open(scratch.url());
    for (int i = 0; i < 3; ++i) owner->record(attempt_of("j", i));
    fs::permissions(scratch.path(), reading | fs::perms::owner_write);
    check(scratch);
  }
}

TEST_CASE("what does not fit on the disk is reported, and what was acknowledged is kept", "[sqlite]") {
  const Scratch scratch;
  fill(scratch, 3);
  SECTION("a limit on file sizes") {
    Process writer({"--largest-file", "300000", scratch.url(), "write", "k"});
    std::string last = writer.line();
    std::size_t acknowledged = 3;
    for (; last.find("error") != 0 && !last.empty(); last = writer.line()) ++acknowledged;
    CHECK(last.find("error: store " + scratch.url() + ": ") == 0);
    writer.exit_code();
    CHECK(acknowledged > 3);
    CHECK(Store::open(scratch.url())->attempt_count() == acknowledged);
  }
  SECTION("a full disk") {
    fs::create_directory(scratch.path("small"));
    Process writer({"--small-disk", scratch.path("small").string(), scratch.url("small/s.db"), "fill", "k"});
    std::string last = writer.line();
    if (last == "no small disk") return;  // mounting is not permitted here
    std::size_t acknowledged = 0;
    for (; last.find("error") != 0 && !last.empty(); last = writer.line()) ++acknowledged;
    CHECK(last == "error: store " + scratch.url("small/s.db") +
                      ": the disk is full: this change was not saved, everything before it was; free some space");
    CHECK(acknowledged > 20);
    CHECK(writer.line() == "kept " + std::to_string(acknowledged));
  }
}
