// What is refused of a postgresql:// URL before any server is asked; and no password is repeated.
#include <catch2/catch.hpp>

#include "jobmedic/store.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {

std::string refusal(const std::string& url) {
  return message_of([&] { return Store::open(url); });
}

}  // namespace

TEST_CASE("a password in a URL is refused, wherever it stands, and not repeated") {
  for (const char* url :
       {"postgresql://ana:hunter2@db/jobmedic", "postgres://ana:hunter2@db/jobmedic",
        "postgresql://ana:hunter2@[::1]:5432/jobmedic", "postgresql://ana:hun/ter2@db/jobmedic",
        "postgresql://ana:h@hunter2?@db", "postgresql://:hunter2@", "postgresql:///jobmedic?password=hunter2",
        "postgresql:///jobmedic?user=ana&%70assword=hunter2", "postgresql:///jobmedic?sslpassword=hunter2"}) {
    INFO(url);
    const std::string message = refusal(url);
    CHECK(message.find("a password does not belong in the URL") != std::string::npos);
    CHECK(message.find("PGPASSWORD") != std::string::npos);
    CHECK(message.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a URL of another kind is not repeated where it may hold a password") {
  CHECK(refusal("mysql://ana:hunter2@db/x").find("hunter2") == std::string::npos);
  CHECK(refusal("postgresql:ana:hunter2@db/x").find("hunter2") == std::string::npos);
}

#ifdef JOBMEDIC_LIBPQ
TEST_CASE("a malformed postgresql URL is refused with the forms that are understood") {
  for (const char* url :
       {"postgresql://[::1/db", "postgresql:///db?nonsense=1", "postgresql://%zz/db", "postgresql:///db?host=%00"}) {
    INFO(url);
    CHECK(refusal(url).find("store: the URL is malformed: write postgresql://[USER@]HOST[:PORT]/DATABASE") == 0);
  }
}

TEST_CASE("a server that is not there is told at once, with its address") {
  const Scratch scratch;
  const std::string url = "postgresql:///db?host=" + scratch.path("").string();
  const std::string message = refusal(url);
  CHECK(message.find("store " + url + ": connection to server on socket") == 0);
  CHECK(message.find('\n') == std::string::npos);
}
#else
TEST_CASE("without libpq a postgresql URL is refused with what is missing") {
  CHECK(refusal("postgresql://db/jobmedic").find("store postgresql://db/jobmedic: this jobmedic was built without") ==
        0);
}
#endif
