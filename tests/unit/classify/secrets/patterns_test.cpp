// The shipped patterns against their own examples, and what a person's own patterns may say.
#include "classify/secrets/patterns.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "jobmedic/error.hpp"
#include "jobmedic/secrets.hpp"
#include "test_data.hpp"

using namespace jobmedic;

TEST_CASE("every shipped pattern masks its examples and leaves its near misses alone") {
  const SecretMask mask;
  const auto patterns = secrets::shipped_patterns();
  REQUIRE(patterns.examples.size() == patterns.settings.size() + patterns.shapes.size());
  for (const auto& pattern : patterns.examples) {
    CAPTURE(pattern.name);
    CHECK_FALSE(pattern.matches.empty());
    CHECK_FALSE(pattern.ignores.empty());
    for (const std::string& line : pattern.matches) {
      CAPTURE(line);
      const auto found = mask.find(line);
      CHECK(std::any_of(found.begin(), found.end(), [&](const SecretSpan& span) { return span.what == pattern.name; }));
    }
    for (const std::string& line : pattern.ignores) CHECK(mask.mask(line) == line);
  }
}

TEST_CASE("every shipped regex compiles, and every start is needed") {
  const auto patterns = secrets::shipped_patterns();
  for (const auto& shape : patterns.shapes) CHECK_FALSE(shape.starts.empty());
  // Reading them as a user's file compiles each.
  std::ifstream file("src/classify/secrets/secrets.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK_NOTHROW(secrets::parse_patterns(text, "secrets.json"));
}

TEST_CASE("the name and everything around a secret stay readable, and its length is not told") {
  const SecretMask mask;
  CHECK(mask.mask("connect(user=etl, password=a, url=x)") == "connect(user=etl, password=****, url=x)");
  CHECK(mask.mask("password=abcdefghijklmnopqrstuvwxyz; retry") == "password=****; retry");
  CHECK(mask.mask("password=pa,ss;w)o\"rd next") == "password=**** next");
  CHECK(mask.mask(R"(conf {\"db.password\":\"a b\",\"x\":1})") == R"(conf {\"db.password\":\"****\",\"x\":1})");
  CHECK(mask.mask("https://etl:hunter2@repo/x.whl") == "https://etl:****@repo/x.whl");
  CHECK(mask.mask("id AKIAIOSFODNN7EXAMPLE.") == "id AKIA****.");
}

TEST_CASE("what only looks like a secret is evidence and stays") {
  const SecretMask mask;
  for (const char* line : {
           "e00417d0c1b5f3a9d8e7c6b5a4f3e2d1c0b9a8f7 One random generator for the model and the optimizer",
           "Application application_1700000000000_0042 failed 2 times due to AM Container for "
           "appattempt_1700000000000_0042_000002",
           "attempt_202611210312_0001_m_000003_0: 9f86d081-884c-7d65-9a2f-eaa0c55ad015",
           "part-00017-9f86d081-884c-7d65-9a2f-eaa0c55ad015-c000.snappy.parquet is not a Parquet file",
           "tokens=512",
           "token count 512",
           "prompt has 8212 tokens, the limit is 8192",
           "org.apache.hadoop.security.token.SecretManager$InvalidToken: token (HDFS_DELEGATION_TOKEN token 42 for "
           "etl) is expired",
           "[PARSE_SYNTAX_ERROR] Syntax error at or near 'FROM'. SQLSTATE: 42601",
           "TASK_0042 container_e17_1700000000000_0042_01_000003 on host: node-17.internal. Exit status: 137.",
           "java.lang.OutOfMemoryError: Java heap space",
           "s3a://bucket/warehouse/key=2026-11-21/part-0.parquet",
           "md5 d41d8cd98f00b204e9800998ecf8427e sha256 "
           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
           "at com.acme.security.PasswordEncoder.encode(PasswordEncoder.java:42)",
           "spark.kubernetes.driver.secretKeyRef.DB_PASSWORD=db-credentials:password",
           "kubernetes.io/service-account-token",
           "User etl does not have permission to access secret 'db'",
           "java.security.UnrecoverableKeyException: Password verification failed",
           "mysqld: Access denied for user 'x'@'y' (using password: NO)",
           "Enter password:",
           "Authorization: Bearer",
       }) {
    CHECK(mask.mask(line) == line);
  }
}

TEST_CASE("a person's own patterns join the shipped ones") {
  const SecretMask mask = SecretMask().with(R"({"schema": "jobmedic.secrets/1",
      "settings": [{"name": "pin", "keys": ["*badge?pin"]}],
      "shapes": [{"name": "acme", "starts": ["ACME-"], "then": "[0-9]{8}"}, {"name": "old", "starts": ["acmeold"], "flags": "i", "then": "x+"}]})");
  CHECK(mask.mask("ACME-12345678 badge_pin=42 password=x ACMEOLDxxx acme-12345678") ==
        "ACME-**** badge_pin=**** password=**** ACMEOLD**** acme-12345678");
  CHECK(SecretMask().mask("ACME-12345678") == "ACME-12345678");
}

TEST_CASE("without patterns nothing is masked, and a person's own work alone") {
  CHECK(SecretMask::none().mask("password=x") == "password=x");
  CHECK_FALSE(SecretMask::none().masks_anything());
  const auto own = SecretMask::none().with(
      R"({"schema": "jobmedic.secrets/1", "shapes": [{"name": "acme", "starts": ["ACME-"], "then": "[0-9]{8}"}]})");
  CHECK(own.mask("ACME-12345678 password=x") == "ACME-**** password=x");
}

TEST_CASE("a bad pattern is named with its file and place") {
  const auto problem = [](std::string_view json) -> std::string {
    try {
      static_cast<void>(SecretMask().with(json, "mine.json"));
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(problem(R"({"schema": "jobmedic.secrets/1", "shapes": [{"name": "a", "starts": ["abc"], "then": "x(y"}]})") ==
        "mine.json: /shapes/0/then: column 4: missing closing parenthesis");
  CHECK(problem(R"({"schema": "jobmedic.secrets/1", "settings": [{"name": "a", "keys": ["*"]}]})") ==
        "mine.json: /settings/0/keys/0: \"*\" needs 2 plain characters in a row");
  CHECK(problem(R"({"schema": "jobmedic.secrets/1", "shapes": [{"name": "a", "starts": ["abc"]}]})") ==
        "mine.json: /shapes/0/then: is missing");
  CHECK(problem(R"({"schema": "jobmedic.rules/1"})") ==
        "mine.json: /schema: expected \"jobmedic.secrets/1\", found \"jobmedic.rules/1\"");
  CHECK(problem("{") != "");
}
