// Texts that speak of failures and are no logs.
#include "classify/document.hpp"

#include <catch2/catch.hpp>

#include "classify_helpers.hpp"

using namespace jobmedic;

namespace {

bool is_document(const std::string& text) {
  classify::RegexWorkspace workspace;
  return classify::is_document(text, workspace);
}

const std::string manual =
    "# Troubleshooting\n\n## java.lang.OutOfMemoryError: Java heap space\nRaise the heap.\n\n## No space left on "
    "device\n"
    "Free some.\n";
const std::string code =
    "import time\n\ndef load(path):\n    try:\n        return read(path)\n    except OSError as error:\n"
    "        raise LoadError(\"No space left on device\") from error\n";
const std::string query =
    "-- errors by kind\nSELECT host, count(*)\nFROM logs\nWHERE message LIKE '%No space left on device%'\n"
    "GROUP BY host;\n";
const std::string table =
    "+---+-----------------------------------+\n| id| message                           |\n"
    "+---+-----------------------------------+\n| 1 | java.lang.OutOfMemoryError: Java heap space |\n| 2 | No space "
    "left on device |\n";
const std::string crash = "java.lang.OutOfMemoryError: Java heap space\n\tat com.acme.A.main(A.java:3)\n";

Classification shipped_verdict(const std::string& name, const std::string& text,
                               std::optional<std::int64_t> exit_code = std::nullopt) {
  static const Classifier classifier = uncached(RuleSet::shipped());
  Attempt attempt;
  if (exit_code) attempt.outcome.emplace().exit_code = exit_code;
  const std::vector<Log> logs{{name, text}};
  Scan scan = classifier.scan(&attempt);
  for (const char& byte : text) scan.feed(name, std::string_view(&byte, 1));
  Classification whole = classifier.classify(logs, &attempt);
  CHECK(scan.result().to_json() == whole.to_json());
  return whole;
}

}  // namespace

TEST_CASE("code, queries, manuals and tables are documents, whatever they say of failures") {
  for (const std::string& text : {manual, code, query, table}) {
    INFO(text);
    CHECK(is_document(text));
    CHECK_FALSE(shipped_verdict("notes.log", text).classified);
    CHECK_FALSE(shipped_verdict("", text).classified);
  }
}

TEST_CASE("a log that prints a document is none: it begins, goes on or ends with lines of a log") {
  CHECK_FALSE(is_document(crash + code));
  CHECK_FALSE(is_document(code + crash + "Exception in thread \"main\" java.lang.OutOfMemoryError\n"));
  CHECK_FALSE(is_document("2025-05-01 01:00:00 INFO start\n" + table));
  std::string log = code;
  for (int i = 0; i < 4; ++i) log += "2025-05-01 01:00:00 ERROR disk full\n";
  CHECK_FALSE(is_document(log + code));
  CHECK_FALSE(is_document("ERROR: disk full\n"));
  CHECK_FALSE(is_document(""));
  CHECK_FALSE(is_document("\n\n \n"));
}

TEST_CASE("a text longer than a document is a log, without a look at its lines") {
  std::string text;
  while (text.size() <= classify::longest_document) text += code;
  CHECK_FALSE(is_document(text));
}

TEST_CASE("what only the death of a job prints counts in a document, too") {
  const std::string died = code + "Exception in thread \"main\" " + crash;
  CHECK(shipped_verdict("notes.log", died + code + code).classified);
}

TEST_CASE("of a job that is known to have failed every text is its log") {
  CHECK(shipped_verdict("notes.log", manual, 1).classified);
}

TEST_CASE("a log whose last words tell of success is not that of a failure, unless the exit code says so") {
  const std::string caught =
      "java.net.SocketTimeoutException: Read timed out\n\tat com.acme.Rates.load(Rates.java:4)\n";
  CHECK(shipped_verdict("app.log", caught).classified);
  CHECK_FALSE(shipped_verdict("app.log", caught + "31 tables loaded, exiting\n").classified);
  CHECK_FALSE(shipped_verdict("app.log", caught + "all green\n\n").classified);
  CHECK(shipped_verdict("app.log", caught + "0 tables loaded, 31 failed\n").classified);
  CHECK(shipped_verdict("app.log", "31 tables loaded, exiting\n" + caught).classified);
  CHECK(shipped_verdict("driver.stdout", "Exception in thread \"main\" " + caught + "all green\n", 1).classified);
}
